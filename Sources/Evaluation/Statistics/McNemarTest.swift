#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Whether two classifiers err equally often on the same samples.
///
/// Samples that both predict rightly, or both wrongly, say nothing about which is better; among the
/// others each should be the right one in half of the cases.
///
/// - SeeAlso: McNemar, "Note on the sampling error of the difference between correlated proportions
///   or percentages", 1947, doi:10.1007/BF02295996.
public struct McNemarTest: Codable, Hashable, Sendable {
  /// How many samples only the first, and only the second, predicted rightly.
  public let firstOnly: Int
  public let secondOnly: Int
  /// Whether `p` is that of the binomial distribution, or that of χ² with one degree of freedom.
  public let isExact: Bool
  /// The χ² with Edwards' correction for continuity; `nil` where the test is exact.
  public let statistic: Double?
  /// The probability of a difference at least as large if both err equally often.
  public let p: Double

  /// Below that many samples on which the two differ, the binomial distribution is used.
  public static let fewestForApproximation = 25

  public init(firstOnly: Int, secondOnly: Int) {
    self.firstOnly = firstOnly
    self.secondOnly = secondOnly
    let differing = firstOnly + secondOnly
    isExact = differing < Self.fewestForApproximation
    if isExact {
      statistic = nil
      p = Self.exact(min(firstOnly, secondOnly), of: differing)
    } else {
      let rest = abs(Double(firstOnly - secondOnly)) - 1
      let square = rest * rest / Double(differing)
      statistic = square
      p = erfc((square / 2).squareRoot())
    }
  }

  /// - Parameters:
  ///   - actual: the true class of each sample.
  ///   - first: the class that the first classifier predicted for it.
  ///   - second: the class that the second predicted.
  public init(actual: [Int], first: [Int], second: [Int]) {
    precondition(
      first.count == actual.count && second.count == actual.count, "one prediction per sample")
    var firstOnly = 0
    var secondOnly = 0
    for index in actual.indices where first[index] != second[index] {
      if first[index] == actual[index] { firstOnly += 1 }
      if second[index] == actual[index] { secondOnly += 1 }
    }
    self.init(firstOnly: firstOnly, secondOnly: secondOnly)
  }

  /// The probability that the first is the right one on at least as many of the samples on which
  /// the two differ, if both err equally often: exact, and one-sided.
  public var firstBetter: Double { Self.atLeast(firstOnly, of: firstOnly + secondOnly) }

  /// The same of the second.
  public var secondBetter: Double { Self.atLeast(secondOnly, of: firstOnly + secondOnly) }

  /// The probability of at least `count` heads in `total` throws of a coin.
  private static func atLeast(_ count: Int, of total: Int) -> Double {
    count == 0 ? 1 : IncompleteBeta.regularized(0.5, Double(count), Double(total - count + 1))
  }

  /// Twice the probability of at most `count` heads in `total` throws of a coin, at most 1.
  private static func exact(_ count: Int, of total: Int) -> Double {
    var ways = 1.0
    var sum = 0.0
    for heads in 0...count {
      sum += ways
      ways *= Double(total - heads) / Double(heads + 1)
    }
    return min(1, 2 * sum / pow(2, Double(total)))
  }
}

extension McNemarTest {
  private enum CodingKeys: String, CodingKey {
    case firstOnly = "first_only"
    case secondOnly = "second_only"
    case isExact = "exact"
    case statistic
    case p
  }
}
