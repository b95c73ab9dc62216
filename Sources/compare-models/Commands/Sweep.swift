import ArgumentParser
import CometLogging
import Comparison
import Evaluation
import Support

/// Many runs, spanned by a grid.
struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Fits every combination of hyper-parameters, seeds and folds, and ranks them.",
    discussion: """
      Each run writes a folder of its own below --output. A sweep that was stopped continues when the same \
      command is run again. At the end it writes ranking.csv, runs.csv and results.json.

      Several machines can share a sweep: --shard gives each its part. They write to one shared folder, or \
      to separate folders; compare-models merge joins them.

      EXAMPLES
        compare-models sweep --set RandomForest.n_estimators=50,100,200 --seeds 1...5
        compare-models sweep --grid grid.json --cross-validate 5 --sort-by roc_auc --plan
        compare-models sweep --grid grid.json --seeds 1...20 --output /shared/forests --shard 3/8
        compare-models merge /shared/forests
      """)

  @OptionGroup(title: "Data") var table: TableOptions
  @OptionGroup(title: "Grid") var grid: GridOptions
  @OptionGroup(title: "Evaluation") var division: DivisionOptions
  @OptionGroup(title: "Work") var shardOptions: ShardOptions
  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Results") var results: OutputOptions
  @OptionGroup(title: "Comet") var comet: CometOptions

  @Flag(help: "Print the numbered runs with their estimated cost, and run none.")
  var plan = false

  func validate() throws { _ = try request() }

  private func request() throws -> RunRequest {
    var request = RunRequest.standard
    try table.change(&request)
    try division.change(&request)
    request.sortBy = results.sortBy
    return request
  }

  func run() throws {
    let (shard, source) = try shardOptions.choice()
    let sweep = try SweepWork(
      request(), grids: grid.grids(), seeds: grid.seedList(), nested: grid.nested,
      threads: work.threadCount)
    let plan = sweep.plan
    let estimate = try CostEstimate(plan)
    let runs = plan.runs(of: shard, estimate)
    if self.plan {
      return try estimate.list(runs, of: shard, in: plan) { try StandardOutput.write($0) }
    }
    let destination = try comet.destination(Settings())
    let notices = try sweep.check(isStrict: table.strictData)
    let folder = SweepFolder(path: try results.output ?? plan.standardPath)
    Interruption.install(for: CompareModels.name) {
      folder.abandon()
      return "interrupted; finished runs are kept in \(folder.path), the same command continues"
    }
    try folder.begin(plan)
    let progress = work.progress
    let part = shard.count > 1 ? "shard \(shard)\(source.map { " (\($0))" } ?? ""), " : ""
    progress.say(
      "Sweep of \(plan.runCount) runs in \(folder.path): \(part)"
        + estimate.words(runs, of: plan))
    for notice in notices { progress.say(notice) }
    let skipped = try sweep.run(
      runs, in: folder, budget: TimeBudget(work.timeBudget?.duration), progress)
    if skipped == 0, shard.count == 1 {
      let merge = SweepMerge(plan, in: folder, threads: work.threadCount)
      try merge.merge().publish(
        in: folder.path, as: results.format, to: destination, progress,
        requiresComet: comet.requireComet)
    } else if skipped == 0, source == nil {
      progress.say("When all shards are done: compare-models merge \(folder.path)")
    }
  }
}

extension SweepResults {
  /// Prints the results, and logs them where there is a connection.
  ///
  /// - Parameter folder: the sweep's folder, with its files.
  func publish(
    in folder: String, as format: OutputFormat, to destination: CometDestination,
    _ progress: ProgressDisplay, requiresComet: Bool
  ) throws {
    try StandardOutput.write(printed(as: format, in: folder, style: .standardOutput))
    if let notice { progress.say(notice) }
    progress.say("Results are in \(folder)")
    let experiment = SweepExperiment(self, in: folder, to: destination)
    try experiment.log(progress)?.tell(progress, requiresAll: requiresComet)
  }
}
