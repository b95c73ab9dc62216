import Classifiers
import Support

/// How long runs will take, before any was made.
///
/// All shards of a sweep divide it by this estimate, and come to the same; see ``DataSize``. Runs inside of
/// an outer fold count like the others, though they have fewer rows.
public struct CostEstimate: Hashable, Sendable {
  /// Seconds of one core for a run of each candidate: to fit, to predict the test rows and to judge.
  public let seconds: [Double]
  /// Seconds of one core to encode, scale and divide the rows, once per seed and fold.
  public let preparation: Double

  public init(_ plan: SweepPlan) throws(RequestError) {
    let sizes = plan.sizes
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
    "\(SweepPlan.words(runs.count)), about \(Self.words(total(runs, of: plan))) of one core"
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

/// The runs of a plan, a line each, with what they will cost.
extension CostEstimate {
  /// Writes the runs of the shard, and the sums.
  ///
  /// - Parameters:
  ///   - write: gets the text piece by piece: there may be millions of runs.
  public func list(
    _ shard: Shard, of plan: SweepPlan, _ write: (String) throws -> Void
  ) throws {
    let runs = plan.runs(of: shard, self)
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
      if let outer = run.part?.outer { line += "  outer \(outer)" }
      if let repetition = run.part?.repetition, plan.request.folds?.repeats ?? 1 > 1 {
        line += "  repeat \(repetition)"
      }
      if let fold = run.part?.fold { line += "  fold \(fold)" }
      text += line + "  about \(Self.words(seconds[index]))\n"
      if text.utf8.count > 1 << 16 {
        try write(text)
        text = ""
      }
    }
    let all = words(0..<plan.runCount, of: plan)
    text +=
      "\(plan.candidates.count) candidates × \(plan.divisionCount) splits = \(all)\n"
    if shard.count > 1 {
      text += "shard \(shard): "
      text +=
        runs.isEmpty ? "nothing to do\n" : "runs \(runs.lowerBound + 1) to \(runs.upperBound), "
      if !runs.isEmpty { text += "about \(Self.words(total(runs, of: plan))) of one core\n" }
    }
    try write(text)
  }

  private static func words(_ seconds: Double) -> String { ProgressDisplay.text(.seconds(seconds)) }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: width - text.count)
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: width - text.count) + text
  }
}
