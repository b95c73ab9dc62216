/// What the mistakes of two classes cost by the threshold from which on the second class is
/// predicted.
///
/// The curves of several folds are joined, and the cheapest threshold is chosen, as in scikit-learn's
/// `TunedThresholdClassifierCV`: each fold's curve has a hundred thresholds of equal distances from
/// its lowest to its highest probability; all are read by straight lines at a hundred thresholds from
/// the lowest to the highest of all folds, and averaged.
///
/// - SeeAlso: Elkan, "The foundations of cost-sensitive learning", 2001.
public struct CostCurve: Hashable, Sendable {
  /// Ascending.
  public let thresholds: [Double]
  /// What all samples of a fold cost at each threshold.
  public let costs: [Double]

  /// How many thresholds a curve has.
  static let count = 100

  /// The curve of one fold.
  ///
  /// - Parameters:
  ///   - actual: the true class of each sample, 0 or 1; at least one sample.
  ///   - scores: the probability of the second class of each.
  public init(actual: [Int], scores: [Double], costs: MistakeCosts) {
    precondition(!scores.isEmpty && actual.count == scores.count, "a score for each sample")
    thresholds = Self.spaced(from: scores.min() ?? 0, to: scores.max() ?? 0)
    self.costs = thresholds.map { threshold in
      costs.total(
        of: ConfusionMatrix(
          actual: actual, predicted: scores.map { $0 >= threshold ? 1 : 0 }, classCount: 2))
    }
  }

  /// The mean of several folds' curves; `nil` where a fold's probabilities are all the same, so that
  /// no threshold tells its samples apart.
  public init?(meanOf folds: [CostCurve]) {
    guard let lowest = folds.map({ $0.thresholds[0] }).min(),
      let highest = folds.map({ $0.thresholds[Self.count - 1] }).max(),
      folds.allSatisfy({ !$0.isConstant })
    else { return nil }
    thresholds = Self.spaced(from: lowest, to: highest)
    costs = thresholds.map { threshold in
      folds.reduce(0) { $0 + $1.cost(at: threshold) } / Double(folds.count)
    }
  }

  /// The threshold with the least cost, the lowest of equal ones.
  public var cheapest: Double {
    let best = costs.indices.reduce(0) { costs[$1] < costs[$0] ? $1 : $0 }
    return thresholds[best]
  }

  /// Whether the ends are as close as `numpy.isclose` takes for equal.
  private var isConstant: Bool {
    let (first, last) = (thresholds[0], thresholds[Self.count - 1])
    return abs(first - last) <= 1e-8 + 1e-5 * abs(last)
  }

  /// Numbers of equal distances, rounded as in `numpy.linspace`.
  private static func spaced(from first: Double, to last: Double) -> [Double] {
    let step = (last - first) / Double(count - 1)
    return (0..<count - 1).map { Double($0) * step + first } + [last]
  }

  /// The cost between two thresholds by a straight line, rounded as in `numpy.interp`; beyond the
  /// ends that of the end.
  private func cost(at threshold: Double) -> Double {
    guard let next = thresholds.firstIndex(where: { $0 > threshold }) else {
      return costs[Self.count - 1]
    }
    guard next > 0 else { return costs[0] }
    let place = next - 1
    let slope = (costs[next] - costs[place]) / (thresholds[next] - thresholds[place])
    return slope * (threshold - thresholds[place]) + costs[place]
  }
}
