public import Evaluation
import LinearAlgebra

/// How sure the numbers of one split are: an interval for each, a test of each model against the
/// baseline, and tests for each pair of models.
public struct SplitStatistics: Codable, Hashable, Sendable {
  /// The share of cases in which an interval is to hold the true value.
  public let confidence: Double
  /// How often shares were drawn for intervals without a formula.
  public let draws: Int
  /// The seed of those draws.
  public let seed: UInt32
  /// How many groups the test rows are of, which intervals resample; `nil` where rows are independent.
  public var groups: Int?
  public let models: [ModelIntervals]
  /// Per metric, the interval of the best model, where these rows were what it was chosen by; none
  /// where two are equally good.
  public var best: MetricValues<BestInterval>?
  /// In the order of the models; empty where there is no baseline, and where rows come in groups.
  public let baseline: [BaselineTest]
  /// Every pair of models, in the order of the models; none where rows come in groups, since the tests are
  /// those of independent rows.
  public let pairs: [PairTests]

  public func intervals(of model: String) -> MetricValues<MetricInterval>? {
    models.first { $0.name == model }?.validate
  }
}

/// The intervals of one model's metrics on the test rows.
public struct ModelIntervals: Codable, Hashable, Sendable {
  public let name: String
  /// One for each metric, with a reason where it has none.
  public let validate: MetricValues<MetricInterval>
}

/// How sure the value of the best of several models is on the rows that it was chosen by.
///
/// The best is partly the luckiest. Each of k models has an interval with a confidence of 1 − 0.05/k,
/// so that all of them hold their true values in 95 % of cases (Bonferroni), and so does the best's.
public struct BestInterval: Codable, Hashable, Sendable {
  public let name: String
  /// The confidence of its own interval: for 95 % and four models 0.9875.
  public let confidence: Double
  /// `nil` where none is known that holds.
  public let interval: Interval?
}

/// Whether a model is right more often, or less often, than always predicting the most frequent
/// class.
///
/// Both are exact one-sided tests of McNemar's, corrected by Holm over the models.
public struct BaselineTest: Codable, Hashable, Sendable {
  public let name: String
  /// How many test rows only the model, and only the baseline, predicted rightly.
  public let modelOnly: Int
  public let baselineOnly: Int
  /// The probability of such a lead of the model if both err equally often.
  public let better: Double
  public let betterHolm: Double
  /// The same of the baseline's lead.
  public let worse: Double
  public let worseHolm: Double

  private enum CodingKeys: String, CodingKey {
    case name
    case modelOnly = "model_only"
    case baselineOnly = "baseline_only"
    case better = "better_p"
    case betterHolm = "better_p_holm"
    case worse = "worse_p"
    case worseHolm = "worse_p_holm"
  }

  /// - Parameters:
  ///   - runs: models judged on the same test rows.
  ///   - label: the class that the baseline always predicts.
  static func tests(_ runs: [ScoredPredictions], always label: Int) -> [BaselineTest] {
    let tests = runs.map { run in
      McNemarTest(
        actual: run.actual, first: run.predicted,
        second: [Int](repeating: label, count: run.predicted.count))
    }
    let better = HolmCorrection.corrected(tests.map(\.firstBetter))
    let worse = HolmCorrection.corrected(tests.map(\.secondBetter))
    return runs.indices.map { index in
      BaselineTest(
        name: runs[index].name, modelOnly: tests[index].firstOnly,
        baselineOnly: tests[index].secondOnly, better: tests[index].firstBetter,
        betterHolm: better[index], worse: tests[index].secondBetter, worseHolm: worse[index])
    }
  }
}

/// What tests on the test rows say about two models.
public struct PairTests: Codable, Hashable, Sendable {
  public let first: String
  public let second: String
  /// Whether both err equally often.
  public let mcNemar: McNemarTest
  /// Its probability after Holm's correction over all pairs.
  public let mcNemarHolm: Double
  /// Whether both have the same area under the ROC curve; `nil` where that cannot be told, see
  /// ``DeLongTest``.
  public let deLong: DeLongTest?
  public let deLongHolm: Double?

