import Comparison
import Evaluation

extension PairTestContent {
  /// The tests of every pair on the test rows.
  init?(_ statistics: SplitStatistics?, rowCount: Int) {
    guard let statistics, !statistics.pairs.isEmpty else { return nil }
    let mcNemar = statistics.pairs.map { pair in
      Test(
        first: pair.first, second: pair.second,
        test: "accuracy, McNemar" + (pair.mcNemar.isExact ? " (exact)" : ""),
        difference: MetricValue(
          Double(pair.mcNemar.firstOnly - pair.mcNemar.secondOnly) / Double(max(1, rowCount))),
        pValue: pair.mcNemar.p, correctedPValue: pair.mcNemarHolm)
    }
    let deLong = statistics.pairs.compactMap { pair -> Test? in
      guard let test = pair.deLong, let corrected = pair.deLongHolm else { return nil }
      let margin = 1.96 * test.standardError
      return Test(
        first: pair.first, second: pair.second, test: "ROC AUC, DeLong",
        difference: MetricValue(
          test.difference, interval: test.difference - margin...test.difference + margin),
        pValue: test.p, correctedPValue: corrected)
    }
    self.init(
      tests: mcNemar + deLong,
      note:
        "The difference is the first model's lead. p is the probability of a difference at least this "
        + "large if the models were equal; Holm's correction accounts for the number of pairs. Intervals "
        + "in the table of scores come from \(statistics.resamples) resamples of the test rows (BCa)."
    )
  }
}

extension FoldContent {
  /// The scores on the folds in one metric.
  init?(_ result: CrossValidationResult?, metric: Metric) {
    guard let result else { return nil }
    let models = result.models.compactMap { model -> Model? in
      let scores = model.scores(metric)
      guard !scores.isEmpty, let mean = model.mean[metric] else { return nil }
      return Model(
        name: model.name, scores: scores, mean: mean, deviation: model.deviation[metric] ?? 0)
    }
    guard !models.isEmpty else { return nil }
    let pairs = result.pairs.compactMap { pair -> Pair? in
      guard let test = pair.metrics[metric] else { return nil }
      return Pair(
        first: pair.first, second: pair.second, difference: test.resampled.meanDifference,
        pValue: test.resampled.p, correctedPValue: test.resampledHolm,
        probabilities: [
          test.bayesian.firstBetter, test.bayesian.equivalent, test.bayesian.secondBetter,
        ])
    }
    let times = result.repeats > 1 ? ", \(result.repeats) times" : ""
    self.init(
      metric: metric.title, models: models, pairs: pairs,
      note:
        "\(result.folds) stratified folds\(times); encoders and scaler are fitted inside each. p is "
        + "that of the t-test corrected for overlapping training rows (Nadeau and Bengio), and then by "
        + "Holm's method. P comes from the Bayesian form of the test (Benavoli and others), where “the "
        + "same” is a difference that does not matter in practice.")
  }
}

extension LearningContent {
  /// The scores of parts of the training rows in one metric.
  init?(_ run: FinishedRun, metric: Metric) {
    let models = zip(run.document.models, run.learningCurves).compactMap {
      model, points -> Model? in
      let known = (points ?? []).compactMap { point in
        point.validate.values[metric].map { (point.trainingRows, $0) }
      }
      guard known.count > 1 else { return nil }
      return Model(
        name: model.name, rowCounts: known.map(\.0), means: known.map(\.1),
        deviations: known.map { _ in 0 })
    }
    guard !models.isEmpty else { return nil }
    self.init(metric: metric.title, models: models)
  }
}
