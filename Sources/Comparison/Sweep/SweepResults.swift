import Classifiers
public import Evaluation

/// What all runs of a plan scored, ranked.
public struct SweepResults: Sendable {
  public let plan: SweepPlan
  /// The metrics that say something about the plan's classes.
  public let metrics: [Metric]
  /// Candidates, the best mean first; those without a value come last, and ties keep the plan's
  /// order.
  public let ranking: [RankedCandidate]
  /// The numbers of all runs, in the same way.
  public let rankedRuns: [Int]
  /// What the choice scored on each outer fold, seed by seed; empty without a nested cross-validation.
  public let nested: [NestedScore]
  /// `metrics.count` numbers a run, in the order of the plan; not a number where one is not
  /// defined.
  let values: [Double]
  let outcomes: [RunOutcome]

  /// - Parameter outcomes: one per run, in the order of the plan.
  init(_ plan: SweepPlan, _ outcomes: [RunOutcome]) {
    precondition(outcomes.count == plan.runCount, "there is an outcome for every run")
    let metrics = Metric.shown(classCount: plan.data.classes.count)
    let values = outcomes.flatMap(\.values)
    self.plan = plan
    self.metrics = metrics
    self.values = values
    self.outcomes = outcomes

    let key = metrics.firstIndex(of: plan.sortBy) ?? 0
    let sign: Double = metrics[key].higherIsBetter ? -1 : 1
    func order(_ value: Double) -> Double { value.isNaN ? .infinity : sign * value }
    let ranked = plan.candidates.enumerated().map { index, candidate in
      RankedCandidate(
        candidate: candidate, runCount: plan.seeds.seeds.count * plan.rankedPerSeed,
        moments: metrics.indices.map { metric in
          let scores = plan.seeds.seeds.indices.flatMap { seed in
            plan.runs(of: index, seed: seed, 0..<plan.rankedPerSeed).map {
              values[$0 * metrics.count + metric]
            }
          }
          return scores.contains { $0.isNaN } ? nil : Moments(scores)
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
    nested = NestedScore.scores(of: plan) { values[$0 * metrics.count + key] }
  }

  /// The best candidate's means and deviations, by the metrics that are defined for it.
  public var best:
    (candidate: Candidate, scores: [(metric: Metric, mean: Double, deviation: Double)])?
  {
    ranking.first.map { best in
      (
        best.candidate,
        zip(metrics, best.moments).compactMap { metric, moments in
          moments.map { (metric, $0.mean, $0.deviation) }
        }
      )
    }
  }

  /// A run's score; `nil` where it is not defined.
  func score(of run: Int, _ metric: Int) -> Double? {
    let value = values[run * metrics.count + metric]
    return value.isNaN ? nil : value
  }
}

/// What is needed of a run to rank it: little, for there may be a million.
struct RunOutcome: Sendable {
  /// In the order of the results' metrics; not a number where one is not defined.
  let values: [Double]
  let trainingRows: Int
  let testRows: Int
  let timing: RunTiming?
  /// Why there are no scores.
  let problem: String?

  init(_ scores: RunScores, _ timing: RunTiming?, _ metrics: [Metric]) {
    values = metrics.map { scores.scores[$0] ?? .nan }
    trainingRows = scores.trainingRows
    testRows = scores.testRows
    self.timing = timing
    problem = scores.problem
  }
}

/// A candidate with its scores over all seeds and folds.
public struct RankedCandidate: Sendable {
  public let candidate: Candidate
  public let runCount: Int
  /// Per metric of the results; none where it is not defined for every run.
  let moments: [Moments?]
}
