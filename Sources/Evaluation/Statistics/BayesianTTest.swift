/// What the folds say about the difference of two classifiers, as probabilities of that difference.
///
/// Unlike a test, it can also say that two classifiers are equal for all practical purposes: that
/// their difference lies within the region of practical equivalence.
///
/// - SeeAlso: Benavoli, Corani, Demšar and Zaffalon, "Time for a change: a tutorial for comparing
///   multiple classifiers through Bayesian analysis", 2017,
///   https://jmlr.org/papers/v18/16-305.html; Corani and Benavoli, "A Bayesian approach for
///   comparing cross-validated algorithms on multiple data sets", 2015,
///   doi:10.1007/s10994-015-5486-z.
public struct BayesianTTest: Codable, Hashable, Sendable {
  /// A difference that does not matter: half the width of the region of practical equivalence.
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
  ///   - test: the corrected t-test of the folds' differences, first minus second.
  ///   - higherIsBetter: whether a higher score is a better one.
  ///   - rope: a difference of the score that nobody would mind, at least 0.
  public init(_ test: ResampledTTest, higherIsBetter: Bool = true, rope: Double) {
    let mean = higherIsBetter ? test.meanDifference : -test.meanDifference
    let scale = test.standardError
    self.rope = rope
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
