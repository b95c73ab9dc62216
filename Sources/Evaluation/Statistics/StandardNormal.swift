#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The normal distribution with mean 0 and deviation 1.
public enum StandardNormal {
  /// The probability of a value of at most `z`.
  public static func cumulative(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

  /// The density at `z`.
  public static func density(_ z: Double) -> Double {
    exp(-z * z / 2) / (2 * Double.pi).squareRoot()
  }

  /// The probability of a value at least as far from 0 as `z`, on either side.
  public static func twoSided(_ z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }

  /// The value that is not exceeded with probability `p`: infinite for 0 and 1, not a number outside.
  ///
  /// A rational approximation, good to three digits, is refined by Halley's method, which triples
  /// them each time.
  ///
  /// - SeeAlso: Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964, 26.2.23.
  public static func quantile(_ p: Double) -> Double {
    guard p >= 0, p <= 1 else { return .nan }
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    // Where p is near 1, 1 - p has lost the digits that count already; nothing more is lost here.
    if p > 0.5 { return -quantile(1 - p) }
    let t = (-2 * log(p)).squareRoot()
    var z =
      -(t
      - (2.515517 + t * (0.802853 + t * 0.010328))
        / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))))
    for _ in 0..<3 {
      let density = density(z)
      guard density > 0 else { break }
      let step = (cumulative(z) - p) / density
      z -= step / (1 + z * step / 2)
    }
    return z
  }
}
