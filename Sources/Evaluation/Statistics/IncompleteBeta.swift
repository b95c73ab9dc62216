#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The beta distribution, from which the limits of shares and the tails of Student's t follow.
enum IncompleteBeta {
  /// The share of the beta distribution with parameters `a` and `b`, both above 0, that lies below
  /// `x`.
  ///
  /// The continued fraction is evaluated from the front by Lentz's method; it converges quickly on
  /// the side of the mean that the symmetry I(x; a, b) = 1 − I(1 − x; b, a) leads to.
  ///
  /// - SeeAlso: NIST Digital Library of Mathematical Functions, 8.17.22, and Lentz, "Generating
  ///   Bessel functions in Mie scattering calculations using continued fractions", 1976,
  ///   doi:10.1364/AO.15.000668.
  static func regularized(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - regularized(1 - x, b, a) }
    let logBeta = lgamma(a) + lgamma(b) - lgamma(a + b)
    let front = exp(a * log(x) + b * log1p(-x) - logBeta) / a
    return front / fraction(x, a, b)
  }

  /// The point below which the share `p` of the distribution lies, for `p` above 0 and below 1.
  static func quantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
    Bisection.last(from: 0, to: 1) { regularized($0, a, b) < p }
  }

  /// 1 + d₁ / (1 + d₂ / (1 + …)) of the reference.
  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    // Stands for a denominator of zero.
    let tiny = 1e-300
    func nonZero(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var value = 1.0
    var upper = 1.0
    var lower = 0.0
    for step in 1...10_000 {
      let m = Double(step / 2)
      let d =
        step % 2 == 0
        ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      lower = 1 / nonZero(1 + d * lower)
      upper = nonZero(1 + d / upper)
      let change = upper * lower
      value *= change
      if abs(change - 1) < Double.ulpOfOne { break }
    }
    return value
  }
}
