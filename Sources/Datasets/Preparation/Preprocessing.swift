import LinearAlgebra
import Support

/// Encodes, scales and splits the rows of a table.
public struct Preprocessing: Hashable, Sendable {
  /// The rows that encoders and scaler learn from.
  public enum FittedOn: String, CaseIterable, Codable, Hashable, Sendable {
    /// All rows, before the split, as the original does.
    case all
    /// The training rows only, which keeps the test rows unseen.
    case training
  }

  public var target: TargetRule
  /// Columns that are not features.
  public var dropping: [String]
  /// Columns whose numbers are categories.
  public var categorical: [String]
  public var fittedOn: FittedOn
  public var decimalMark: DecimalMark
  /// Whether rows whose label is missing are dropped.
  public var dropsUnlabelled: Bool

  public init(
    target: TargetRule = .diamonds, dropping: [String] = [], categorical: [String] = [],
    fittedOn: FittedOn = .all, decimalMark: DecimalMark = .point, dropsUnlabelled: Bool = false
  ) {
    self.target = target
    self.dropping = dropping
    self.categorical = categorical
    self.fittedOn = fittedOn
    self.decimalMark = decimalMark
    self.dropsUnlabelled = dropsUnlabelled
  }

  /// How to read the table.
  public var reading: CSVReading {
    CSVReading(
      textColumns: categorical + [target.column], decimalMark: decimalMark,
      labelColumn: dropsUnlabelled ? target.column : nil, labels: target.namedValues)
  }

  /// The table's features.
  private func features(of table: CSVTable) -> [CSVColumn] {
    table.columns.filter {
      !$0.name.hasBytes(of: target.column) && !dropping.containsBytes(of: $0.name)
    }
  }

  /// The features that are read as names.
  public func nameColumns(of table: CSVTable) -> [String] {
    features(of: table).filter { !$0.isNumeric }.map(\.name)
  }

  /// How a table was read, as far as it may surprise: the rows that were dropped, and the columns of names.
  public func notices(on table: CSVTable) -> [String] {
    var notices: [String] = []
    let dropped = table.droppedRowCount
    if dropped > 0 {
      notices.append("Dropped \(dropped) of \(dropped + table.rowCount) rows, which have no label")
    }
    let names = nameColumns(of: table)
    if !names.isEmpty { notices.append("Columns taken as names: \(names.listed())") }
    return notices
  }

  /// Encodes, scales and splits.
  ///
  /// - Parameter threads: how many threads may work; it never changes the result.
  public func prepare(
    _ table: CSVTable, split: TrainTestSplit, threads: Int = 1
  ) throws(DatasetError) -> PreparedData {
    let parts = try split.positions(in: table)
    return try prepare(
      table, training: parts.training, test: parts.test, dividedBy: split, threads: threads)
  }

