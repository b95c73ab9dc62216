public import Evaluation

/// The models' scores on the folds of a cross-validation.
public struct CrossValidationResult: Codable, Hashable, Sendable {
  public let folds: Int
  public let repeats: Int
  public let seed: UInt32
  public let models: [ModelFolds]
  /// Every pair of models, in the order of the models; none where fewer than two folds are finished.
  public let pairs: [FoldTests]
}

/// One model's scores, fold by fold.
public struct ModelFolds: Codable, Hashable, Sendable {
  public let name: String
  /// In the order of repeats and folds; those that a time budget left out are missing.
  public let folds: [FoldScores]
  /// Over the folds for which a metric is defined.
  public let mean: MetricValues<Double>
  /// The sample deviation, with one degree of freedom taken for the mean.
  public let deviation: MetricValues<Double>

  /// One metric, fold by fold; folds for which it is not defined are left out.
  public func scores(_ metric: Metric) -> [Double] { folds.compactMap { $0.scores[metric] } }
}

/// How one model, fitted without the fold's rows, does on them.
public struct FoldScores: Codable, Hashable, Sendable {
  /// Counted from 1.
  public let repetition: Int
  /// Counted from 1.
  public let fold: Int
  public let trainingRows: Int
  public let testRows: Int
  public let fitSeconds: Double
  /// Of the fold's rows only.
  public let predictSeconds: Double
  public let scores: MetricValues<Double>
  /// `confusionMatrix[i][j]`: how many rows of class `i` were predicted to be of class `j`.
  public let confusionMatrix: [[Int]]

  private enum CodingKeys: String, CodingKey {
    case repetition = "repeat"
    case fold
    case trainingRows = "training_rows"
    case testRows = "test_rows"
    case fitSeconds = "fit_seconds"
    case predictSeconds = "predict_seconds"
    case scores = "validate"
    case confusionMatrix = "confusion_matrix"
  }
}

/// What the folds say about two models.
public struct FoldTests: Codable, Hashable, Sendable {
  public let first: String
  public let second: String
  /// Per metric, over the folds that both have a value for.
  public let metrics: MetricValues<FoldTest>
}

/// What the folds say about two models' scores in one metric.
public struct FoldTest: Codable, Hashable, Sendable {
  /// On first minus second.
  public let resampled: ResampledTTest
  /// Its probability after Holm's correction over all pairs.
  public let resampledHolm: Double
  /// Better means a higher score, or a lower one where the metric is a loss.
  public let bayesian: BayesianTTest

  private enum CodingKeys: String, CodingKey {
    case resampled
    case resampledHolm = "resampled_p_holm"
    case bayesian
  }
}
