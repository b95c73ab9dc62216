/// The mean and the spread of numbers.
public struct Moments: Hashable, Sendable {
  public let mean: Double
  /// The sample variance, with one degree of freedom taken for the mean; 0 for a single number.
  public let variance: Double

  /// - Precondition: there is at least one number.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "there must be a number")
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    // What rounding makes of equal numbers is no spread.
    let rounding = count * Double.ulpOfOne * abs(mean)
    variance =
      values.count < 2 || squares <= count * rounding * rounding ? 0 : squares / (count - 1)
  }

  /// The sample deviation.
  public var deviation: Double { variance.squareRoot() }
}
