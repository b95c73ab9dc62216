public import Evaluation
public import LinearAlgebra

/// What a model said about rows whose classes are known, and how well that fits them.
public struct ScoredPredictions: Sendable {
  /// The model's name.
  public let name: String
  /// The classes in the order of their indices.
  public let classNames: [String]
  public let predictions: TestPredictions
  public let report: ClassificationReport
  /// The curves of the predicted labels, and of the probabilities.
  public let labelCurves: CurveSet
  public let probabilityCurves: CurveSet

  public var actual: [Int] { predictions.actual }
  public var predicted: [Int] { predictions.predicted }
  public var probabilities: Matrix { predictions.probabilities }

  /// Scores predictions.
  ///
  /// - Parameters:
  ///   - costs: what mistakes cost; `nil` where there is no cost to report.
  ///   - threads: how many threads may work; it never changes the result.
  init(
    _ name: String, _ predictions: TestPredictions, classNames: [String], costs: MistakeCosts?,
    threads: Int
  ) {
    self.name = name
    self.classNames = classNames
    self.predictions = predictions
    let actual = predictions.actual
    (report, (labelCurves, probabilityCurves)) = Parallelism.both(threads: threads) {
      ClassificationReport(
        actual: actual, predicted: predictions.predicted,
        probabilities: predictions.probabilities, classNames: classNames, costs: costs)
    } _: {
      (
        CurveSet(actual: actual, predicted: predictions.predicted, classNames: classNames),
        CurveSet(actual: actual, scores: predictions.probabilities, classNames: classNames)
      )
    }
  }

  /// The scores of a run's model on its test rows.
  init(_ model: EvaluatedModel) {
    name = model.name
    classNames = model.test.classNames
    predictions = TestPredictions(model)
    report = model.validation
    (labelCurves, probabilityCurves) = (model.labelCurves, model.probabilityCurves)
  }
}
