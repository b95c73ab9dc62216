public import LinearAlgebra

/// Encoded samples with their classes, for fitting and evaluation.
public struct Dataset: Hashable, Sendable {
  /// One row per sample, one column per feature. Every number is finite, or NaN where the value is missing.
  public let features: Matrix
  /// The class of each sample, an index into `classNames`.
  public let labels: [Int]
  /// The features' names, in the order of the columns.
  public let featureNames: [String]
  /// The classes' names, in the order of their indices.
  public let classNames: [String]
  /// The zero-based position of each sample among the rows of its table.
  public let rows: [Int]
  /// Whether rows to predict may have missing values although these samples have none: trees then say where they go.
  public let expectsMissing: Bool
  /// The features that are codes of names, ascending; their order says nothing.
  public let categoricalFeatures: [Int]

  public var sampleCount: Int { features.rowCount }
  public var featureCount: Int { features.columnCount }
  public var classCount: Int { classNames.count }

  /// - Precondition: the counts of samples, labels, rows and names agree.
  public init(
    features: Matrix, labels: [Int], featureNames: [String], classNames: [String],
    rows: [Int]? = nil, expectsMissing: Bool = false, categoricalFeatures: [Int] = []
  ) {
    precondition(labels.count == features.rowCount, "one label per sample")
    precondition(featureNames.count == features.columnCount, "one name per feature")
    precondition(rows == nil || rows?.count == labels.count, "one row position per sample")
    self.features = features
    self.labels = labels
    self.featureNames = featureNames
    self.classNames = classNames
    self.rows = rows ?? Array(labels.indices)
    self.expectsMissing = expectsMissing
    self.categoricalFeatures = categoricalFeatures
  }

  /// The samples at these positions, in the order given.
  public func samples(at positions: [Int]) -> Dataset {
    Dataset(
      features: features.rows(positions), labels: positions.map { labels[$0] },
      featureNames: featureNames, classNames: classNames, rows: positions.map { rows[$0] },
      expectsMissing: expectsMissing, categoricalFeatures: categoricalFeatures)
  }
}
