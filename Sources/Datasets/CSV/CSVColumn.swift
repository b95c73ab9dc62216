/// One column of a table.
struct CSVColumn: Sendable {
  let name: String
  /// Whether it is read as words even if its cells are numbers.
  let isForcedText: Bool
  var isNumeric: Bool
  /// NaN for a missing one.
  var numbers: [Double] = []
  /// The distinct words in the order of their first occurrence, and each row's index among them; −1 for a
  /// number in a column of both.
  var words: [String] = []
  var wordNumbers: [Int32] = []
  /// Whether each word means a missing value; empty if none does.
  var isMissingWord: [Bool] = []
  /// How many cells are missing.
  var missingCount = 0
  /// How the first missing number is written, where that was asked for.
  var missingText = ""
  /// The first cell of the rarer kind in a column of both numbers and texts.
  var odd: (line: Int, text: String, expected: String)?
  /// The first number in a form that is not read, where most cells would be numbers.
  var unreadNumber: UnreadNumber?

  func isMissing(word number: Int) -> Bool { !isMissingWord.isEmpty && isMissingWord[number] }

  func isMissing(row: Int) -> Bool {
    if isNumeric { return numbers[row].isNaN }
    return wordNumbers[row] >= 0 && isMissing(word: Int(wordNumbers[row]))
  }

  var firstMissingRow: Int? {
    guard missingCount > 0 else { return nil }
    return (isNumeric ? numbers.indices : wordNumbers.indices).first { isMissing(row: $0) }
  }

  /// The column with some of its rows, and with the words that these have.
  func rows(_ rows: [Int]) -> CSVColumn {
    var column = self
    if isNumeric {
      column.numbers = rows.map { numbers[$0] }
    } else {
      var places = [Int32](repeating: -1, count: words.count)
      (column.words, column.isMissingWord) = ([], [])
      column.wordNumbers = rows.map { row in
        let word = Int(wordNumbers[row])
        guard word >= 0 else { return -1 }
        if places[word] < 0 {
          places[word] = Int32(column.words.count)
          column.words.append(words[word])
          if !isMissingWord.isEmpty { column.isMissingWord.append(isMissingWord[word]) }
        }
        return places[word]
      }
    }
    column.missingCount = rows.indices.count { column.isMissing(row: $0) }
    return column
  }
}

extension CSVTable {
  /// A column's content, row by row.
  public enum Content: Sendable {
    case numbers([Double])
    /// Each word once, and every row's index among them.
    case words([String], rows: [Int32])
  }

  /// A column's content; `nil` if there is no such column.
  public func content(of name: String) -> Content? {
    column(named: name).map {
      $0.isNumeric ? .numbers($0.numbers) : .words($0.words, rows: $0.wordNumbers)
    }
  }
}
