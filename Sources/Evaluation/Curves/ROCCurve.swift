import LinearAlgebra

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
    var positives: [Double] = []
    var negatives: [Double] = []
    for (positive, score) in zip(isPositive, scores) {
      if positive { positives.append(score) } else { negatives.append(score) }
    }
    positives = positives.ascending.reversed()
    negatives = negatives.ascending.reversed()
    var points: [(falseCount: Int, trueCount: Int, threshold: Double)] = [(0, 0, .infinity)]
    var trueCount = 0
    var falseCount = 0
    while trueCount < positives.count || falseCount < negatives.count {
      let threshold = max(
        trueCount < positives.count ? positives[trueCount] : -.infinity,
        falseCount < negatives.count ? negatives[falseCount] : -.infinity)
      while trueCount < positives.count, positives[trueCount] >= threshold { trueCount += 1 }
      while falseCount < negatives.count, negatives[falseCount] >= threshold { falseCount += 1 }
      points.append((falseCount, trueCount, threshold))
    }
    // The first distinct score and the last always stay; the start is not one of the scores.
    let kept = points.indices.filter { index in
      guard index > 1, index < points.count - 1 else { return true }
      let (before, here, after) = (points[index - 1], points[index], points[index + 1])
      return here.falseCount - before.falseCount != after.falseCount - here.falseCount
        || here.trueCount - before.trueCount != after.trueCount - here.trueCount
    }
    func rate(_ count: Int, of total: Int) -> Double {
      total == 0 ? 0 : Double(count) / Double(total)
    }
    falsePositiveRates = kept.map { rate(points[$0].falseCount, of: negatives.count) }
    truePositiveRates = kept.map { rate(points[$0].trueCount, of: positives.count) }
    thresholds = kept.map { points[$0].threshold }
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
