import Support

/// Columns of names that are numbers with a unit, or measurements.
enum NumberNameCheck {
  /// Fewer are a list of sizes or grades.
  private static let leastWords = 10

  @Sendable static func findings(in table: ExaminedTable) -> [DataFinding] {
    let found = table.columns.filter { column in
      guard let words = column.words, words.count >= leastWords else { return false }
      return areNumbers(words)
    }.map(\.name)
    guard !found.isEmpty else { return [] }
    return [
      DataFinding(
        .numbersAsNames, .warning, columns: found,
        found:
          "\(columnList(found)) \(found.count == 1 ? "has" : "have") numbers that are taken as names",
        meaning:
          "Names are ordered as text, 10 before 9, so models do not see which number is larger, and a "
          + "number that is not in the table cannot be predicted with.",
        advice: "write plain numbers into the table, without units or signs")
    ]
  }

  /// Whether nine of ten words are a number with the same words and signs around it. Whole numbers alone are
  /// no such: they were named with `--categorical`, as codes are.
  private static func areNumbers(_ words: [String]) -> Bool {
    var counts: [String: Int] = [:]
    var fractions = 0
    for word in words {
      guard let shape = shape(of: word) else { continue }
      counts[shape.text, default: 0] += 1
      if shape.text.isEmpty, shape.hasFraction { fractions += 1 }
    }
    guard let (text, count) = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
      count * 10 >= words.count * 9
    else { return false }
    return !text.isEmpty || fractions * 10 >= count
  }

  /// What stands around the only number of a word, which begins with it but for a sign of comparison or
  /// currency.
  private static func shape(of word: String) -> (text: String, hasFraction: Bool)? {
    var text = ""
    var rest = word.unicodeScalars[...]
    while let first = rest.first, isSign(first) {
      if !"+- ".unicodeScalars.contains(first) { text.unicodeScalars.append(first) }
      rest.removeFirst()
    }
    let number = rest.prefix { ("0"..."9").contains($0) || $0 == "." || $0 == "," }
    guard number.first.map({ ("0"..."9").contains($0) }) == true else { return nil }
    rest = rest.dropFirst(number.count)
    guard !rest.contains(where: { ("0"..."9").contains($0) }) else { return nil }
    text.unicodeScalars.append(contentsOf: rest)
    return (text, number.contains { $0 == "." || $0 == "," })
  }

  private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .currencySymbol
      || "+-−<>≤≥~ ".unicodeScalars.contains(scalar)
  }
}

/// Columns of a few whole numbers that look like codes: by the column's name, or by the form of the numbers.
enum CodeCheck {
  private static let fewest = 3
  private static let most = 20
  private static let rowsPerValue = 10

  @Sendable static func findings(in table: ExaminedTable) -> [DataFinding] {
    let names = table.columns.filter(looksLikeCodes).map(\.name)
    guard !names.isEmpty else { return [] }
    return [
      DataFinding(
        .codedNumbers, .note, columns: names,
        found:
          "\(columnList(names)) \(names.count == 1 ? "has" : "have") a few whole numbers that look like "
          + "codes",
        meaning:
          "Models take them for amounts, with others between them, and predict with a code that no row "
          + "has.",
        advice:
          "if they are codes, take them as names with \(options("--categorical", names)), which "
          + "refuses unknown ones")
    ]
  }

  private static func looksLikeCodes(_ column: ExaminedTable.Column) -> Bool {
    guard column.words == nil else { return false }
    var counts: [Double: Int] = [:]
    for value in column.values where !value.isNaN {
      guard value == value.rounded(), value >= 0, value < 1e9 else { return false }
      counts[value, default: 0] += 1
      if counts.count > most { return false }
    }
    guard counts.count >= fewest, counts.values.reduce(0, +) >= rowsPerValue * counts.count
    else { return false }
    return NameWords.mean(kinds: column.name) || haveFormOfCodes(counts)
  }

  /// Whether all numbers have the same three digits or more, with gaps, as 101, 102, 231.
  ///
  /// Years are no codes, nor are multiples of five, as doses are; what was measured at planned times has
  /// equally many rows for each time.
  private static func haveFormOfCodes(_ counts: [Double: Int]) -> Bool {
    let values = counts.keys.sorted().map { Int($0) }
    let (low, high) = (values[0], values[values.count - 1])
    guard low >= 100, "\(low)".count == "\(high)".count, high - low >= 2 * values.count
    else { return false }
    return !(1000...2100 ~= low && high <= 2100) && !values.allSatisfy { $0 % 5 == 0 }
      && Set(counts.values).count > 1
  }
}
