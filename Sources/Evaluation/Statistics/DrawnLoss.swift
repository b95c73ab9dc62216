/// Draws of a mean loss, whose distribution may have a long tail, for its intervals.
///
/// The samples' weights are drawn as the shares of a population (the Bayesian bootstrap). A tail
/// that few samples or none have shown makes such a mean too small, so that for the high limit one
/// more sample has the largest loss, and for the low limit one more has the smallest.
///
/// - SeeAlso: Rubin, "The Bayesian bootstrap", 1981, doi:10.1214/aos/1176345338; Gaffke, "Three test
///   statistics for a nonparametric one-sided hypothesis on the mean of a nonnegative variable", 2005,
///   which adds a sample of the largest possible value.
struct DrawnLoss {
  /// Up to that many different losses are parts of their own; more are cut into so many ranges of
  /// equal width and so many of equal size.
  private static let mostLosses = 32

  private let estimate: Double
  private var low, high: OrderStatistics

  /// - Parameter losses: of each sample; at least one.
  init(_ losses: [Double], draws: Int, seed: UInt64) {
    precondition(!losses.isEmpty, "there must be a sample")
    estimate = losses.reduce(0, +) / Double(losses.count)
    let parts = Self.parts(losses.ascending)
    // The last part is the added sample.
    var source = DirichletDraws(parts.map { Double($0.count) } + [1], seed: seed)
    var weights = [Double](repeating: 0, count: parts.count + 1)
    var low: [Double] = []
    var high: [Double] = []
    low.reserveCapacity(draws)
    high.reserveCapacity(draws)
    for _ in 0..<draws {
      source.draw(into: &weights)
      var sum = 0.0
      var total = weights[parts.count]
      for (index, part) in parts.enumerated() {
        sum += weights[index] * part.mean
        total += weights[index]
      }
      low.append((sum + weights[parts.count] * parts[0].least) / total)
      high.append((sum + weights[parts.count] * parts[parts.count - 1].largest) / total)
    }
    self.low = OrderStatistics(low)
    self.high = OrderStatistics(high)
  }

  mutating func interval(confidence: Double) -> Interval {
    let tail = (1 - confidence) / 2
    return Interval(
      lower: min(low.quantile(tail), estimate), upper: max(high.quantile(1 - tail), estimate))
  }

  private typealias Part = (least: Double, largest: Double, mean: Double, count: Int)

  /// - Parameter sorted: the losses, ascending.
  private static func parts(_ sorted: [Double]) -> [Part] {
    let changes = zip(sorted.dropFirst(), sorted).count { $0 != $1 }
    let width = (sorted[sorted.count - 1] - sorted[0]) / Double(mostLosses)
    func band(_ index: Int) -> (Int, Int) {
      (index * mostLosses / sorted.count, Int((sorted[index] - sorted[0]) / width))
    }
    var parts: [Part] = []
    var first = 0
    for index in sorted.indices.dropFirst() + [sorted.count] {
      let isCut =
        index == sorted.count
        || sorted[index] != sorted[index - 1]
          && (changes < mostLosses || band(index) != band(first))
      guard isCut else { continue }
      let part = sorted[first..<index]
      parts.append(
        (sorted[first], sorted[index - 1], part.reduce(0, +) / Double(part.count), part.count))
      first = index
    }
    return parts
  }
}
