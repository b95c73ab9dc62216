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
  /// In the order of repeats and folds; those that a time budget skipped are missing.
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

extension ModelFolds {
  init(name: String, folds: [FoldScores]) {
    self.name = name
    self.folds = folds
    var mean = MetricValues<Double>()
    var deviation = MetricValues<Double>()
    for metric in Metric.allCases {
      let scores = folds.compactMap { $0.scores[metric] }
      guard !scores.isEmpty else { continue }
      let moments = Moments(scores)
      mean[metric] = moments.mean
      deviation[metric] = moments.deviation
    }
    self.mean = mean
    self.deviation = deviation
  }
}

extension CrossValidationResult {
  /// Tests every pair of models on the folds that both have.
  init(folds: StratifiedFolds, models: [ModelFolds]) {
    self.folds = folds.count
    repeats = folds.repeats
    seed = folds.seed
    self.models = models
    let pairs = models.indices.flatMap { first in
      models.indices.dropFirst(first + 1).map { (models[first], models[$0]) }
    }
    var tests = [MetricValues<FoldTest>](repeating: MetricValues(), count: pairs.count)
    for metric in Metric.allCases {
      let differences = pairs.map { Self.differences($0, $1, metric) }
      let resampled = differences.map { differences in
        differences.values.count < 2
          ? nil : ResampledTTest(differences: differences.values, testShare: differences.testShare)
      }
      let holm = HolmCorrection.corrected(resampled.compactMap { $0?.p })
      var tested = 0
      for (index, test) in resampled.enumerated() {
        guard let test else { continue }
        let sign = metric.higherIsBetter ? 1.0 : -1.0
        tests[index][metric] = FoldTest(
          resampled: test, resampledHolm: holm[tested],
          bayesian: BayesianTTest(
            differences: differences[index].values.map { sign * $0 },
            testShare: differences[index].testShare))
        tested += 1
      }
    }
    self.pairs = zip(pairs, tests).filter { !$1.metrics.isEmpty }.map { pair, tests in
      FoldTests(first: pair.0.name, second: pair.1.name, metrics: tests)
    }
  }

  /// First minus second on the folds that both have, and the mean ratio of test to training rows.
  private static func differences(
    _ first: ModelFolds, _ second: ModelFolds, _ metric: Metric
  ) -> (values: [Double], testShare: Double) {
    var values: [Double] = []
    var shares = 0.0
    for mine in first.folds {
      let theirs = second.folds.first { $0.fold == mine.fold && $0.repetition == mine.repetition }
      guard let theirs, let a = mine.scores[metric], let b = theirs.scores[metric] else { continue }
      values.append(a - b)
      shares += Double(mine.testRows) / Double(mine.trainingRows)
    }
    return (values, values.isEmpty ? 0 : shares / Double(values.count))
  }
}
