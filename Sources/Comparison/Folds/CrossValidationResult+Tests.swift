import Evaluation

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
