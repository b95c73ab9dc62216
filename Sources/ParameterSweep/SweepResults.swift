import Classifiers
public import Evaluation
import Statistics

/// What all runs of a plan scored, ranked.
public struct SweepResults: Sendable {
  public let plan: SweepPlan
  /// The metrics that say something about the plan's classes.
  public let metrics: [Metric]
  /// Candidates, the best mean first; those without a value come last, and ties keep the plan's order.
  public let ranking: [RankedCandidate]
  /// The numbers of all runs, in the same way.
  public let rankedRuns: [Int]
  /// `metrics.count` numbers a run, in the order of the plan; not a number where one is not defined.
  let values: [Double]
  let rows: [(training: Int, test: Int)]
  let timings: [RunTiming?]

  /// - Parameter outcomes: one per run, in the order of the plan.
  init(_ plan: SweepPlan, _ outcomes: [(scores: RunScores, timing: RunTiming?)]) {
    precondition(outcomes.count == plan.runCount, "there is an outcome for every run")
    let metrics = Metric.shown(classCount: plan.data.classes.count)
    let values = outcomes.flatMap { outcome in metrics.map { outcome.scores.scores[$0] ?? .nan } }
    self.plan = plan
    self.metrics = metrics
    self.values = values
    rows = outcomes.map { ($0.scores.trainingRows, $0.scores.testRows) }
    timings = outcomes.map(\.timing)

    let key = metrics.firstIndex(of: plan.sortBy) ?? 0
    let sign: Double = metrics[key].higherIsBetter ? -1 : 1
    func order(_ value: Double) -> Double { value.isNaN ? .infinity : sign * value }
    let ranked = plan.candidates.enumerated().map { index, candidate in
      RankedCandidate(
        candidate: candidate, runCount: plan.divisionCount,
        moments: metrics.indices.map { metric in
          let scores = (0..<plan.divisionCount).map {
            values[($0 * plan.candidates.count + index) * metrics.count + metric]
          }
          let defined = scores.filter { !$0.isNaN }
          return defined.isEmpty ? nil : Moments(defined)
        })
    }
    ranking = ranked.enumerated().sorted { first, second in
      (order(first.element.moments[key]?.mean ?? .nan), first.offset)
        < (order(second.element.moments[key]?.mean ?? .nan), second.offset)
    }.map(\.element)
    rankedRuns = (0..<plan.runCount).sorted { first, second in
      (order(values[first * metrics.count + key]), first)
        < (order(values[second * metrics.count + key]), second)
    }
  }

  /// A run's score; `nil` where it is not defined.
  func score(of run: Int, _ metric: Int) -> Double? {
    let value = values[run * metrics.count + metric]
    return value.isNaN ? nil : value
  }
}

/// A candidate with its scores over all seeds and folds.
public struct RankedCandidate: Sendable {
  public let candidate: Candidate
  public let runCount: Int
  /// Per metric of the results, over the runs for which it is defined.
  let moments: [Moments?]
}
