/// Student's t distribution.
///
/// - SeeAlso: Student, "The probable error of a mean", 1908, doi:10.2307/2331554.
public struct StudentT: Hashable, Sendable {
  /// Above 0.
  public let degreesOfFreedom: Double

  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "there must be degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of a value of at most `t`.
  public func cumulative(_ t: Double) -> Double {
    t > 0 ? 1 - twoSided(t) / 2 : twoSided(t) / 2
  }

  /// The probability of a value at least as far from 0 as `t`, on either side.
  public func twoSided(_ t: Double) -> Double {
    guard t.isFinite else { return t.isNaN ? .nan : 0 }
    let square = t * t
    // Of the two equal forms, the one whose argument has not been rounded to 1.
    return square < degreesOfFreedom
      ? 1
        - IncompleteBeta.regularized(
          square / (degreesOfFreedom + square), 0.5, degreesOfFreedom / 2)
      : IncompleteBeta.regularized(
        degreesOfFreedom / (degreesOfFreedom + square), degreesOfFreedom / 2, 0.5)
  }

  /// The value that is not exceeded with probability `p`, above 0 and below 1: by bisection, which
  /// needs no derivative and is quick enough for the few intervals of a comparison.
  public func quantile(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    if p > 0.5 { return -quantile(1 - p) }
    var low = -1.0
    while cumulative(low) > p { low *= 2 }
    return Bisection.last(from: low, to: 0) { cumulative($0) < p }
  }
}
