import ArgumentParser
import CometLogging
import Comparison
import Support

/// Many runs, spanned by a grid.
struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
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
    let part = try shardOptions.part()
    let sweep = try SweepWork(
      request(), grids: grid.grids(), seeds: grid.seedList(), nested: grid.nested,
      threads: work.threadCount)
    let estimate = try CostEstimate(sweep.plan)
    if plan {
      return try estimate.list(part.shard, of: sweep.plan) { try StandardOutput.write($0) }
    }
    let destination = try comet.destination()
    let notices = try sweep.check(isStrict: table.strictData)
    let folder = SweepFolder(path: try results.output ?? sweep.plan.standardPath)
    Interruption.install(for: CompareModels.name) { folder.interruption() }
    try folder.begin(sweep.plan)
    let progress = work.progress
    let isWhole = try sweep.run(
      part, estimate, in: folder, budget: TimeBudget(work.timeBudget?.duration), notices: notices,
      progress)
    guard isWhole else { return }
    let merge = SweepMerge(sweep.plan, in: folder, threads: work.threadCount)
    try merge.merge().publish(
      in: folder.path, as: results.format, to: destination, progress,
      requiresComet: comet.requireComet, warn: CompareModels.warn)
  }
}
