/// Whether two classifiers score equally on the folds of a cross-validation.
///
/// Folds share most of their training rows, so that their scores vary less than independent ones
/// would; the variance is therefore raised by the ratio of test rows to training rows.
///
/// - SeeAlso: Nadeau and Bengio, "Inference for the generalization error", 2003,
///   doi:10.1023/A:1024068626366.
public struct ResampledTTest: Codable, Hashable, Sendable {
  /// The mean of the differences, first minus second.
  public let meanDifference: Double
  /// The corrected standard error of the mean.
  public let standardError: Double
  public let t: Double
  public let degreesOfFreedom: Int
  /// The probability of a mean at least as far from 0 if both score equally.
  public let p: Double

  /// Below that many folds there is no test: with two, it errs in 6 to 13 % of cases instead of 5
  /// %.
  public static let fewestFolds = 5

  /// `nil` where there are fewer than ``fewestFolds``, and where every fold has the same
  /// difference, so that nothing tells how far chance reaches.
  ///
  /// - Parameters:
  ///   - differences: the first classifier's score minus the second's, fold by fold.
  ///   - testShare: how many test rows there are for each training row: 1 / (K − 1) for K folds.
  public init?(differences: [Double], testShare: Double) {
    guard differences.count >= Self.fewestFolds else { return nil }
    let moments = Moments(differences)
    guard moments.variance > 0 else { return nil }
    meanDifference = moments.mean
    degreesOfFreedom = differences.count - 1
    standardError = Self.standardError(moments, count: differences.count, testShare: testShare)
    t = meanDifference / standardError
    p = StudentT(degreesOfFreedom: Double(degreesOfFreedom)).twoSided(t)
  }

  private static func standardError(
    _ moments: Moments, count: Int, testShare: Double
  ) -> Double {
    ((1 / Double(count) + testShare) * moments.variance).squareRoot()
  }

  /// How far the mean of a score over folds is from its true value with a confidence of 95 %, on
  /// either side:
  ///
  ///     t · √(1/k + test rows / training rows) · s
  ///
  /// t is Student's with k − 1 degrees of freedom, s the sample deviation of the k scores. `nil`
  /// for fewer than ``fewestFolds`` and for scores without spread.
  public static func reach(of scores: [Double], testShare: Double) -> Double? {
    guard scores.count >= fewestFolds else { return nil }
    let moments = Moments(scores)
    guard moments.variance > 0 else { return nil }
    return -StudentT(degreesOfFreedom: Double(scores.count - 1)).quantile(0.025)
      * standardError(moments, count: scores.count, testShare: testShare)
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
