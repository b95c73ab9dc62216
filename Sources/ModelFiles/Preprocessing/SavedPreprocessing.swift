/// How a table's rows become those of a model, with the distribution of the training rows.
public struct SavedPreprocessing: Hashable, Sendable {
  /// The columns of the features, in the order of these.
  public let columns: [FeatureColumn]
  /// The column that is predicted.
  public let target: String
  /// The classes, in the order of their indices.
  public let classes: CategoryDistribution

  public var featureNames: [String] { columns.flatMap(\.featureNames) }
  public var featureCount: Int { columns.reduce(0) { $0 + $1.scalings.count } }
  public var classNames: [String] { classes.names }
  /// Words that mean a missing value in every column, besides blanks.
  public var missingWords: [String] { columns.first?.missingWords ?? [] }

  package init(columns: [FeatureColumn], target: String, classes: CategoryDistribution) {
    self.columns = columns
    self.target = target
    self.classes = classes
  }
}
