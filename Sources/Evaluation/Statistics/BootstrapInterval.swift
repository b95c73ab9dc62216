/// How far a number can be trusted, from its values on resampled data.
///
/// - SeeAlso: Efron, "Better bootstrap confidence intervals", 1987,
///   doi:10.1080/01621459.1987.10478410.
public struct BootstrapInterval: Codable, Hashable, Sendable {
  /// The number itself, from the data as they are.
  public let estimate: Double
  /// The deviation of the resampled values.
  public let standardError: Double
  /// Between the percentiles of the resampled values.
  public let percentile: Interval
  /// Between percentiles that are moved for bias and for a spread that changes with the number itself
  /// (bias-corrected and accelerated). The percentile interval where all resampled values are equal.
  public let bca: Interval

  private enum CodingKeys: String, CodingKey {
    case estimate
    case standardError = "standard_error"
    case percentile, bca
  }

  /// - Parameters:
  ///   - estimate: the number from the data as they are.
  ///   - replicates: its values on resampled data, in any order; those that are not numbers are left
  ///     out. At least one is a number.
  ///   - acceleration: see ``acceleration(leavingOneOut:)``.
  ///   - confidence: the share of cases in which the interval is to hold the true value.
  public init(
    estimate: Double, replicates: [Double], acceleration: Double, confidence: Double = 0.95
  ) {
    let values = replicates.filter { !$0.isNaN }
    precondition(!values.isEmpty, "there must be a resampled value")
    var ordered = OrderStatistics(values)
    self.estimate = estimate
    standardError = Moments(values).deviation
    let tail = (1 - confidence) / 2
    percentile = Interval(lower: ordered.quantile(tail), upper: ordered.quantile(1 - tail))
    let bias = StandardNormal.quantile(Self.share(of: values, below: estimate))
    func moved(_ probability: Double) -> Double {
      let sum = bias + StandardNormal.quantile(probability)
      return StandardNormal.cumulative(bias + sum / (1 - acceleration * sum))
    }
    let lower = moved(tail)
    let upper = moved(1 - tail)
    bca =
      bias.isFinite && lower.isFinite && upper.isFinite
      ? Interval(lower: ordered.quantile(lower), upper: ordered.quantile(upper)) : percentile
  }

  /// The share of values below a number, those equal to it counted by half.
  private static func share(of values: [Double], below number: Double) -> Double {
    var halves = 0
    for value in values { halves += (value < number ? 1 : 0) + (value <= number ? 1 : 0) }
    return Double(halves) / Double(2 * values.count)
  }

  /// A sixth of the skewness of the influence that single samples have, by the jackknife.
  ///
  /// - Parameter values: the number without one sample, and how many samples that is true of; those
  ///   that are not numbers are left out.
  public static func acceleration(leavingOneOut values: [(value: Double, count: Int)]) -> Double {
    let known = values.filter { $0.value.isFinite }
    let count = known.reduce(0) { $0 + $1.count }
    guard count > 0 else { return 0 }
    let mean = known.reduce(0) { $0 + $1.value * Double($1.count) } / Double(count)
    var squares = 0.0
    var cubes = 0.0
    for (value, count) in known {
      let rest = mean - value
      squares += Double(count) * rest * rest
      cubes += Double(count) * rest * rest * rest
    }
    return squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0
  }
}
