/// Whether two classifiers score equally on the folds of a cross-validation.
///
/// Folds share most of their training rows, so that their scores vary less than independent ones would;
/// the variance is therefore raised by the ratio of test rows to training rows.
///
/// - SeeAlso: Nadeau and Bengio, "Inference for the generalization error", 2003,
///   doi:10.1023/A:1024068626366.
public struct ResampledTTest: Codable, Hashable, Sendable {
  /// The mean of the differences, first minus second.
  public let meanDifference: Double
  /// The corrected standard error of the mean.
  public let standardError: Double
  /// `nil` where every fold has the same difference.
  public let t: Double?
  public let degreesOfFreedom: Int
  /// The probability of a mean at least as far from 0 if both score equally.
  public let p: Double

  /// - Parameters:
  ///   - differences: the first classifier's score minus the second's, fold by fold; at least two.
  ///   - testShare: how many test rows there are for each training row: 1 / (K − 1) for K folds.
  public init(differences: [Double], testShare: Double) {
    let moments = Moments(differences)
    meanDifference = moments.mean
    degreesOfFreedom = differences.count - 1
    standardError =
      ((1 / Double(differences.count) + testShare) * moments.variance).squareRoot()
    if standardError > 0 {
      let t = meanDifference / standardError
      self.t = t
      p = StudentT(degreesOfFreedom: Double(degreesOfFreedom)).twoSided(t)
    } else {
      t = nil
      p = meanDifference == 0 ? 1 : 0
    }
  }
}

extension ResampledTTest {
  private enum CodingKeys: String, CodingKey {
    case meanDifference = "mean_difference"
    case standardError = "standard_error"
    case t
    case degreesOfFreedom = "degrees_of_freedom"
    case p
  }
}
