import LinearAlgebra

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

  public init(
    target: TargetRule = .diamonds, dropping: [String] = [], categorical: [String] = [],
    fittedOn: FittedOn = .all
  ) {
    self.target = target
    self.dropping = dropping
    self.categorical = categorical
    self.fittedOn = fittedOn
  }

  /// The columns to read as words with ``CSVTable/init(contentsOf:textColumns:threads:)``.
  public var textColumns: Set<String> { Set(categorical + [target.column]) }

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
    if dropping.contains(target.column) {
      throw DatasetError(
        .badRequest, "column \"\(target.column)\" is the target, it cannot be dropped")
    }
    let features = table.columns.filter { $0.name != target.column && !dropping.contains($0.name) }
    guard !features.isEmpty else {
      throw DatasetError(
        .badData, "\(table.fileName): expected at least one column besides the target")
    }
    for column in features { try check(column, of: table) }
    let (targetEncoder, labels) = try target.labels(of: table)
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
      source: PreparedData.Source(
        fileName: table.fileName, sha256: table.sha256, target: target.column, split: split))
  }

  /// The class of every row, as an index, and the classes' names.
  public func labels(
    of table: CSVTable
  ) throws(DatasetError) -> (labels: [Int], classNames: [String]) {
    let (encoder, labels) = try target.labels(of: table)
    return (labels, encoder.classes)
  }

  /// Refuses training rows that lack a category which a test row has.
  ///
  /// - Parameter advice: the error's advice.
  public func checkCategories(
    of table: CSVTable, training: [Int], test: [Int], advice: String
  ) throws(DatasetError) {
    for column in table.columns
    where column.name != target.column && !dropping.contains(column.name) && !column.isNumeric {
      var isSeen = [Bool](repeating: false, count: column.words.count)
      for row in training { isSeen[Int(column.wordNumbers[row])] = true }
      guard isSeen.contains(false) else { continue }
      _ = try encode(column, of: table, fitRows: training, test: test, advice: advice)
    }
  }

  private func check(_ column: CSVColumn, of table: CSVTable) throws(DatasetError) {
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
      let row = column.wordNumbers.firstIndex(of: Int32(number)) ?? 0
      throw fail(table.line(ofRow: row), "a finite number or a category", word)
    }
    if column.words.allSatisfy(DecimalNumber.hasDecimalComma) {
      throw fail(table.line(ofRow: 0), "a number with a decimal point", column.words[0])
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
  public let source: Source

  /// The table that the rows come from, and how they were split.
  public struct Source: Hashable, Sendable {
    /// The table's file name, without its folder.
    public let fileName: String
    /// The SHA-256 of the table's bytes, in hexadecimal digits.
    public let sha256: String
    public let target: String
    public let split: TrainTestSplit

    public init(fileName: String, sha256: String, target: String, split: TrainTestSplit) {
      self.fileName = fileName
      self.sha256 = sha256
      self.target = target
      self.split = split
    }
  }

  public init(
    training: Dataset, test: Dataset, encoders: [(column: String, encoder: LabelEncoder)],
    targetEncoder: LabelEncoder, scaler: StandardScaler, columns: [[Double]], source: Source
  ) {
    self.training = training
    self.test = test
    self.encoders = encoders
    self.targetEncoder = targetEncoder
    self.scaler = scaler
    self.columns = columns
    self.source = source
  }
}
