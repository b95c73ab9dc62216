import LinearAlgebra
import Support

/// Training and test data, with the encoders and the scaler that made them.
public struct PreparedData: Sendable {
  public let training: Dataset
  public let test: Dataset
  /// The encoder of each text column, in the order of the columns.
  public let encoders: [(column: String, encoder: LabelEncoder)]
  public let targetEncoder: LabelEncoder
  public let scaler: StandardScaler
  /// Each column of features before scaling, numbers or codes, for all rows of the table.
  ///
  /// Missing cells have what stands for them.
  public let columns: [[Double]]
  public let columnNames: [String]
  /// The features of each column: one, or one for each category where these are encoded one-hot.
  public let featureRanges: [Range<Int>]
  public let encoding: Preprocessing.Encoding
  /// The missing cells of each column; `nil` where none is missing.
  public let missing: [MissingFeature?]
  public let missingPolicy: Preprocessing.MissingPolicy
  /// Whether missing numbers are NaN in the training and test data.
  public let keepsMissing: Bool
  private let filePositions: [Int]?
  /// The group of every row of the table; `nil` where rows stand alone.
  public let groups: RowGroups?
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
    /// Words that mean a missing value in every column.
    public let missingWords: [String]
    /// The file of the test rows, where it is another.
    public let testFile: TestFile?

    public init(
      fileName: String, sha256: String, target: String, classRules: [String] = [],
      split: TrainTestSplit, missingWords: [String] = [], testFile: TestFile? = nil
    ) {
      self.fileName = fileName
      self.sha256 = sha256
      self.target = target
      self.classRules = classRules
      self.split = split
      self.missingWords = missingWords
      self.testFile = testFile
    }
  }

  public init(
    training: Dataset, test: Dataset, encoders: [(column: String, encoder: LabelEncoder)],
    targetEncoder: LabelEncoder, scaler: StandardScaler, columns: [[Double]],
    columnNames: [String]? = nil, featureRanges: [Range<Int>]? = nil,
    encoding: Preprocessing.Encoding = .ordinal, missing: [MissingFeature?]? = nil,
    missingPolicy: Preprocessing.MissingPolicy = .impute, keepsMissing: Bool = false,
    filePositions: [Int]? = nil, groups: RowGroups? = nil,
    source: Source
  ) {
    self.training = training
    self.test = test
    self.encoders = encoders
    self.targetEncoder = targetEncoder
    self.scaler = scaler
    self.columns = columns
    self.columnNames = columnNames ?? training.featureNames
    self.featureRanges = featureRanges ?? columns.indices.map { $0..<$0 + 1 }
    self.encoding = encoding
    self.missing = missing ?? columns.map { _ in nil }
    self.missingPolicy = missingPolicy
    self.keepsMissing = keepsMissing
    self.filePositions = filePositions
    self.groups = groups
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

/// The missing cells of a feature.
public struct MissingFeature: Hashable, Sendable {
  /// What stands for them before scaling: the median of numbers, or the code behind the last category.
  public let substitute: Double
  /// The rows of the table whose cell is missing, ascending.
  public let rows: [Int]
}

extension PreparedData {
  /// Whether a number is missing.
  public var lacksNumbers: Bool {
    zip(missing, columnNames).contains { $0 != nil && encoder(of: $1) == nil }
  }

  /// Whether each of the training rows, and then each of the test rows, lacks a column's value.
  public func isMissing(_ column: Int) -> [Bool] {
    let isMissing = self.isMissing(inTable: column)
    return (training.rows + test.rows).map { isMissing[$0] }
  }

  private func isMissing(inTable column: Int) -> [Bool] {
    var isMissing = [Bool](repeating: false, count: columns[column].count)
    for row in missing[column]?.rows ?? [] { isMissing[row] = true }
    return isMissing
  }

  /// A column before scaling for all rows of the table, with NaN in place of missing numbers.
  public func values(of column: Int) -> [Double] {
    var values = columns[column]
    if encoder(of: columnNames[column]) == nil {
      for row in missing[column]?.rows ?? [] { values[row] = .nan }
    }
    return values
  }

  /// The same data with NaN in place of every missing number, for models that learn from missing values.
  public func withMissingNumbers() -> PreparedData {
    let lacking = missing.indices.filter {
      missing[$0] != nil && encoder(of: columnNames[$0]) == nil
    }
    let isMissing = lacking.map { self.isMissing(inTable: $0) }
    let features = lacking.map { featureRanges[$0].lowerBound }
    func dataset(_ part: Dataset) -> Dataset {
      var matrix = part.features
      for (index, row) in part.rows.enumerated() {
        for (feature, isMissing) in zip(features, isMissing) where isMissing[row] {
          matrix[index, feature] = .nan
        }
      }
      return Dataset(
        features: matrix, labels: part.labels, featureNames: part.featureNames,
        classNames: part.classNames, rows: part.rows, expectsMissing: true,
        categoricalFeatures: part.categoricalFeatures)
    }
    return PreparedData(
      training: dataset(training), test: dataset(test), encoders: encoders,
      targetEncoder: targetEncoder, scaler: scaler, columns: columns, columnNames: columnNames,
      featureRanges: featureRanges, encoding: encoding, missing: missing,
      missingPolicy: missingPolicy, keepsMissing: true, filePositions: filePositions,
      groups: groups, source: source)
  }
}