  private enum CodingKeys: String, CodingKey {
    case first, second
    case mcNemar = "mcnemar"
    case mcNemarHolm = "mcnemar_p_holm"
    case deLong = "delong"
    case deLongHolm = "delong_p_holm"
  }
}

extension SplitStatistics {
  /// Makes every model's intervals, and tests every model against the baseline and every pair of
  /// models.
  ///
  /// - Parameters:
  ///   - runs: models judged on the same test rows; at least one.
  ///   - baseline: the class that a baseline always predicts.
  ///   - areChosenFrom: whether the best model is chosen by these rows.
  ///   - groups: the group of each test row; `nil` where rows are independent.
  ///   - threads: how many threads may work; it never changes the result.
  public init(
    _ runs: [ScoredPredictions], baseline: String, intervals: MetricIntervals,
    areChosenFrom: Bool, groups: SampleGroups? = nil, threads: Int
  ) {
    let metricsOfBest = Self.metricsOfBest(of: runs)
    let confidenceOfBest = 1 - (1 - intervals.confidence) / Double(runs.count)
    let parts = Parallelism.map(runs.count, threads: threads) { index, _ in
      let run = runs[index]
      let areas = AreaInfluences(actual: run.actual, scores: run.probabilities)
      let (own, best) = intervals.intervals(
        actual: run.actual, predicted: run.predicted, probabilities: run.probabilities,
        classNames: run.classNames, areas: areas, groups: groups, stream: index,
        others: (areChosenFrom ? metricsOfBest[index] : [], confidenceOfBest))
      return (areas: areas, intervals: own, best: best)
    }
    confidence = intervals.confidence
    draws = intervals.draws
    seed = intervals.seed
    self.groups = groups?.count
    models = zip(runs, parts).map { ModelIntervals(name: $0.name, validate: $1.intervals) }
    if areChosenFrom {
      var best = MetricValues<BestInterval>()
      for (index, metrics) in metricsOfBest.enumerated() {
        for metric in metrics {
          best[metric] = BestInterval(
            name: runs[index].name, confidence: confidenceOfBest,
            interval: parts[index].best[metric]?.interval)
        }
      }
      self.best = best
    }
    guard groups == nil else {
      (self.baseline, pairs) = ([], [])
      return
    }
    let label = runs.first?.classNames.firstIndex(of: baseline)
    self.baseline = label.map { BaselineTest.tests(runs, always: $0) } ?? []

    let indices = runs.indices.flatMap { first in
      runs.indices.dropFirst(first + 1).map { (first, $0) }
    }
    let mcNemar = indices.map { first, second in
      McNemarTest(
        actual: runs[first].actual, first: runs[first].predicted,
        second: runs[second].predicted)
    }
    let deLong = Parallelism.map(indices.count, threads: threads) { place, _ -> DeLongTest? in
      let (first, second) = indices[place]
      guard let firstAreas = parts[first].areas, let secondAreas = parts[second].areas else {
        return nil
      }
      return DeLongTest(
        actual: runs[first].actual, first: firstAreas, second: secondAreas)
    }
    let mcNemarHolm = HolmCorrection.corrected(mcNemar.map(\.p))
    var deLongHolm = HolmCorrection.corrected(deLong.compactMap { $0?.p })[...]
    pairs = indices.enumerated().map { place, pair in
      PairTests(
        first: runs[pair.0].name, second: runs[pair.1].name, mcNemar: mcNemar[place],
        mcNemarHolm: mcNemarHolm[place], deLong: deLong[place],
        deLongHolm: deLong[place].flatMap { _ in deLongHolm.popFirst() })
    }
  }

  /// The metrics by which each model alone is the best.
  private static func metricsOfBest(of runs: [ScoredPredictions]) -> [[Metric]] {
    var metrics = [[Metric]](repeating: [], count: runs.count)
    for metric in runs.count > 1 ? Metric.allCases : [] {
      let values = runs.map { $0.report.shown.values[metric] }
      let best = metric.best(values)
      let places = values.indices.filter { values[$0] != nil && values[$0] == best }
      if places.count == 1 { metrics[places[0]].append(metric) }
    }
    return metrics
  }
}
