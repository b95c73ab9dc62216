/// How much data a fit has to do with, for estimates of what it will cost.
///
/// Estimates were measured on one core of a server of 2023; on another machine all of them are wrong by
/// a common factor, which does not change how work is divided. They use only operations that every machine
/// rounds alike, so that all machines divide it alike.
public struct DataSize: Hashable, Sendable {
  public let trainingRows: Double
  public let testRows: Double
  public let features: Double
  public let classes: Double

  public init(trainingRows: Int, testRows: Int, features: Int, classes: Int) {
    self.trainingRows = Double(max(1, trainingRows))
    self.testRows = Double(max(1, testRows))
    self.features = Double(features)
    self.classes = Double(classes)
  }

  /// The binary logarithm, by straight lines between powers of two: the C library's may differ in its
  /// last digit from machine to machine.
  static func log2(_ value: Double) -> Double { Double(value.exponent) + value.significand - 1 }
}
