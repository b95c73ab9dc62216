/// What the folds say about the difference of two classifiers, as probabilities of that difference.
///
/// Unlike a test, it can also say that two classifiers are equal for all practical purposes: that their
/// difference lies within the region of practical equivalence.
///
/// - SeeAlso: Benavoli, Corani, Demšar and Zaffalon, "Time for a change: a tutorial for comparing
///   multiple classifiers through Bayesian analysis", 2017, https://jmlr.org/papers/v18/16-305.html;
///   Corani and Benavoli, "A Bayesian approach for comparing cross-validated algorithms on multiple
///   data sets", 2015, doi:10.1007/s10994-015-5486-z.
public struct BayesianTTest: Codable, Hashable, Sendable {
  /// Half the width of the region of practical equivalence.
  public let rope: Double
  /// The probability that the first is better by more than `rope`.
  public let firstBetter: Double
  /// The probability that they differ by at most `rope`.
  public let equivalent: Double
  /// The probability that the second is better by more than `rope`.
  public let secondBetter: Double
  /// The difference lies here with a probability of 95 %.
  public let interval: Interval

  /// - Parameters:
  ///   - differences: the first classifier's score minus the second's, fold by fold, where a higher
  ///     score is better; at least two.
  ///   - testShare: how many test rows there are for each training row: 1 / (K − 1) for K folds.
  ///   - rope: a difference of the score that nobody would mind, at least 0.
  public init(differences: [Double], testShare: Double, rope: Double = 0.01) {
    let test = ResampledTTest(differences: differences, testShare: testShare)
    let mean = test.meanDifference
    let scale = test.standardError
    self.rope = rope
    guard scale > 0 else {
      // Every fold has the same difference: no doubt is left.
      firstBetter = mean > rope ? 1 : 0
      secondBetter = mean < -rope ? 1 : 0
      equivalent = abs(mean) <= rope ? 1 : 0
      interval = Interval(lower: mean, upper: mean)
      return
    }
    let posterior = StudentT(degreesOfFreedom: Double(test.degreesOfFreedom))
    firstBetter = posterior.cumulative((mean - rope) / scale)
    secondBetter = posterior.cumulative((-rope - mean) / scale)
    equivalent = max(0, 1 - firstBetter - secondBetter)
    let reach = -posterior.quantile(0.025) * scale
    interval = Interval(lower: mean - reach, upper: mean + reach)
  }
}

extension BayesianTTest {
  private enum CodingKeys: String, CodingKey {
    case rope
    case firstBetter = "first_better"
    case equivalent
    case secondBetter = "second_better"
    case interval
  }
}