  /// Encodes and scales rows that are already split.
  ///
  /// - Parameters:
  ///   - split: the description of the split; for a fold, the share of its rows and its seed.
  ///   - advice: the error's advice about a category that the training rows do not have.
  public func prepare(
    _ table: CSVTable, training: [Int], test: [Int], dividedBy split: TrainTestSplit,
    advice: String = "fit on all rows with --fit-preprocessing all, or leave the row out",
    threads: Int = 1
  ) throws(DatasetError) -> PreparedData {
    for name in dropping + categorical + [target.column] where table.column(named: name) == nil {
      throw unknownColumn(name, of: table)
    }
    if dropping.containsBytes(of: target.column) {
      throw DatasetError(
        .badRequest, "column \"\(target.column)\" is the target, it cannot be dropped")
    }
    let features = features(of: table)
    guard !features.isEmpty else {
      throw DatasetError(
        .badData, "\(table.fileName): expected at least one column besides the target")
    }
    for column in features { try check(column, of: table) }
    let (targetEncoder, labels) = try encodedLabels(of: table)
    let fitRows: [Int]? = fittedOn == .training ? training : nil

    var encoders: [(column: String, encoder: LabelEncoder)] = []
    var columns: [[Double]] = []
    for column in features {
      if column.isNumeric {
        columns.append(column.numbers)
      } else {
        let (encoder, codes) = try encode(
          column, of: table, fitRows: fitRows, test: test, advice: advice)
        encoders.append((column.name, encoder))
        columns.append(codes)
      }
    }
    let scaler = StandardScaler(
      fitting: fitRows.map { rows in columns.map { column in rows.map { column[$0] } } } ?? columns,
      threads: threads)
    for (feature, column) in features.enumerated()
    where !scaler.means[feature].isFinite || !scaler.deviations[feature].isFinite {
      throw DatasetError(
        .badData,
        "\(table.fileName): column \"\(column.name)\": expected numbers that can be squared and "
          + "summed, found larger ones; write them in another unit")
    }

    func dataset(_ rows: [Int]) -> Dataset {
      let elements = scaler.scaled(columns, rows: rows, threads: threads)
      return Dataset(
        features: Matrix(rowCount: rows.count, columnCount: columns.count, elements: elements),
        labels: rows.map { labels[$0] }, featureNames: features.map(\.name),
        classNames: targetEncoder.classes, rows: rows)
    }
    return PreparedData(
      training: dataset(training), test: dataset(test), encoders: encoders,
      targetEncoder: targetEncoder, scaler: scaler, columns: columns,
      filePositions: table.filePositions,
      source: PreparedData.Source(
        fileName: table.fileName, sha256: table.sha256, target: target.column,
        classRules: target.classes.map(\.description), split: split))
  }

  /// The class of every row, as an index, and the classes' names.
  public func labels(
    of table: CSVTable
  ) throws(DatasetError) -> (labels: [Int], classNames: [String]) {
    let (encoder, labels) = try encodedLabels(of: table)
    return (labels, encoder.classes)
  }

  private func encodedLabels(
    of table: CSVTable
  ) throws(DatasetError) -> (encoder: LabelEncoder, labels: [Int]) {
    let isCategorical = categorical.containsBytes(of: target.column)
    if target.classes.isEmpty, !isCategorical, let column = table.column(named: target.column) {
      try checkNumbers(column, of: table)
    }
    return try target.labels(of: table, takesMeasurements: isCategorical)
  }

  /// Refuses training rows that lack a category which a test row has.
  ///
  /// - Parameter advice: the error's advice.
  public func checkCategories(
    of table: CSVTable, training: [Int], test: [Int], advice: String
  ) throws(DatasetError) {
    for column in features(of: table) where !column.isNumeric {
      var isSeen = [Bool](repeating: false, count: column.words.count)
      for row in training { isSeen[Int(column.wordNumbers[row])] = true }
      guard isSeen.contains(false) else { continue }
      _ = try encode(column, of: table, fitRows: training, test: test, advice: advice)
    }
  }

  /// Refuses numbers in a form that is not read, which must not become names unless that is asked for.
  private func checkNumbers(_ column: CSVColumn, of table: CSVTable) throws(DatasetError) {
    guard let found = column.unreadNumber else { return }
    throw DatasetError(
      .badData,
      "\(table.fileName):\(found.line): column \"\(column.name)\": expected a number in the form "
        + "1071\(decimalMark.rawValue)09, found \"\(found.text)\"; "
        + (found.isReadWithDecimalComma ? "read decimal commas with --decimal , or " : "")
        + "correct the cells, or treat the column as categories with --categorical "
        + "\"\(column.name)\"")
  }

