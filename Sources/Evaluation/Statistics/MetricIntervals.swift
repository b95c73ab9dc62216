public import LinearAlgebra

/// Makes intervals for every metric of a model's predictions for test rows.
///
/// An interval is to hold the true value in 95 % of cases; `docs/statistics.md` has the formulas, and
/// what a simulation found. Where none is known that does, there is no interval but a reason.
public struct MetricIntervals: Hashable, Sendable {
  /// How often shares are drawn for intervals that have no formula. The default is 10,000.
  public var draws: Int
  /// The share of cases in which an interval is to hold the true value. The default is 0.95.
  public var confidence: Double
  public var seed: UInt32

  public init(draws: Int = 10_000, confidence: Double = 0.95, seed: UInt32 = 42) {
    precondition(draws > 0 && confidence > 0 && confidence < 1)
    self.draws = draws
    self.confidence = confidence
    self.seed = seed
  }

  /// - Parameters:
  ///   - actual: the true class of each row; at least one row.
  ///   - predicted: the class that was predicted for it.
  ///   - probabilities: one row per row, one column per class.
  ///   - areas: ``AreaInfluences`` of the same rows, `nil` where they are not defined.
  ///   - groups: the group of each row; `nil` where rows are independent.
  ///   - stream: a number that sets these draws apart from others with the same seed.
  /// - Returns: something for each metric that says something about so many classes.
  public func intervals(
    actual: [Int], predicted: [Int], probabilities: Matrix, classNames: [String],
    areas: AreaInfluences?, groups: SampleGroups? = nil, stream: Int
  ) -> MetricValues<MetricInterval> {
    intervals(
      actual: actual, predicted: predicted, probabilities: probabilities, classNames: classNames,
      areas: areas, groups: groups, stream: stream, others: ([], confidence)
    ).own
  }

  /// The same, and intervals of some metrics with another confidence, from the same draws.
  public func intervals(
    actual: [Int], predicted: [Int], probabilities: Matrix, classNames: [String],
    areas: AreaInfluences?, groups: SampleGroups? = nil, stream: Int,
    others: (metrics: [Metric], confidence: Double)
  ) -> (own: MetricValues<MetricInterval>, others: MetricValues<MetricInterval>) {
    precondition(!actual.isEmpty, "there must be a row")
    let report = ClassificationReport(
      actual: actual, predicted: predicted, probabilities: probabilities, classNames: classNames)
    var rows = JudgedRows(
      actual: actual, matrix: report.confusionMatrix, classNames: classNames,
      losses: actual.enumerated().map { LogLoss.of(probabilities[$0, $1]) }, areas: areas,
      draws: draws, seed: UInt64(seed) << 32 | UInt64(stream * 2))
    var grouped = groups.map {
      GroupIntervals(
        actual: actual, predicted: predicted, classNames: classNames, losses: rows.losses,
        groups: $0,
        jackknife: GroupJackknife(
          actual: actual, predicted: predicted, classCount: classNames.count, losses: rows.losses,
          areas: areas, scores: { probabilities.column($0) }, groups: $0),
        confidence: confidence)
    }
    func all(_ metrics: [Metric], confidence: Double) -> MetricValues<MetricInterval> {
      grouped?.confidence = confidence
      var result = MetricValues<MetricInterval>()
      for metric in metrics {
        if let value = report[metric] {
          result[metric] =
            grouped?.interval(of: metric, value)
            ?? rows.interval(of: metric, value, confidence: confidence)
        } else {
          result[metric] = MetricInterval(
            nil, reason: rows.matrix.gap(for: metric, classNames: classNames) ?? "it has no value")
        }
      }
      return result
    }
    return (
      all(Metric.shown(classCount: classNames.count), confidence: confidence),
      all(others.metrics, confidence: others.confidence)
    )
  }
}

/// What intervals are made from.
private struct JudgedRows {
  /// Beyond two classes, each class has at least so many rows where metrics of the confusion matrix
  /// have intervals.
  private static let fewestForMeans = 5
  /// Beyond two classes, each class has at least so many rows where the area has an interval.
  private static let fewestForArea = 10
  /// Each class has at least so many rows where the log loss has an interval.
  private static let fewestForLoss = 30
  /// So many rows at least were predicted wrongly where the log loss has an interval: most of the
  /// loss of a model that is nearly always right is that of mistakes which so few rows do not show.
  private static let fewestMistakes = 5

