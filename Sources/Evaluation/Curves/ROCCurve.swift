/// How many of the positive and of the negative samples a score finds, threshold by threshold.
///
/// - SeeAlso: Fawcett, "An introduction to ROC analysis", 2006, doi:10.1016/j.patrec.2005.10.010.
public struct ROCCurve: Hashable, Sendable {
  /// The share of the negative samples whose score reaches the threshold.
  public let falsePositiveRates: [Double]
  /// The share of the positive samples whose score reaches the threshold.
  public let truePositiveRates: [Double]
  /// Descending; the first, infinity, is reached by none.
  public let thresholds: [Double]

  /// Points between two others on a straight line are left out, as scikit-learn's `roc_curve` does.
  ///
  /// Where there is no positive (or no negative) sample, the rates are 0.
  public init(isPositive: [Bool], scores: [Double]) {
    precondition(isPositive.count == scores.count, "one score per sample")
    let counts = ThresholdCounts(isPositive: isPositive, scores: scores)
    let falseCounts = [0] + counts.falsePositives
    let trueCounts = [0] + counts.truePositives
    // The first distinct score and the last always stay; the start is not one of the scores.
    let kept = trueCounts.indices.filter { index in
      guard index > 1, index < trueCounts.count - 1 else { return true }
      func turns(_ counts: [Int]) -> Bool {
        counts[index] - counts[index - 1] != counts[index + 1] - counts[index]
      }
      return turns(falseCounts) || turns(trueCounts)
    }
    func rates(_ counts: [Int]) -> [Double] {
      let total = counts[counts.count - 1]
      return kept.map { total == 0 ? 0 : Double(counts[$0]) / Double(total) }
    }
    falsePositiveRates = rates(falseCounts)
    truePositiveRates = rates(trueCounts)
    thresholds = kept.map { $0 == 0 ? .infinity : counts.thresholds[$0 - 1] }
  }

  /// The area under the curve, by trapezoids.
  public var area: Double {
    var area = 0.0
    for index in falsePositiveRates.indices.dropFirst() {
      area +=
        (falsePositiveRates[index] - falsePositiveRates[index - 1])
        * (truePositiveRates[index] + truePositiveRates[index - 1]) / 2
    }
    // Rounding may carry the sum beyond the square.
    return min(area, 1)
  }
}
