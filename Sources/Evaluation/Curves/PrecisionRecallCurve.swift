import LinearAlgebra

/// Precision and recall of a score, threshold by threshold.
///
/// The points are those of scikit-learn's `precision_recall_curve`, in its order: from the lowest
/// threshold, where all samples count as positive, to a last point of precision 1 and recall 0 that no
/// threshold reaches.
///
/// - SeeAlso: Davis and Goadrich, "The relationship between precision-recall and ROC curves", 2006,
///   doi:10.1145/1143844.1143874.
public struct PrecisionRecallCurve: Hashable, Sendable {
  /// The share of the samples at or above the threshold that are positive.
  public let precisions: [Double]
  /// The share of the positive samples that are at or above the threshold; 1 throughout where there is
  /// no positive sample, but for the last point.
  public let recalls: [Double]
  /// Ascending, one less than there are points.
  public let thresholds: [Double]

  public init(isPositive: [Bool], scores: [Double]) {
    precondition(isPositive.count == scores.count, "one score per sample")
    let counts = ThresholdCounts(isPositive: isPositive, scores: scores)
    let positives = counts.truePositives.last ?? 0
    precisions =
      zip(counts.truePositives, counts.falsePositives).map { found, wrong in
        Double(found) / Double(found + wrong)
      }.reversed() + [1]
    recalls =
      counts.truePositives.map { positives == 0 ? 1 : Double($0) / Double(positives) }.reversed()
      + [0]
    thresholds = counts.thresholds.reversed()
  }

  /// The mean precision, each weighted by the rise in recall that it comes with: scikit-learn's
  /// `average_precision_score`.
  public var averagePrecision: Double {
    var sum = 0.0
    for index in recalls.indices.dropLast() {
      sum += (recalls[index] - recalls[index + 1]) * precisions[index]
    }
    return max(0, sum)
  }
}

/// How many positive and negative samples reach each distinct score.
struct ThresholdCounts {
  /// The distinct scores, descending.
  private(set) var thresholds: [Double] = []
  private(set) var truePositives: [Int] = []
  private(set) var falsePositives: [Int] = []

  init(isPositive: [Bool], scores: [Double]) {
    var positives: [Double] = []
    var negatives: [Double] = []
    for (positive, score) in zip(isPositive, scores) {
      if positive { positives.append(score) } else { negatives.append(score) }
    }
    positives = positives.ascending.reversed()
    negatives = negatives.ascending.reversed()
    var found = 0
    var wrong = 0
    while found < positives.count || wrong < negatives.count {
      let threshold = max(
        found < positives.count ? positives[found] : -.infinity,
        wrong < negatives.count ? negatives[wrong] : -.infinity)
      while found < positives.count, positives[found] >= threshold { found += 1 }
      while wrong < negatives.count, negatives[wrong] >= threshold { wrong += 1 }
      thresholds.append(threshold)
      truePositives.append(found)
      falsePositives.append(wrong)
    }
  }
}
