import Support

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
  public var everyValueOccurs: Bool
  /// Which of two classes is the second one, that precision, recall, F1 and costs are about; `nil` for the
  /// one that sorts last.
  public var positive: String?

  /// The most classes that a column may have. With more it is likely to be a number, and every row would have a
  /// probability for each.
  public static let largestClassCount = 1000

  public init(
    column: String, classes: [ClassRule], everyValueOccurs: Bool = true, positive: String? = nil
  ) {
    self.column = column
    self.classes = classes
    self.everyValueOccurs = everyValueOccurs
    self.positive = positive
  }

  private enum CodingKeys: String, CodingKey {
    case column, classes, positive
    case everyValueOccurs = "every_value_occurs"
  }

  /// The values that classes name.
  var namedValues: [String] { classes.flatMap { $0.values ?? [] } }

  /// Refuses classes that share a value.
  public func validate() throws(DatasetError) {
    var taken: Set<[UInt8]> = []
    for value in namedValues
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
  ///
  /// - Parameter takesMeasurements: whether numbers that are not whole may be classes.
  func labels(
    of table: CSVTable, takesMeasurements: Bool
  ) throws(DatasetError) -> (encoder: LabelEncoder, labels: [Int]) {
    guard let column = table.column(named: column) else {
      throw unknownColumn(self.column, of: table)
    }
    try validate()
    try refuseMissing(column, table)
    let kind = TargetValue.Kind(
      of: column.words.filter { !MissingWord.isLabel($0) }, table.decimalMark)
    let values = column.words.map { TargetValue(of: $0, kind) }
    if classes.isEmpty, !takesMeasurements, case .numbers(let mark) = kind {
      try refuseMeasurements(column, mark, table)
    }
    let names: [String]
    if classes.isEmpty {
      // A value is named as it is first written.
      let first = Dictionary(zip(values, column.words)) { first, _ in first }
      names = values.map { first[$0] ?? "" }
    } else {
      names = try classNames(of: column, values, kind, table)
    }
    var encoder = classes.isEmpty ? Self.encoder(of: names, kind) : LabelEncoder(fitting: names)
    try checkCount(of: encoder.classes, table)
    try putPositiveLast(&encoder, table)
    let codes = names.map { encoder.code(of: $0) ?? 0 }
    return (encoder, column.wordNumbers.map { codes[Int($0)] })
  }

  func fail(
    _ table: CSVTable, at place: String? = nil, _ problem: String,
    _ kind: DatasetError.Kind = .badData
  ) -> DatasetError {
    DatasetError(kind, "\(place ?? table.fileName): column \"\(column)\": \(problem)")
  }

  /// Refuses a missing label. A word that a class names is none.
  func refuseMissing(_ column: CSVColumn, _ table: CSVTable) throws(DatasetError) {
    let number = column.words.firstIndex {
      (MissingWord.isLabel($0) || table.missingWords.containsBytes(of: $0))
        && !namedValues.containsBytes(of: $0)
    }
    guard let number else { return }
    let word = column.words[number]
    throw fail(
      table, at: table.place(ofWord: number, in: column),
      word.isEmpty
        ? "expected a class, found an empty cell; drop such rows with --drop-unlabelled"
        : "expected a class, found \"\(word)\", which means a missing value; drop such rows with "
          + "--drop-unlabelled, or name it in --classes if it is a class")
  }

  /// scikit-learn refuses such a target, too.
  private func refuseMeasurements(
    _ column: CSVColumn, _ mark: DecimalMark, _ table: CSVTable
  ) throws(DatasetError) {
    guard
      let number = column.words.firstIndex(where: { TargetValue.isMeasurement($0, mark) })
    else { return }
    throw fail(
      table, at: table.place(ofWord: number, in: column),
      "expected classes, found \"\(column.words[number])\", a measurement; choose another --target, "
        + "list the values of each class with --classes, or make every value a class with "
        + "--categorical \"\(self.column)\"")
  }

  /// The class of each of the column's words by the rules.
  func classNames(
    of column: CSVColumn, _ values: [TargetValue], _ kind: TargetValue.Kind, _ table: CSVTable
  ) throws(DatasetError) -> [String] {
    let known = Set(values)
    var rules: [TargetValue: ClassRule] = [:]
    for rule in classes {
      for word in rule.values ?? [] {
        let value = TargetValue(of: word, kind)
        if everyValueOccurs, !known.contains(value) {
          throw fail(
            table,
            "expected the value \"\(word)\" of --classes, found only "
              + column.words.prefix(20).sorted().map { "\"\($0)\"" }.joined(separator: ", ")
              + (column.words.count > 20 ? " and others" : ""), .badRequest)
        }
        guard rules.updateValue(rule, forKey: value) ?? rule == rule else {
          throw fail(
            table, "expected each value in one class of --classes, found \"\(word)\" twice",
            .badRequest)
        }
      }
    }
    let rest = classes.first { $0.values == nil }
    return try values.enumerated().map { number, value throws(DatasetError) in
      guard let rule = rules[value] ?? rest else {
        throw fail(
          table, at: table.place(ofWord: number, in: column),
          "expected a value of one of the classes, found \"\(column.words[number])\"; name it in "
            + "--classes, or give one class NAME=*")
      }
      return rule.name
    }
  }

  /// With equal probabilities the first class is predicted, so that the order decides such rows, too.
  private func putPositiveLast(
    _ encoder: inout LabelEncoder, _ table: CSVTable
  ) throws(DatasetError) {
    guard let positive else { return }
    let names = encoder.classes
    guard names.containsBytes(of: positive) else {
      throw fail(
        table,
        "expected the class \"\(positive)\" of --positive, found "
          + names.map { "\"\($0)\"" }.listed(limit: 6), .badRequest)
    }
    guard names.count == 2 else {
      throw fail(
        table,
        "--positive needs two classes, found \(names.count), over which precision, recall, F1 and ROC AUC are "
          + "means; join the others with "
          + ShellCommand.text([
            "--classes", "\(positive)=\(positive)", "--classes", "other=*",
          ]), .badRequest)
    }
    if names[0].hasBytes(of: positive) { encoder = LabelEncoder(ordered: names.reversed()) }
  }

  private func checkCount(of classes: [String], _ table: CSVTable) throws(DatasetError) {
    guard classes.count > 1 else {
      throw fail(table, "expected at least two classes, found only \"\(classes[0])\"")
    }
    guard classes.count <= Self.largestClassCount else {
      throw fail(
        table,
        "expected at most \(Self.largestClassCount) classes, found \(classes.count); group values "
          + "with --classes, or choose another --target")
    }
  }

  /// Classes in the order of Unicode scalars; numbers by value, false before true.
  static func encoder(of names: [String], _ kind: TargetValue.Kind) -> LabelEncoder {
    let encoder = LabelEncoder(fitting: names)
    func rank(_ name: String) -> Double {
      switch kind {
      case .numbers(let mark): mark.number(in: name) ?? 0
      case .booleans: TargetValue(of: name, kind) == .truth(true) ? 1 : 0
      case .words: 0
      }
    }
    let ranks = encoder.classes.map(rank)
    let order = ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    return LabelEncoder(ordered: order.map { encoder.classes[$0] })
  }
}

/// The error for a column that the table does not have.
func unknownColumn(_ name: String, of table: CSVTable) -> DatasetError {
  DatasetError(
    .badRequest,
    "\(table.fileName): expected a column \"\(name)\", found "
      + table.columnNames.map { "\"\($0)\"" }.joined(separator: ", ")
      + (table.hasDataAsNames
        ? "; these look like data: read a table without names with --no-header, which calls its columns "
          + "column_1, column_2 and so on" : ""))
}
