/// Whether two classifiers have the same area under the ROC curve on the same samples.
///
/// Beyond two classes, the areas are means over the classes, each against the rest; the test is then
/// the same for a statistic of several samples instead of two, one sample per class.
///
/// - SeeAlso: DeLong, DeLong and Clarke-Pearson, "Comparing the areas under two or more correlated
///   receiver operating characteristic curves", 1988, doi:10.2307/2531595.
public struct DeLongTest: Codable, Hashable, Sendable {
  /// The first area minus the second.
  public let difference: Double
  public let standardError: Double
  /// `nil` where the standard error is 0.
  public let z: Double?
  /// The probability of a difference at least as far from 0 if the areas are equal.
  public let p: Double

  private enum CodingKeys: String, CodingKey {
    case difference
    case standardError = "standard_error"
    case z, p
  }

  /// - Parameter actual: the true class of each sample.
  public init(actual: [Int], first: AreaInfluences, second: AreaInfluences) {
    difference = first.area - second.area
    let variance = AreaInfluences.variance(
      zip(first.influences, second.influences).map { $0 - $1 }, actual: actual)
    standardError = variance.squareRoot()
    if standardError > 0 {
      let z = difference / standardError
      self.z = z
      p = StandardNormal.twoSided(z)
    } else {
      z = nil
      p = difference == 0 ? 1 : 0
    }
  }
}
