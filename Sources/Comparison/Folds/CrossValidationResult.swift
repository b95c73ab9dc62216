public import Evaluation

/// The models' scores on the folds of a cross-validation.
public struct CrossValidationResult: Codable, Hashable, Sendable {
  public let folds: Int
  public let repeats: Int
  public let seed: UInt32
  /// The column of the groups that stay whole; `nil` where rows stand alone.
  public var group: String?
  /// The column of the times; `nil` where rows have no order. Folds in the order of time learn from more and more
  /// rows, and each is judged on a period of its own, so that the tests of folds do not hold: there are none, and no
  /// intervals.
  public var time: String?
  public let models: [ModelFolds]
  /// Every pair of models, in the order of the models; none where fewer than two folds are
  /// finished.
  public let pairs: [FoldTests]
}

/// One model's scores, fold by fold.
public struct ModelFolds: Codable, Hashable, Sendable {
  public let name: String
  /// In the order of repeats and folds; those that a time budget skipped are missing.
  public let folds: [DivisionScores]
  /// Of metrics that are defined in every finished fold.
  public let mean: MetricValues<Double>
  /// The sample deviation, with one degree of freedom taken for the mean.
  public let deviation: MetricValues<Double>
  /// Where the true mean lies with a confidence of 95 %; see
  /// ``ResampledTTest/reach(of:testShare:)``.
  public let interval: MetricValues<Interval>

  private enum CodingKeys: String, CodingKey {
    case name, folds, mean, deviation, interval
  }

  /// A notice about folds without scores; `nil` if there are none.
  public var notice: String? { folds.notice(of: name, "folds") }

  /// One metric, fold by fold; folds for which it is not defined are left out.
  public func scores(_ metric: Metric) -> [Double] { folds.compactMap { $0.scores[metric] } }
}

/// What the folds say about two models.
public struct FoldTests: Codable, Hashable, Sendable {
  public let first: String
  public let second: String
  /// Per metric, on the folds that both have; none where there are too few, where the metric is not
  /// defined in one of them, and where the difference is the same in all.
  public let metrics: MetricValues<FoldTest>
}

/// What the folds say about two models' scores in one metric.
public struct FoldTest: Codable, Hashable, Sendable {
  /// On first minus second.
  public let resampled: ResampledTTest
  /// Its probability after Holm's correction over all pairs.
  public let resampledHolm: Double
  /// Better means a higher score, or a lower one where the metric is a loss. `nil` where there is
  /// no difference that is known not to matter.
  public let bayesian: BayesianTTest?

  private enum CodingKeys: String, CodingKey {
    case resampled
    case resampledHolm = "resampled_p_holm"
    case bayesian
  }
}

extension ModelFolds {
  /// - Parameter areAlike: whether folds differ by chance only, so that their mean has an interval.
  init(name: String, folds: [DivisionScores], areAlike: Bool = true) {
    self.name = name
    self.folds = folds
    var mean = MetricValues<Double>()
    var deviation = MetricValues<Double>()
    var interval = MetricValues<Interval>()
    let testShare = Self.testShare(of: folds)
    for metric in Metric.allCases {
      let scores = folds.compactMap { $0.scores[metric] }
      guard !scores.isEmpty, scores.count == folds.count else { continue }
      let moments = Moments(scores)
      mean[metric] = moments.mean
      deviation[metric] = moments.deviation
      if areAlike, let reach = ResampledTTest.reach(of: scores, testShare: testShare) {
        interval[metric] = Interval(
          lower: moments.mean - reach, upper: moments.mean + reach)
      }
    }
    self.mean = mean
    self.deviation = deviation
    self.interval = interval
  }

  /// How many test rows there are for each training row, on average.
  fileprivate static func testShare(of folds: [DivisionScores]) -> Double {
    folds.isEmpty
      ? 0
      : folds.reduce(0) { $0 + Double($1.testRows) / Double($1.trainingRows) }
        / Double(folds.count)
  }
}

extension CrossValidationResult {
  /// Tests every pair of models on the folds that both have.
  ///
  /// - Parameter rope: a difference that does not matter, in any metric; `nil` for 0.01 in metrics
  ///   from 0 to 1.
  init(folds: FoldPlan, models: [ModelFolds], rope: Double? = nil) {
    self.folds = folds.count
    repeats = folds.repeats
    seed = folds.seed
    (group, time) = (folds.group, folds.time)
    self.models = models
    let tested = time == nil ? models.indices : 0..<0
    let pairs = tested.flatMap { first in
      models.indices.dropFirst(first + 1).map { (models[first], models[$0]) }
    }
    var tests = [MetricValues<FoldTest>](repeating: MetricValues(), count: pairs.count)
    for metric in Metric.allCases {
      let resampled = pairs.map { Self.test($0, $1, metric) }
      let holm = HolmCorrection.corrected(resampled.compactMap { $0?.p })
      var tested = 0
      for (index, test) in resampled.enumerated() {
        guard let test else { continue }
        tests[index][metric] = FoldTest(
          resampled: test, resampledHolm: holm[tested],
          bayesian: (rope ?? metric.usualRope).map {
            BayesianTTest(test, higherIsBetter: metric.higherIsBetter, rope: $0)
          })
        tested += 1
      }
    }
    self.pairs = zip(pairs, tests).filter { !$1.metrics.isEmpty }.map { pair, tests in
      FoldTests(first: pair.0.name, second: pair.1.name, metrics: tests)
    }
  }

  /// Tests first minus second on the folds that both have.
  private static func test(
    _ first: ModelFolds, _ second: ModelFolds, _ metric: Metric
  ) -> ResampledTTest? {
    let shared = first.folds.compactMap { mine in
      second.folds.first { $0.division == mine.division }.map { (mine: mine, theirs: $0) }
    }
    let differences = shared.compactMap { mine, theirs -> Double? in
      guard let a = mine.scores[metric], let b = theirs.scores[metric] else { return nil }
      return a - b
    }
    guard differences.count == shared.count else { return nil }
    return ResampledTTest(
      differences: differences, testShare: ModelFolds.testShare(of: shared.map(\.mine)))
  }
}

/// Written with null for metrics whose mean is not defined.
extension ModelFolds {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let metrics = mean.shown(classCount: folds.first?.confusionMatrix.classCount ?? 0)
    try container.encode(name, forKey: .name)
    try container.encode(folds, forKey: .folds)
    try mean.encode(to: container.superEncoder(forKey: .mean), metrics)
    try deviation.encode(to: container.superEncoder(forKey: .deviation), metrics)
    try container.encode(interval, forKey: .interval)
  }
}

extension Metric {
  /// A difference that hardly anybody minds; `nil` for metrics that do not go from 0 to 1.
  fileprivate var usualRope: Double? {
    switch self {
    case .logLoss, .cost, .matthewsCorrelation, .cohenKappa: nil
    default: 0.01
    }
  }
}
