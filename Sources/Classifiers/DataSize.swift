/// The size of a fit's data, for estimates of its time.
///
/// Estimates are based on measurements on one core of a server of 2023. Another machine differs by a common factor,
/// which does not change how work is divided. They use only operations that every machine rounds in the same way,
/// so that all machines divide the work in the same way.
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

  /// The binary logarithm, interpolated linearly between powers of two, since the C library's may differ from machine
  /// to machine.
  static func log2(_ value: Double) -> Double { Double(value.exponent) + value.significand - 1 }
}
