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

  /// What is made of the features' missing cells.
  public enum MissingPolicy: String, CaseIterable, Codable, Hashable, Sendable {
    /// Numbers get the median of their column, and names a category of their own.
    case impute
    /// The same, but models that learn from missing numbers get these as they are.
    case native
    /// They are an error.
    case error
    /// Their rows are dropped.
    case dropRows = "drop-rows"
  }

  public var target: TargetRule
  /// Columns that are not features.
  public var dropping: [String]
  /// Columns that say how rows are divided, and are no features either.
  public var dividing: [String]
  /// Columns whose numbers are categories.
  public var categorical: [String]
  public var encoding: Encoding
  /// The most categories of a column that is encoded one-hot.
  public var maximumCategories: Int
  public var fittedOn: FittedOn
  public var decimalMark: DecimalMark
  public var format: CSVFormat
  /// Whether rows whose label is missing are dropped.
  public var dropsUnlabelled: Bool
  public var missing: MissingPolicy
  /// Words that mean a missing value in every column, besides blanks.
  public var missingWords: [String]

  public init(
    target: TargetRule = .diamonds, dropping: [String] = [], dividing: [String] = [],
    categorical: [String] = [], encoding: Encoding = .ordinal,
    maximumCategories: Int = Preprocessing.standardMaximumCategories,
    fittedOn: FittedOn = .all, decimalMark: DecimalMark = .point,
    format: CSVFormat = CSVFormat(), dropsUnlabelled: Bool = false,
    missing: MissingPolicy = .impute, missingWords: [String] = []
  ) {
    self.target = target
    self.dropping = dropping
    self.dividing = dividing
    self.categorical = categorical
    self.encoding = encoding
    self.maximumCategories = maximumCategories
    self.fittedOn = fittedOn
    self.decimalMark = decimalMark
    self.format = format
    self.dropsUnlabelled = dropsUnlabelled
    self.missing = missing
    self.missingWords = missingWords
  }

  /// How to read the table.
  public var reading: CSVReading {
    CSVReading(
      textColumns: categorical + dividing + [target.column], decimalMark: decimalMark,
      format: format,
      labelColumn: dropsUnlabelled ? target.column : nil, labels: target.namedValues,
      missingWords: missingWords, needsValues: missing == .error,
      incompleteColumns: missing == .dropRows ? dropping + dividing + [target.column] : nil)
  }

  /// The table's features.
  func features(of table: CSVTable) -> [CSVColumn] {
    table.columns.filter {
      !$0.name.hasBytes(of: target.column) && !(dropping + dividing).containsBytes(of: $0.name)
    }
  }

  /// The features that are read as names.
  public func nameColumns(of table: CSVTable) -> [String] {
    features(of: table).filter { !$0.isNumeric }.map(\.name)
  }

  /// Encodes, scales and splits.
  ///
  /// - Parameter threads: how many threads may work; it never changes the result.
  public func prepare(
    _ table: CSVTable, split: TrainTestSplit, threads: Int = 1
  ) throws(DatasetError) -> PreparedData {
    try checkColumns(of: table)
    let parts = try split.positions(in: table)
    guard table.testFile != nil else {
      return try prepare(
        table, training: parts.training, test: parts.test, dividedBy: split, threads: threads)
    }
    return try prepare(
      table, training: parts.training, test: parts.test,
      dividedBy: split.giving(Double(parts.test.count) / Double(table.rowCount)),
      advice: "leave the row out, or --drop the column", threads: threads)
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
    try checkColumns(of: table)
    let features = features(of: table)
    guard !features.isEmpty else {
      throw DatasetError(
        .badData, "\(table.fileName): expected at least one column besides the target")
    }
    for column in features { try check(column, of: table) }
    let (targetEncoder, labels) = try encodedLabels(of: table)
    let fitRows: [Int]? = fittedOn == .training ? training : nil

    let (encoders, columns, missing) = try encoded(
      features, of: table, fitRows: fitRows, test: test, advice: advice)
    let expansion = try expanded(features, columns, encoders, missing, of: table)
    let scaler = try scaler(of: expansion, of: table, fitRows: fitRows, threads: threads)

    func dataset(_ rows: [Int]) -> Dataset {
      let elements = scaler.scaled(expansion.values, rows: rows, threads: threads)
      let width = expansion.names.count
      return Dataset(
        features: Matrix(rowCount: rows.count, columnCount: width, elements: elements),
        labels: rows.map { labels[$0] }, featureNames: expansion.names,
        classNames: targetEncoder.classes, rows: rows, categoricalFeatures: expansion.categorical)
    }
    return PreparedData(
      training: dataset(training), test: dataset(test), encoders: encoders,
      targetEncoder: targetEncoder, scaler: scaler, columns: columns,
      columnNames: features.map(\.name), featureRanges: expansion.ranges,
      encoding: encoding, missing: missing,
      missingPolicy: self.missing, filePositions: table.filePositions,
      groups: try split.group.map(table.groups),
      source: PreparedData.Source(
        fileName: table.fileName, sha256: table.sha256, target: target.column,
        classRules: target.classes.map(\.description), split: split,
        missingWords: decimalMark.modelWords(missingWords), testFile: table.testFile))
  }

  /// The columns as features.
  private func expanded(
    _ features: [CSVColumn], _ columns: [[Double]],
    _ encoders: [(column: String, encoder: LabelEncoder)], _ missing: [MissingFeature?],
    of table: CSVTable
  ) throws(DatasetError) -> FeatureExpansion {
    var expansion = FeatureExpansion()
    var rest = encoders[...]
    for (index, column) in features.enumerated() {
      let encoder = column.isNumeric ? nil : rest.popFirst()?.encoder
      if let encoder, encoding == .oneHot {
        expansion.append(
          column.name, codes: columns[index], encoder.classes, hasMissing: missing[index] != nil)
      } else {
        expansion.append(column.name, columns[index], isCategorical: encoder != nil)
      }
    }
    if encoding == .oneHot { try expansion.checkNames(of: table) }
    return expansion
  }

  /// What scales the features, learnt from all rows or some.
  private func scaler(
    of features: FeatureExpansion, of table: CSVTable, fitRows: [Int]?, threads: Int
  ) throws(DatasetError) -> StandardScaler {
    let columns = features.values
    let scaler = StandardScaler(
      fitting: fitRows.map { rows in columns.map { column in rows.map { column[$0] } } } ?? columns,
      threads: threads)
    for (feature, name) in features.names.enumerated()
    where !scaler.means[feature].isFinite || !scaler.deviations[feature].isFinite {
      throw DatasetError(
        .badData,
        "\(table.fileName): column \"\(name)\": expected numbers that can be squared and "
          + "summed, found larger ones; write them in another unit")
    }
    return scaler
  }

  /// The columns' numbers and codes for all rows, with what stands for missing cells.
  private func encoded(
    _ features: [CSVColumn], of table: CSVTable, fitRows: [Int]?, test: [Int], advice: String
  ) throws(DatasetError) -> (
    encoders: [(column: String, encoder: LabelEncoder)], columns: [[Double]],
    missing: [MissingFeature?]
  ) {
    var encoders: [(column: String, encoder: LabelEncoder)] = []
    var columns: [[Double]] = []
    var missing: [MissingFeature?] = []
    for column in features {
      try checkHasValues(column, of: table, fitRows: fitRows)
      try checkCategoryCount(column, of: table)
      if column.isNumeric {
        let (numbers, lacking) = imputed(column, fitRows: fitRows)
        columns.append(numbers)
        missing.append(lacking)
      } else {
        let (encoder, codes) = try encode(
          column, of: table, fitRows: fitRows, test: test, advice: advice)
        encoders.append((column.name, encoder))
        columns.append(codes)
        missing.append(missingFeature(column, substitute: Double(encoder.classes.count), fitRows))
      }
    }
    return (encoders, columns, missing)
  }

  /// Refuses columns that the table does not have, and a target that has another part.
  private func checkColumns(of table: CSVTable) throws(DatasetError) {
    for name in dropping + dividing + categorical + [target.column]
    where table.column(named: name) == nil {
      if table.testFile?.unusedColumns.containsBytes(of: name) == true { continue }
      throw unknownColumn(name, of: table)
    }
    if (dropping + dividing).containsBytes(of: target.column) {
      throw DatasetError(
        .badRequest,
        "column \"\(target.column)\" is the target, it cannot be dropped, and rows cannot be divided by it"
      )
    }
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
    let (encoder, labels) = try target.labels(of: table, takesMeasurements: isCategorical)
    try checkClasses(labels, encoder.classes, of: table)
    return (encoder, labels)
  }

  /// Refuses training rows that lack a category which a test row has, or have no value in a column.
  ///
  /// - Parameter advice: the error's advice.
  public func checkCategories(
    of table: CSVTable, training: [Int], test: [Int], advice: String
  ) throws(DatasetError) {
    for column in features(of: table) {
      try checkHasValues(column, of: table, fitRows: training)
      if column.isNumeric { continue }
      var isSeen = [Bool](repeating: false, count: column.words.count)
      for row in training { isSeen[Int(column.wordNumbers[row])] = true }
      guard isSeen.contains(false) else { continue }
      _ = try encode(column, of: table, fitRows: training, test: test, advice: advice)
    }
  }

  /// A column's numbers with the median in place of missing ones, as scikit-learn's
  /// `SimpleImputer(strategy="median")` has them, and which these are.
  private func imputed(_ column: CSVColumn, fitRows: [Int]?) -> ([Double], MissingFeature?) {
    guard column.missingCount > 0 else { return (column.numbers, nil) }
    let known = fitRows.map { rows in rows.map { column.numbers[$0] } } ?? column.numbers
    let sorted = known.filter { !$0.isNaN }.ascending
    let middle = sorted.count / 2
    let median =
      sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    let rows = column.numbers.indices.filter { column.numbers[$0].isNaN }
    var numbers = column.numbers
    for row in rows { numbers[row] = median }
    return (numbers, MissingFeature(substitute: median, rows: rows))
  }

  /// The missing names of a column; `nil` if the rows that are learnt from have none.
  private func missingFeature(
    _ column: CSVColumn, substitute: Double, _ fitRows: [Int]?
  ) -> MissingFeature? {
    guard column.missingCount > 0,
      fitRows?.contains(where: { column.isMissing(row: $0) }) ?? true
    else { return nil }
    return MissingFeature(
      substitute: substitute,
      rows: column.wordNumbers.indices.filter { column.isMissing(row: $0) })
  }

  /// A text column's encoder and every row's code, for a missing name that behind the last category; -1 for a
  /// category that only rows of neither part have.
  private func encode(
    _ column: CSVColumn, of table: CSVTable, fitRows: [Int]?, test: [Int], advice: String
  ) throws(DatasetError) -> (LabelEncoder, [Double]) {
    let seen: Set<Int32>? = fitRows.map { rows in Set(rows.map { column.wordNumbers[$0] }) }
    let known = column.words.enumerated().filter { seen?.contains(Int32($0.offset)) ?? true }
    let encoder = LabelEncoder(
      fitting: known.filter { !column.isMissing(word: $0.offset) }.map(\.element))
    let hasMissing = known.contains { column.isMissing(word: $0.offset) }
    let codes = column.words.enumerated().map { number, word in
      column.isMissing(word: number)
        ? (hasMissing ? encoder.classes.count : nil) : encoder.code(of: word)
    }
    if fitRows != nil, codes.contains(nil),
      let row = test.filter({ codes[Int(column.wordNumbers[$0])] == nil }).min()
    {
      let word = Int(column.wordNumbers[row])
      throw DatasetError(
        .badData,
        "\(table.place(ofRow: row)): column \"\(column.name)\": expected a category "
          + "of the training rows, found "
          + (column.isMissing(word: word)
            ? "a missing value; drop rows with missing cells with --missing drop-rows, "
            : "\"\(column.words[word])\"; ") + advice)
    }
    return (encoder, column.wordNumbers.map { Double(codes[Int($0)] ?? -1) })
  }
}
