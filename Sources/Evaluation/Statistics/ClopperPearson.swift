/// The interval of a share: how many of so many samples something is true of.
///
/// It holds the true share in at least the wished part of all cases, however few samples there are:
/// its limits are the shares at which as many hits or more, or as many or fewer, would be rare.
///
///     lower = B(α/2; x, m − x + 1),   upper = B(1 − α/2; x + 1, m − x)
///
/// B is the quantile of the beta distribution, x the number of hits among m.
///
/// - SeeAlso: Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the
///   case of the binomial", 1934, doi:10.1093/biomet/26.4.404.
public enum ClopperPearson {
  /// - Parameter total: at least 1.
  public static func interval(_ hits: Int, of total: Int, confidence: Double = 0.95) -> Interval {
    precondition(total > 0 && 0 <= hits && hits <= total, "some of at least one sample")
    let tail = (1 - confidence) / 2
    let (x, rest) = (Double(hits), Double(total - hits))
    return Interval(
      lower: hits == 0 ? 0 : IncompleteBeta.quantile(tail, x, rest + 1),
      upper: hits == total ? 1 : IncompleteBeta.quantile(1 - tail, x + 1, rest))
  }
}

/// The interval of a mean of several numbers that have intervals of their own.
///
/// The squares of the distances from number to limit are added like variances, with the numbers'
/// correlations:
///
///     lower = e − √(Σᵢⱼ rᵢⱼ (eᵢ − lᵢ)(eⱼ − lⱼ)) / k,   upper likewise
///
/// - SeeAlso: Zou and Donner, "Construction of confidence limits about effect measures: a general
///   approach", 2008, doi:10.1002/sim.3095; Newcombe, "Interval estimation for the difference
///   between independent proportions", 1998,
///   doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
enum SquareAndAdd {
  /// - Parameters:
  ///   - parts: each number with its interval; at least one.
  ///   - correlation: of the parts at two places; called for different places only.
  static func mean(
    _ parts: [(estimate: Double, interval: Interval)],
    correlation: (Int, Int) -> Double = { _, _ in 0 }
  ) -> Interval {
    let below = parts.map { $0.estimate - $0.interval.lower }
    let above = parts.map { $0.interval.upper - $0.estimate }
    var squares = (below: 0.0, above: 0.0)
    for first in parts.indices {
      squares.below += below[first] * below[first]
      squares.above += above[first] * above[first]
      for second in parts.indices.dropFirst(first + 1) {
        let shared = 2 * correlation(first, second)
        squares.below += shared * below[first] * below[second]
        squares.above += shared * above[first] * above[second]
      }
    }
    let count = Double(parts.count)
    let mean = parts.reduce(0) { $0 + $1.estimate } / count
    return Interval(
      lower: mean - max(0, squares.below).squareRoot() / count,
      upper: mean + max(0, squares.above).squareRoot() / count)
  }
}
