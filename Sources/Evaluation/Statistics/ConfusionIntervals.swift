/// Intervals of the metrics that follow from a confusion matrix, from draws of the cells' true
/// shares.
enum ConfusionIntervals {
  /// A low limit is that of a matrix with half a mistake more for each class, spread over the ways to be wrong about
  /// it, and a high limit that of one with half a hit more for each. Clopper and Pearson's limits come about in the
  /// same way from one mistake and one hit more; without either, a class that is rarely met has limits that are too
  /// narrow, and so has a model that is nearly always right.
  ///
  /// - Parameter matrix: of at least two classes.
  /// - Returns: an interval that holds the estimate for each of ``ConfusionMeasures/metrics``.
  static func intervals(
    _ matrix: ConfusionMatrix, draws: Int, confidence: Double, seed: UInt64
  ) -> MetricValues<Interval> {
    let classCount = matrix.classCount
    let tail = (1 - confidence) / 2
    let counts = matrix.counts.joined().map(Double.init)
    let isHit = counts.indices.map { $0 / classCount == $0 % classCount }
    func draw(_ additions: [Double], seed: UInt64) -> [OrderStatistics] {
      replicates(zip(counts, additions).map { $0 + $1 }, classCount, draws: draws, seed: seed)
    }
    var low = draw(isHit.map { $0 ? 0 : 0.5 / Double(classCount - 1) }, seed: seed)
    var high = draw(isHit.map { $0 ? 0.5 : 0 }, seed: ~seed)
    let estimates = ConfusionMeasures.values(matrix)
    var result = MetricValues<Interval>()
    for (index, metric) in ConfusionMeasures.metrics.enumerated() {
      guard let estimate = estimates[metric] else { continue }
      result[metric] = Interval(
        lower: min(low[index].quantile(tail), estimate),
        upper: max(high[index].quantile(1 - tail), estimate))
    }
    return result
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
