public import LinearAlgebra

/// How well predictions fit the truth, in the field's usual numbers.
///
/// For two classes, precision, recall and F1 are those of the second class, the positive one; for
/// more they are means over the classes, once plain (macro) and once weighted by the classes'
/// sizes; a class's ratio whose denominator is zero counts as 0 in them, as in scikit-learn.
public struct ClassificationReport: Hashable, Sendable {
  /// A metric that is not defined for the samples has none;
  /// ``ConfusionMatrix/gap(for:classNames:)`` says why.
  public let values: MetricValues<Double>
  public let confusionMatrix: ConfusionMatrix

  /// - Parameters:
  ///   - actual: the true class of each sample.
  ///   - predicted: the class that was predicted for it.
  ///   - probabilities: one row per sample, one column per class.
  ///   - costs: what mistakes cost; `nil` where there is no cost to report.
  public init(
    actual: [Int], predicted: [Int], probabilities: Matrix, classNames: [String],
    costs: MistakeCosts? = nil
  ) {
    precondition(probabilities.rowCount == actual.count, "one row of probabilities per sample")
    let matrix = ConfusionMatrix(
      actual: actual, predicted: predicted, classCount: classNames.count)
    confusionMatrix = matrix
    var values = ConfusionMeasures.values(matrix)
    for metric in ConfusionMeasures.metrics
    where matrix.gap(for: metric, classNames: classNames) != nil {
      values[metric] = nil
    }
    if matrix.gap(for: .rocAUC, classNames: classNames) == nil {
      let areas = CurveSet(actual: actual, scores: probabilities, classNames: classNames).curves
        .map(\.curve.area)
      values[.rocAUC] = areas.reduce(0, +) / Double(areas.count)
    }
    if !actual.isEmpty {
      let losses = actual.enumerated().map { LogLoss.of(probabilities[$0, $1]) }
      values[.logLoss] = losses.reduce(0, +) / Double(actual.count)
    }
    values[.cost] = costs?.mean(of: matrix)
    self.values = values
  }

  private init(_ values: MetricValues<Double>, _ confusionMatrix: ConfusionMatrix) {
    self.values = values
    self.confusionMatrix = confusionMatrix
  }

  public subscript(metric: Metric) -> Double? { values[metric] }

  /// The report with those metrics only that say something about its classes.
  public var shown: ClassificationReport {
    var shown = MetricValues<Double>()
    for metric in values.shown(classCount: confusionMatrix.classCount) {
      shown[metric] = values[metric]
    }
    return ClassificationReport(shown, confusionMatrix)
  }
}

/// Written as the metrics that are shown under their keys, null where they are not defined, and the
/// matrix.
extension ClassificationReport: Codable {
  private enum CodingKeys: String, CodingKey {
    case confusionMatrix = "confusion_matrix"
  }

  public init(from decoder: any Decoder) throws {
    let matrix = try decoder.container(keyedBy: CodingKeys.self)
      .decode(ConfusionMatrix.self, forKey: .confusionMatrix)
    self.init(try MetricValues(from: decoder), matrix)
  }

  public func encode(to encoder: any Encoder) throws {
    try values.encode(to: encoder, values.shown(classCount: confusionMatrix.classCount))
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(confusionMatrix, forKey: .confusionMatrix)
  }
}
