import Classifiers
import Datasets
public import Evaluation

/// How the candidate that is the best by the folds inside of an outer fold does on the outer fold's own
/// rows, which had no part in the choice.
///
/// The mean over the outer folds is what the choice is worth, as `cross_val_score(GridSearchCV(…))` of
/// scikit-learn: the best candidate's own mean is that of the luckiest of many.
public struct NestedScore: Sendable {
  public let seed: UInt32
  /// Counted from 1.
  public let outer: Int
  /// The best by the mean of the ranking's metric over the inner folds; of equally good ones the first.
  public let candidate: Candidate
  /// That mean; `nil` where it is not defined for any candidate.
  public let innerMean: Double?
  /// The number of the candidate's run on the outer fold.
  let run: Int
}

extension NestedScore {
  /// The choices of all outer folds.
  ///
  /// - Parameter value: a run's value of the ranking's metric; not a number where it is not defined.
  static func scores(of plan: SweepPlan, value: (_ run: Int) -> Double) -> [NestedScore] {
    let sign: Double = plan.sortBy.higherIsBetter ? 1 : -1
    return plan.seeds.seeds.enumerated().flatMap { place, seed in
      (0..<(plan.nested ?? 0)).map { outer in
        let start = plan.rankedPerSeed + outer * (plan.rankedPerSeed + 1)
        let end = start + plan.rankedPerSeed
        let means = plan.candidates.indices.map { candidate in
          // Summed as numpy sums, so that the same candidates are equally good.
          PairwiseSum.sum(plan.runs(of: candidate, seed: place, start..<end).map(value))
            / Double(plan.rankedPerSeed)
        }
        var best = 0
        for (candidate, mean) in means.enumerated()
        where sign * mean > sign * means[best] || means[best].isNaN && !mean.isNaN {
          best = candidate
        }
        return NestedScore(
          seed: seed, outer: outer + 1, candidate: plan.candidates[best],
          innerMean: means[best].isNaN ? nil : means[best],
          run: plan.runs(of: best, seed: place, end..<end + 1)[0])
      }
    }
  }
}

extension SweepResults {
  /// Mean and deviation of the choice's scores on the outer folds; `nil` where there are none, or the metric
  /// is not defined in one of them.
  public func nestedMoments(_ metric: Metric) -> Moments? {
    guard let index = metrics.firstIndex(of: metric), !nested.isEmpty else { return nil }
    let scores = nested.compactMap { score(of: $0.run, index) }
    return scores.count == nested.count ? Moments(scores) : nil
  }
}
