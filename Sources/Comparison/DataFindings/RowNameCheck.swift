/// Columns that name rows: those that count them, and those with a value of its own for each row.
enum RowNameCheck {
  /// With fewer rows, chance makes such columns, too.
  private static let leastRows = 20

  /// All different by chance once in e¹² = 160,000 columns.
  private static let expectedPairs = 12.0

  private enum Kind {
    case counter
    case ascending
    case unique
  }

  @Sendable static func findings(in table: ExaminedTable) -> [DataFinding] {
    guard table.rowCount >= leastRows else { return [] }
    var counters: [String] = []
    var ascending: [String] = []
    var unique: [ExaminedTable.Column] = []
    for column in table.columns {
      switch kind(of: column) {
      case .counter: counters.append(column.name)
      case .ascending: ascending.append(column.name)
      case .unique: unique.append(column)
      case nil: break
      }
    }
    return [
      counterFinding(counters, .severe, "counts the rows", "count the rows"),
      counterFinding(
        ascending, .warning, "has whole numbers that rise or fall with every row",
        "have whole numbers that rise or fall with every row"), uniqueFinding(unique),
    ].compactMap { $0 }
  }

  private static func kind(of column: ExaminedTable.Column) -> Kind? {
    let count = column.values.count
    if let words = column.words { return words.count == count ? .unique : nil }
    var (low, high) = (Double.infinity, -Double.infinity)
    var (rises, falls) = (true, true)
    var last = Double.nan
    for value in column.values {
      // Decimals that are all different are what measuring gives.
      guard value == value.rounded(), abs(value) < 0x1p53 else { return nil }
      (low, high) = (min(low, value), max(high, value))
      if value <= last { rises = false }
      if value >= last { falls = false }
      last = value
    }
    if rises || falls { return high - low == Double(count - 1) ? .counter : .ascending }
    guard isDistinct(column.values) else { return nil }
    // Values that are spread evenly over the range have the fewest pairs of equal ones.
    let pairs = Double(count) * Double(count - 1) / 2
    return pairs / (high - low + 1) >= expectedPairs || NameWords.mean(identity: column.name)
      ? .unique : nil
  }

  /// Whether no two numbers are equal; where many are, that is seen in the first ones.
  private static func isDistinct(_ values: [Double]) -> Bool {
    var seen: Set<Double> = []
    return values.allSatisfy { seen.insert($0).inserted }
  }

  private static func counterFinding(
    _ names: [String], _ severity: DataFinding.Severity, _ one: String, _ several: String
  ) -> DataFinding? {
    guard !names.isEmpty else { return nil }
    return DataFinding(
      .rowCounter, severity, columns: names,
      found: "\(columnList(names)) \(names.count == 1 ? one : several)",
      meaning: "Where a table is sorted, the number of a row says something about its class, and "
        + "new rows have no such number: scores are better than they will ever be again.",
      advice: leaveOut(names))
  }

  private static func uniqueFinding(_ columns: [ExaminedTable.Column]) -> DataFinding? {
    guard !columns.isEmpty else { return nil }
    let names = columns.map(\.name)
    return DataFinding(
      .uniqueColumn, .warning, columns: names,
      found:
        "\(columnList(names)) \(names.count == 1 ? "has" : "have") a value of its own for each row",
      meaning: "Such values name rows: a model can learn them by heart, and new rows have others.",
      advice: leaveOut(names)
        + (columns.contains { $0.words == nil } ? ", unless it is a rank" : ""))
  }
}

/// Columns with one value.
enum ConstantCheck {
  @Sendable static func findings(in table: ExaminedTable) -> [DataFinding] {
    let names = table.columns.filter { column in
      guard let first = column.values.first else { return false }
      return column.values.allSatisfy { $0 == first }
    }.map(\.name)
    guard !names.isEmpty else { return [] }
    return [
      DataFinding(
        .constantColumn, .note, columns: names,
        found:
          "\(columnList(names)) \(names.count == 1 ? "has" : "have") the same value in every row",
        meaning: "No model can learn from it.",
        advice: leaveOut(names) + ", or see why there is no other")
    ]
  }
}

/// What words in a column's name tell of its values.
enum NameWords {
  /// Whether the name says that the values name things.
  static func mean(identity name: String) -> Bool { words(of: name).contains("id") }

  /// Whether the name says that numbers stand for kinds.
  static func mean(kinds name: String) -> Bool {
    let kinds: Set<String> = [
      "id", "code", "zip", "zipcode", "postcode", "type", "category", "region",
    ]
    return !kinds.isDisjoint(with: words(of: name))
  }

  /// The words of a name such as `region_code`, `regionCode` or `Region code`, in small letters.
  private static func words(of name: String) -> [String] {
    var words: [String] = [""]
    var last: Character = " "
    for letter in name {
      if !letter.isLetter && !letter.isNumber || letter.isUppercase && last.isLowercase {
        words.append("")
      }
      if letter.isLetter || letter.isNumber { words[words.count - 1] += letter.lowercased() }
      last = letter
    }
    return words.filter { !$0.isEmpty }
  }
}
