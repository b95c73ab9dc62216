#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The loss of one sample.
enum LogLoss {
  /// The negative logarithm of the probability given to the true class, which is kept away from 0
  /// and 1 by the precision of a Double.
  static func of(_ probability: Double) -> Double {
    -log(min(max(probability, Double.ulpOfOne), 1 - Double.ulpOfOne))
  }

  /// The loss of a sample whose true class got probability 0: about 36.04.
  static let largest = of(0)
}
