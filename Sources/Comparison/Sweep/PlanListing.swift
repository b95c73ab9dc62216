import Support

/// The runs of a plan, a line each, with what they will cost.
public struct PlanListing: Sendable {
  let plan: SweepPlan
  let estimate: CostEstimate
  let shard: Shard
  let runs: Range<Int>

  public init(plan: SweepPlan, estimate: CostEstimate, shard: Shard, runs: Range<Int>) {
    self.plan = plan
    self.estimate = estimate
    self.shard = shard
    self.runs = runs
  }

  /// Writes the runs of the shard, and the sums.
  ///
  /// - Parameter write: gets the text piece by piece: there may be millions of runs.
  public func write(_ write: (String) throws -> Void) throws {
    let settings = plan.candidates.map { candidate in
      candidate.settings.map(\.description).joined(separator: " ")
    }
    let names = plan.candidates.map(\.name)
    let digits = "\(plan.runCount)".count
    let nameWidth = names.map(\.count).max() ?? 0
    let settingWidth = settings.map(\.count).max() ?? 0
    var text = ""
    for number in runs {
      let run = plan.run(number)
      let index = run.candidateIndex
      var line = Self.right("\(number + 1)", digits) + "  " + Self.left(names[index], nameWidth)
      if settingWidth > 0 { line += "  " + Self.left(settings[index], settingWidth) }
      line += "  seed \(run.seed)"
      if let part = run.part {
        if case .folds(_, let repeats) = plan.judging, repeats > 1 {
          line += "  repeat \(part.repetition)"
        }
        line += "  fold \(part.fold)"
      }
      text += line + "  about \(Self.words(estimate.seconds[index]))\n"
      if text.utf8.count > 1 << 16 {
        try write(text)
        text = ""
      }
    }
    try write(text + sums)
  }

  private var sums: String {
    let all = 0..<plan.runCount
    var text =
      "\(plan.candidates.count) candidates × \(plan.divisionCount) divisions of the rows = "
      + "\(plan.runCount) runs, about \(Self.words(estimate.total(all, of: plan))) of one core\n"
    if shard.count > 1 {
      text +=
        "shard \(shard): "
        + (runs.isEmpty
          ? "nothing to do\n"
          : "runs \(runs.lowerBound + 1) to \(runs.upperBound), about "
            + "\(Self.words(estimate.total(runs, of: plan))) of one core\n")
    }
    return text
  }

  private static func words(_ seconds: Double) -> String { ProgressDisplay.text(.seconds(seconds)) }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: width - text.count)
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: width - text.count) + text
  }
}
