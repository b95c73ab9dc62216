/// Words that mean that there is no value.
package enum MissingWord {
  /// Those of pandas, and the question mark of many public tables.
  package static let all = [
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>",
    "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null", "?",
  ]
  private static let words = all.map { Array($0.utf8) }

  /// Whether a label is missing; not a number and infinity are no labels, however they are written.
  static func isLabel(_ word: String) -> Bool {
    contains(word) || DecimalNumber.isNotFinite(word) || isBlank(word.utf8)
  }

  /// Whether it is one of the words that mean a missing value among numbers.
  package static func contains(_ word: String) -> Bool { contains(word.utf8) }

  static func contains(_ word: some Collection<UInt8>) -> Bool {
    words.contains { $0.count == word.count && $0.elementsEqual(word) }
  }

  package static func isBlank(_ word: some Sequence<UInt8>) -> Bool {
    word.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }

  /// Whether a word that is not known as a missing one looks like one, such as `unknown` or `-`.
  static func isLikely(_ word: String) -> Bool {
    // A cell of megabytes, such as one whose quote is missing, would take seconds.
    guard word.utf8.count <= 64 else { return false }
    let likely: Set<String> = [
      "na", "nan", "nil", "none", "null", "missing", "unknown", "undefined", "not available", "nd",
    ]
    let letters = word.lowercased().filter { $0.isLetter || $0 == " " }
    return letters.isEmpty ? !word.contains(where: \.isNumber) : likely.contains(letters)
  }
}

/// Which cells of a table's features are missing.
struct MissingCells: Hashable, Sendable {
  /// Words that mean a missing value in every column.
  let words: [String]
  private let bytes: [[UInt8]]
  /// Those that are numbers, which other cells may write in another way.
  private let numbers: [Double]

  init(_ words: [String], _ decimalMark: DecimalMark) {
    self.words = words
    bytes = words.map { Array($0.utf8) }
    numbers = words.compactMap { decimalMark.number(in: $0) }
  }

  /// Whether a cell is missing in any column.
  func contains(_ cell: some Collection<UInt8>) -> Bool {
    MissingWord.isBlank(cell) || bytes.contains { $0.elementsEqual(cell) }
  }

  /// Whether a cell is missing in a column whose other cells are numbers.
  func containsAmongNumbers(_ cell: some Collection<UInt8>) -> Bool {
    contains(cell) || MissingWord.contains(cell)
  }

  /// Notes which cells of a column that was read are missing.
  func mark(_ column: inout CSVColumn, _ decimalMark: DecimalMark) {
    if column.isNumeric {
      guard !numbers.isEmpty else { return }
      for row in column.numbers.indices where numbers.contains(column.numbers[row]) {
        column.numbers[row] = .nan
        column.missingCount += 1
      }
      return
    }
    var isMissing = column.words.map { contains($0.utf8) }
    let isWord = column.words.map { MissingWord.contains($0) }
    if isWord.contains(true),
      // Numbers that are taken as names.
      zip(column.words, zip(isMissing, isWord)).allSatisfy({
        $1.0 || $1.1 || decimalMark.number(in: $0) != nil
      })
    {
      isMissing = zip(isMissing, isWord).map { $0 || $1 }
    }
    guard isMissing.contains(true) else { return }
    column.isMissingWord = isMissing
    column.missingCount = column.wordNumbers.count { $0 >= 0 && isMissing[Int($0)] }
  }
}
