public import ModelFiles

/// What the registry records of a set: where it comes from, and how good it is.
public struct SetDescription: Hashable, Sendable {
  public let classifier: String
  /// The metric by which it was chosen, and its value on the test rows.
  public let metric: String
  public let value: Double
  public let experimentKey: String
  public let dataFile: String
  /// The SHA-256 of the table's bytes.
  public let dataSHA256: String
  /// Whether the model was fitted again on all rows.
  public let isRefitted: Bool

  public init(
    _ model: ModelDescription, metric: String, value: Double, experimentKey: String
  ) {
    classifier = model.algorithm.rawValue
    self.metric = metric
    self.value = value
    self.experimentKey = experimentKey
    dataFile = model.training.fileName
    dataSHA256 = model.training.sha256
    isRefitted = model.refit != nil
  }

  /// All of it in a line.
  public var comment: String {
    "\(classifier), \(metric) \(value) on the test rows; experiment \(experimentKey); "
      + "\(dataFile), SHA-256 \(dataSHA256)"
      + (isRefitted ? "; fitted again on all rows, the metric is that of its twin" : "")
  }

  /// The same in pieces that can be filtered by.
  ///
  /// Comets since 3.5.42 keep stages and tags in one list; a colon tells these apart.
  public var tags: [String] {
    [
      "classifier:\(classifier)", "\(metric):\(value)", "experiment:\(experimentKey)",
      "data:\(dataSHA256.prefix(12))",
    ]
  }

  /// Whether an entry of that list is a tag of such a kind, and no stage.
  public static func isTag(_ text: String) -> Bool { text.contains(":") }
}