  let actual: [Int]
  let matrix: ConfusionMatrix
  let classNames: [String]
  let losses: [Double]
  let areas: AreaInfluences?
  let draws: Int
  let seed: UInt64
  lazy var drawnMeasures = DrawnMeasures(matrix, draws: draws, seed: seed)
  lazy var drawnLoss = DrawnLoss(losses, draws: draws, seed: seed | 1)

  private var isBinary: Bool { classNames.count == 2 }
  private var hits: [Int] { matrix.counts.indices.map { matrix[actual: $0, predicted: $0] } }

  /// An interval that is drawn; `nil` where a class of more than two has too few rows.
  private mutating func drawnInterval(of metric: Metric, confidence: Double) -> Interval? {
    guard isBinary || scarce(Self.fewestForMeans) == nil else { return nil }
    return drawnMeasures.interval(of: metric, confidence: confidence)
  }

  /// The first class that has fewer rows, in words.
  private func scarce(_ fewest: Int) -> String? {
    zip(classNames, matrix.actualCounts).first { $1 < fewest }
      .map { "“\($0)” has \($1) rows, an interval needs \(fewest)" }
  }

  mutating func interval(
    of metric: Metric, _ value: Double, confidence: Double
  ) -> MetricInterval {
    func share(_ hits: Int, of total: Int) -> Interval {
      ClopperPearson.interval(hits, of: total, confidence: confidence)
    }
    switch metric {
    case .accuracy, .weightedRecall:
      return MetricInterval(
        value, share(hits.reduce(0, +), of: matrix.total), .clopperPearson)
    case .precision where isBinary:
      return MetricInterval(
        value, share(hits[1], of: matrix.predictedCounts[1]), .clopperPearson)
    case .recall where isBinary:
      return MetricInterval(value, share(hits[1], of: matrix.actualCounts[1]), .clopperPearson)
    case .f1 where isBinary:
      // F1 is 2J / (1 + J) of J, the share of hits among all rows that are positive or taken for
      // it.
      let either = matrix.predictedCounts[1] + matrix.actualCounts[1] - hits[1]
      let jaccard = share(hits[1], of: either)
      func f1(_ j: Double) -> Double { 2 * j / (1 + j) }
      return MetricInterval(
        value, Interval(lower: f1(jaccard.lower), upper: f1(jaccard.upper)), .clopperPearson)
    case .balancedAccuracy where isBinary:
      let recalls = zip(hits, matrix.actualCounts).map { hits, size in
        (estimate: Double(hits) / Double(size), interval: share(hits, of: size))
      }
      return MetricInterval(value, SquareAndAdd.mean(recalls), .squareAndAdd)
    case .rocAUC: return area(value, confidence: confidence)
    case .logLoss: return loss(value, confidence: confidence)
    default:
      guard let interval = drawnInterval(of: metric, confidence: confidence) else {
        return MetricInterval(
          value, reason: scarce(Self.fewestForMeans) ?? "it is not defined for drawn shares")
      }
      return MetricInterval(value, interval, .dirichlet)
    }
  }

  private func area(_ value: Double, confidence: Double) -> MetricInterval {
    guard let areas else { return MetricInterval(value, reason: "the areas are not known") }
    if !isBinary, let reason = scarce(Self.fewestForArea) {
      return MetricInterval(value, reason: reason)
    }
    let (interval, method) = areas.interval(actual: actual, confidence: confidence)
    return MetricInterval(value, interval, method)
  }

  private mutating func loss(_ value: Double, confidence: Double) -> MetricInterval {
    let impossible = losses.count { $0 >= LogLoss.largest }
    if impossible > 0 {
      return MetricInterval(
        value,
        reason: (impossible == 1
          ? "1 row got probability 0 for its class, and adds"
          : "\(impossible) rows got probability 0 for their class, and each adds")
          + " 36.04 to the sum of losses")
    }
    if let reason = scarce(Self.fewestForLoss) { return MetricInterval(value, reason: reason) }
    let mistakes = matrix.total - hits.reduce(0, +)
    guard mistakes >= Self.fewestMistakes else {
      return MetricInterval(
        value,
        reason: "\(mistakes) rows are predicted wrongly, an interval needs \(Self.fewestMistakes)")
    }
    return MetricInterval(
      value, drawnLoss.interval(confidence: confidence), .bayesianBootstrap)
  }
}
