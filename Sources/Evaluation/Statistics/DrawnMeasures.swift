/// Draws of the metrics that follow from a confusion matrix, by the cells' true shares, for their intervals.
struct DrawnMeasures {
  private let estimates: MetricValues<Double>
  /// In the order of ``ConfusionMeasures/metrics``.
  private var low, high: [OrderStatistics]

  /// A low limit is that of a matrix with half a mistake more for each class, spread over the ways to be wrong about
  /// it, and a high limit that of one with half a hit more for each. Clopper and Pearson's limits come about in the
  /// same way from one mistake and one hit more; without either, a class that is rarely met has limits that are too
  /// narrow, and so has a model that is nearly always right.
  ///
  /// - Parameter matrix: of at least two classes.
  init(_ matrix: ConfusionMatrix, draws: Int, seed: UInt64) {
    estimates = ConfusionMeasures.values(matrix)
    let classCount = matrix.classCount
    let counts = matrix.counts.joined().map(Double.init)
    let isHit = counts.indices.map { $0 / classCount == $0 % classCount }
    func draw(_ additions: [Double], seed: UInt64) -> [OrderStatistics] {
      Self.replicates(zip(counts, additions).map { $0 + $1 }, classCount, draws: draws, seed: seed)
    }
    low = draw(isHit.map { $0 ? 0 : 0.5 / Double(classCount - 1) }, seed: seed)
    high = draw(isHit.map { $0 ? 0.5 : 0 }, seed: ~seed)
  }

  /// - Returns: an interval that holds the estimate; `nil` for a metric that is none of ``ConfusionMeasures/metrics``, or
  ///   has no value.
  mutating func interval(of metric: Metric, confidence: Double) -> Interval? {
    guard let index = ConfusionMeasures.metrics.firstIndex(of: metric),
      let estimate = estimates[metric]
    else { return nil }
    let tail = (1 - confidence) / 2
    return Interval(
      lower: min(low[index].quantile(tail), estimate),
      upper: max(high[index].quantile(1 - tail), estimate))
  }

  /// The metrics' values for drawn shares of the cells.
  private static func replicates(
    _ shapes: [Double], _ classCount: Int, draws: Int, seed: UInt64
  ) -> [OrderStatistics] {
    var source = DirichletDraws(shapes, seed: seed)
    var cells = [Double](repeating: 0, count: shapes.count)
    var sums = [[Double]](repeating: [Double](repeating: 0, count: classCount), count: 3)
    var values = [Double](repeating: 0, count: ConfusionMeasures.metrics.count)
    var all = [[Double]](repeating: [], count: values.count)
    for index in all.indices { all[index].reserveCapacity(draws) }
    for _ in 0..<draws {
      source.draw(into: &cells)
      for label in 0..<classCount {
        var size = 0.0
        var guess = 0.0
        for other in 0..<classCount {
          size += cells[label * classCount + other]
          guess += cells[other * classCount + label]
        }
        sums[0][label] = cells[label * classCount + label]
        sums[1][label] = size
        sums[2][label] = guess
      }
      ConfusionMeasures.write(
        hits: sums[0], sizes: sums[1], guesses: sums[2], classCount: classCount, into: &values)
      for index in values.indices { all[index].append(values[index]) }
    }
    return all.map { OrderStatistics($0) }
  }
}
