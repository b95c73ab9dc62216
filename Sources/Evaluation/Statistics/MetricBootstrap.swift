public import LinearAlgebra

/// Bootstrap intervals for every metric.
///
/// What is drawn are counts of samples that no metric tells apart, which has the same distribution as
/// drawing the samples and costs much less; `docs/statistics.md` says how, and where it is not exact.
public struct MetricBootstrap: Hashable, Sendable {
  /// How many times the samples are resampled. The default is 10,000.
  public var resamples: Int
  /// The share of cases in which an interval is to hold the true value. The default is 0.95.
  public var confidence: Double
  public var seed: UInt32

  public init(resamples: Int = 10_000, confidence: Double = 0.95, seed: UInt32 = 42) {
    precondition(resamples > 0 && confidence > 0 && confidence < 1)
    self.resamples = resamples
    self.confidence = confidence
    self.seed = seed
  }

  /// Tables of more than two classes with at most so many samples times classes have their areas
  /// computed again for each resample; beyond, areas are taken for sums of the samples' influences.
  private static let mostAreaSteps = 4_000

  /// - Parameters:
  ///   - actual: the true class of each sample; at least one sample.
  ///   - predicted: the class that was predicted for it.
  ///   - probabilities: one row per sample, one column per class.
  ///   - areas: ``AreaInfluences`` of the same samples, `nil` where they are not defined.
  ///   - stream: a number that sets these draws apart from others with the same seed.
  public func intervals(
    actual: [Int], predicted: [Int], probabilities: Matrix, areas: AreaInfluences?, stream: Int
  ) -> MetricValues<BootstrapInterval> {
    precondition(!actual.isEmpty, "there must be a sample")
    var result = MetricValues<BootstrapInterval>()
    func add(_ metrics: [Metric], _ cells: some CellStatistic, part: Int) {
      let intervals = cells.bootstrapIntervals(
        resamples: resamples, confidence: confidence,
        seed: UInt64(seed) << 32 | UInt64(stream * 4 + part))
      for (metric, interval) in zip(metrics, intervals) { result[metric] = interval }
    }
    if probabilities.columnCount == 2 {
      add(
        BinaryScoreCells.metrics,
        BinaryScoreCells(actual: actual, predicted: predicted, probabilities: probabilities),
        part: 0)
      for metric in Metric.allCases where metric.isForManyClasses { result[metric] = nil }
      return result
    }
    add(
      ConfusionCells.metrics,
      ConfusionCells(
        ConfusionMatrix(
          actual: actual, predicted: predicted, classCount: probabilities.columnCount)),
      part: 1)
    add(
      [.logLoss],
      SumCells(actual.enumerated().map { LogLoss.of(probabilities[$0, $1]) }), part: 2)
    guard let areas else { return result }
    if actual.count * probabilities.columnCount <= Self.mostAreaSteps {
      add([.rocAUC], AreaRows(actual: actual, scores: probabilities), part: 3)
    } else {
      add(
        [.rocAUC],
        SumCells(start: areas.area, areas.influences.map { $0 * Double(actual.count) }), part: 3)
    }
    return result
  }
}
