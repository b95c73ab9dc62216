import Classifiers
import Support

/// How long runs will take, before any was made.
///
/// All shards of a sweep divide it by this estimate, and come to the same; see ``DataSize``.
public struct CostEstimate: Hashable, Sendable {
  /// Seconds of one core for a run of each candidate: to fit, to predict the test rows and to judge.
  public let seconds: [Double]
  /// Seconds of one core to encode, scale and divide the rows, once per seed and fold.
  public let preparation: Double

  public init(_ plan: SweepPlan) throws(SweepError) {
    let sizes = plan.judging.sizes(rows: plan.data.rows)
    let size = DataSize(
      trainingRows: sizes.training, testRows: sizes.test, features: plan.data.features.count,
      classes: plan.data.classes.count)
    preparation = Double(plan.data.rows) * size.features * 60e-9
    var seconds: [Double] = []
    for candidate in plan.candidates {
      let learning = try candidate.classifier(seed: 0).estimatedSeconds(for: size)
      seconds.append(learning + size.testRows * (1 + size.classes) * 120e-9 + 200e-6)
    }
    self.seconds = seconds
  }

  /// How many runs these are and what they take, such as `12 runs, about 3.5 s of one core`.
  public func words(_ runs: Range<Int>, of plan: SweepPlan) -> String {
    let seconds = ProgressDisplay.text(.seconds(total(runs, of: plan)))
    return "\(SweepPlan.words(runs.count)), about \(seconds) of one core"
  }

  /// What runs with these numbers take in all, with what prepares their rows.
  public func total(_ runs: Range<Int>, of plan: SweepPlan) -> Double {
    guard !runs.isEmpty else { return 0 }
    let count = plan.candidates.count
    let divisions = (runs.upperBound - 1) / count - runs.lowerBound / count + 1
    let round = seconds.reduce(0, +)
    // Whole rounds of all candidates, then what is left over.
    let whole = runs.count / count
    let rest = (runs.lowerBound + whole * count..<runs.upperBound).reduce(0.0) {
      $0 + seconds[$1 % count]
    }
    return Double(divisions) * preparation + Double(whole) * round + rest
  }
}