  private func check(_ column: CSVColumn, of table: CSVTable) throws(DatasetError) {
    if !categorical.containsBytes(of: column.name) { try checkNumbers(column, of: table) }
    if let line = column.firstEmptyLine {
      throw DatasetError(
        .badData,
        "\(table.fileName):\(line): column \"\(column.name)\": expected a value, found an empty cell"
      )
    }
    func fail(_ line: Int, _ expected: String, _ found: String) -> DatasetError {
      DatasetError(
        .badData,
        "\(table.fileName):\(line): column \"\(column.name)\": expected \(expected), found "
          + "\"\(found)\"; correct the cell, or treat the column as categories with "
          + "--categorical \"\(column.name)\"")
    }
    if let odd = column.odd { throw fail(odd.line, odd.expected, odd.text) }
    // A column of nothing but these is not a column of categories, unless it is named as one.
    guard !column.isNumeric, !column.isForcedText else { return }
    for (number, word) in column.words.enumerated() where DecimalNumber.isNotFinite(word) {
      throw fail(table.line(ofWord: number, in: column), "a finite number or a category", word)
    }
  }

  /// A text column's encoder and every row's code; -1 for a category that only rows of neither part
  /// have.
  private func encode(
    _ column: CSVColumn, of table: CSVTable, fitRows: [Int]?, test: [Int], advice: String
  ) throws(DatasetError) -> (LabelEncoder, [Double]) {
    let seen: Set<Int32>? = fitRows.map { rows in Set(rows.map { column.wordNumbers[$0] }) }
    let known = column.words.enumerated().filter { seen?.contains(Int32($0.offset)) ?? true }
    let encoder = LabelEncoder(fitting: known.map(\.element))
    let codes = column.words.map { encoder.code(of: $0) }
    if fitRows != nil, codes.contains(nil),
      let row = test.filter({ codes[Int(column.wordNumbers[$0])] == nil }).min()
    {
      throw DatasetError(
        .badData,
        "\(table.fileName):\(table.line(ofRow: row)): column \"\(column.name)\": expected a category "
          + "of the training rows, found \"\(column.words[Int(column.wordNumbers[row])])\"; \(advice)"
      )
    }
    return (encoder, column.wordNumbers.map { Double(codes[Int($0)] ?? -1) })
  }
}

/// Training and test data, with the encoders and the scaler that made them.
public struct PreparedData: Sendable {
  public let training: Dataset
  public let test: Dataset
  /// The encoder of each text column, in the order of the columns.
  public let encoders: [(column: String, encoder: LabelEncoder)]
  public let targetEncoder: LabelEncoder
  public let scaler: StandardScaler
  /// Each feature before scaling, numbers or codes, for all rows of the table.
  public let columns: [[Double]]
  private let filePositions: [Int]?
  public let source: Source

  /// The table that the rows come from, and how they were split.
  public struct Source: Hashable, Sendable {
    /// The table's file name, without its folder.
    public let fileName: String
    /// The SHA-256 of the table's bytes, in hexadecimal digits.
    public let sha256: String
    public let target: String
    /// Which values belong to which class, as they are typed.
    public let classRules: [String]
    public let split: TrainTestSplit

    public init(
      fileName: String, sha256: String, target: String, classRules: [String] = [],
      split: TrainTestSplit
    ) {
      self.fileName = fileName
      self.sha256 = sha256
      self.target = target
      self.classRules = classRules
      self.split = split
    }
  }

  public init(
    training: Dataset, test: Dataset, encoders: [(column: String, encoder: LabelEncoder)],
    targetEncoder: LabelEncoder, scaler: StandardScaler, columns: [[Double]],
    filePositions: [Int]? = nil, source: Source
  ) {
    self.training = training
    self.test = test
    self.encoders = encoders
    self.targetEncoder = targetEncoder
    self.scaler = scaler
    self.columns = columns
    self.filePositions = filePositions
    self.source = source
  }

  /// The encoder of a column of names; `nil` for another column.
  public func encoder(of column: String) -> LabelEncoder? {
    encoders.first { $0.column.hasBytes(of: column) }?.encoder
  }

  /// The places of a part's rows among all rows of the file, some of which may have been dropped.
  public func filePositions(of part: Dataset) -> [Int] {
    guard let filePositions else { return part.rows }
    return part.rows.map { filePositions[$0] }
  }
}
