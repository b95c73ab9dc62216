/// A class of the target: its name, and the values of the column that belong to it.
public struct ClassRule: Codable, Hashable, Sendable, CustomStringConvertible {
  public let name: String
  /// The values; `nil` for all that belong to no other class.
  public let values: [String]?

  public init(name: String, values: [String]?) {
    self.name = name
    self.values = values
  }

  /// The rule as on the command line, such as `Gold=Ideal,Premium` or `Silver=*`.
  public var description: String { name + "=" + (values?.joined(separator: ",") ?? "*") }

  /// Reads `Gold=Ideal,Premium` or `Silver=*`.
  public init(parsing text: String) throws(DatasetError) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex,
      text.index(after: equals) != text.endIndex
    else {
      throw DatasetError(
        .badRequest,
        "expected a class as NAME=VALUE,VALUE or NAME=* for all others, found \"\(text)\"")
    }
    let list = text[text.index(after: equals)...]
    self.init(
      name: String(text[..<equals]),
      values: list == "*"
        ? nil : list.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
  }
}

/// How a column becomes the classes to predict.
public struct TargetRule: Codable, Hashable, Sendable {
  public let column: String
  /// The classes; empty if the column's own values are the classes.
  public let classes: [ClassRule]
  /// Whether a value that no row has is an error, since it may be misspelt.
  public let everyValueOccurs: Bool

  /// The most classes that a column may have. With more it is likely to be a number, and every row would have a
  /// probability for each.
  public static let largestClassCount = 1000

  public init(column: String, classes: [ClassRule], everyValueOccurs: Bool = true) {
    self.column = column
    self.classes = classes
    self.everyValueOccurs = everyValueOccurs
  }

  private enum CodingKeys: String, CodingKey {
    case column, classes
    case everyValueOccurs = "every_value_occurs"
  }

  /// Refuses classes that share a value.
  public func validate() throws(DatasetError) {
    var taken: Set<[UInt8]> = []
    for value in classes.flatMap({ $0.values ?? [] })
    where !taken.insert(Array(value.utf8)).inserted {
      throw DatasetError(.badRequest, "expected each value in one class, found \"\(value)\" twice")
    }
    guard classes.count(where: { $0.values == nil }) < 2 else {
      throw DatasetError(.badRequest, "expected one class NAME=* at most")
    }
  }

  /// The cut of a diamond: Gold for Ideal, Premium and Very Good, Silver for the others.
  public static let diamonds = TargetRule(
    column: "cut",
    classes: [
      ClassRule(name: "Gold", values: ["Ideal", "Premium", "Very Good"]),
      ClassRule(name: "Silver", values: nil),
    ],
    everyValueOccurs: false)

  /// The encoder of the classes and each row's class.
  func labels(of table: CSVTable) throws(DatasetError) -> (encoder: LabelEncoder, labels: [Int]) {
    guard let column = table.column(named: column) else {
      throw unknownColumn(self.column, of: table)
    }
    if let line = column.firstEmptyLine {
      throw DatasetError(
        .badData,
        "\(table.fileName):\(line): column \"\(column.name)\": expected a class, found an empty cell"
      )
    }
    try validate()
    try checkValues(of: column, table)
    let names = try column.words.enumerated().map { number, word throws(DatasetError) in
      try className(
        of: word, table,
        line: {
          table.line(ofRow: column.wordNumbers.firstIndex(of: Int32(number)) ?? 0)
        })
    }
    let encoder = Self.encoder(of: names, byValue: classes.isEmpty)
    guard encoder.classes.count > 1 else {
      throw DatasetError(
        .badData,
        "\(table.fileName): column \"\(column.name)\": expected at least two classes, found only "
          + "\"\(encoder.classes[0])\"")
    }
    guard encoder.classes.count <= Self.largestClassCount else {
      throw DatasetError(
        .badData,
        "\(table.fileName): column \"\(column.name)\": expected at most \(Self.largestClassCount) "
          + "classes, found \(encoder.classes.count); group values with --classes, or choose "
          + "another --target")
    }
    let codes = names.map { encoder.code(of: $0) ?? 0 }
    return (encoder, column.wordNumbers.map { codes[Int($0)] })
  }

  private func checkValues(of column: CSVColumn, _ table: CSVTable) throws(DatasetError) {
    guard everyValueOccurs else { return }
    let words = Set(column.words.map { Array($0.utf8) })
    for value in classes.flatMap({ $0.values ?? [] }) where !words.contains(Array(value.utf8)) {
      throw DatasetError(
        .badRequest,
        "\(table.fileName): column \"\(column.name)\": expected the value \"\(value)\" of --classes, "
          + "found only "
          + column.words.prefix(20).sorted().map { "\"\($0)\"" }.joined(separator: ", ")
          + (column.words.count > 20 ? " and others" : ""))
    }
  }

  private func className(
    of word: String, _ table: CSVTable, line: () -> Int
  ) throws(DatasetError) -> String {
    if classes.isEmpty { return word }
    let rule =
      classes.first {
        $0.values?.contains { $0.unicodeScalars.elementsEqual(word.unicodeScalars) } == true
      }
      ?? classes.first { $0.values == nil }
    guard let rule else {
      throw DatasetError(
        .badData,
        "\(table.fileName):\(line()): column \"\(column)\": expected a value of one of the classes, "
          + "found \"\(word)\"; name it in --classes, or give one class NAME=*")
    }
    return rule.name
  }

  /// Classes in the order of Unicode scalars, or by value where all are whole numbers.
  private static func encoder(of names: [String], byValue: Bool) -> LabelEncoder {
    let encoder = LabelEncoder(fitting: names)
    let numbers = encoder.classes.compactMap(wholeNumber)
    guard byValue, numbers.count == encoder.classes.count else { return encoder }
    let order = numbers.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
    return LabelEncoder(ordered: order.map { encoder.classes[$0] })
  }
}

/// The whole number in a word, `10` or `10.0`.
private func wholeNumber(_ word: String) -> Double? {
  guard let number = DecimalNumber.value(of: word), number == number.rounded() else { return nil }
  return number
}

/// The error for a column that the table does not have.
func unknownColumn(_ name: String, of table: CSVTable) -> DatasetError {
  DatasetError(
    .badRequest,
    "\(table.fileName): expected a column \"\(name)\", found "
      + table.columnNames.map { "\"\($0)\"" }.joined(separator: ", "))
}
