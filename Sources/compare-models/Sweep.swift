import ArgumentParser
import Comparison
import Datasets
import Evaluation
import Support

/// Many runs, spanned by a grid.
struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Fits every combination of hyper-parameters, seeds and folds, and ranks them.",
    discussion: """
      Each run is a folder of its own below --output, written whole: a sweep that was stopped, in \
      whatever way, goes on when the same command is typed again. At the end stand ranking.csv, \
      runs.csv and results.json.

      Several machines share a sweep with --shard, each doing its part in one folder that all see, or \
      in folders of their own; compare-models merge joins them.

      EXAMPLES
        compare-models sweep --set RandomForest.n_estimators=50,100,200 --seeds 1...5
        compare-models sweep --grid grid.json --cross-validate 5 --sort-by roc_auc --plan
        compare-models sweep --grid grid.json --seeds 1...20 --output /shared/forests --shard 3/8
        compare-models merge /shared/forests
      """)

  @OptionGroup(title: "Data") var table: TableOptions
  @OptionGroup(title: "Grid") var grid: GridOptions
  @OptionGroup(title: "Evaluation") var judging: JudgingOptions
  @OptionGroup(title: "Work") var shardOptions: ShardOptions
  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Results") var results: SweepOutputOptions
  @OptionGroup(title: "Comet") var comet: CometOptions

  @Flag(
    name: .customLong("plan"), help: "Print the numbered runs with an estimate of cost; do none.")
  var showsPlan = false

  func run() throws {
    let (shard, source) = try shardOptions.choice()
    let preprocessing = try table.preprocessing(fittedOn: judging.fitPreprocessing)
    let grids = try grid.grids()
    let data = try CSVTable(
      contentsOf: table.data, textColumns: preprocessing.textColumns, threads: work.threadCount)
    let plan = try plan(data, preprocessing, grids)
    let estimate = try CostEstimate(plan)
    let runs = plan.runs(of: shard, estimate)
    if showsPlan {
      return try PlanListing(plan: plan, estimate: estimate, shard: shard, runs: runs).write()
    }
    let finish = try SweepEnd(comet: comet, format: results.format, progress: work.progress)
    let sweep = SweepWork(
      plan: plan, table: data, preprocessing: preprocessing, threads: work.threadCount)
    try sweep.check()
    let digest = SHA256.hexDigest(of: plan.file)
    let folder = SweepFolder(path: results.output ?? "runs/sweep-\(digest.prefix(12))")
    Interruption.install(for: CompareModels.name) {
      folder.abandon()
      return "interrupted; finished runs are kept in \(folder.path), the same command goes on"
    }
    try folder.begin(plan)
    let part = shard.count > 1 ? "shard \(shard)\(source.map { " (\($0))" } ?? ""), " : ""
    let progress = finish.progress
    progress.say(
      "Sweep of \(plan.runCount) runs in \(folder.path): \(part)\(Self.runs(runs.count)), about "
        + "\(Progress.text(.seconds(estimate.total(runs, of: plan)))) of one core")
    let tally = try make(runs, sweep, folder, progress)
    if tally.leftOut > 0 {
      progress.say(
        "Left out for want of time: \(Self.runs(tally.leftOut)); the same command goes on")
    }
    guard shard.count == 1, tally.leftOut == 0 else {
      if tally.leftOut == 0, source == nil {
        progress.say("When all shards are done: compare-models merge \(folder.path)")
      }
      return
    }
    let merge = SweepMerge(plan, in: folder, threads: work.threadCount)
    try finish.tell(try merge.merge(), in: folder.path)
  }

  private func make(
    _ runs: Range<Int>, _ sweep: SweepWork, _ folder: SweepFolder, _ progress: Progress
  ) throws -> SweepWork.Tally {
    let budget = Deadline(work.timeBudget)
    progress.begin("Runs", total: runs.count)
    defer { progress.end() }
    return try sweep.run(
      runs, in: folder, mayStart: { budget.allowsAnother() },
      progress: { made in
        progress.step(wasKnown: made.wasKnown)
        let accuracy = made.accuracy.map { ", accuracy \($0)" } ?? ""
        progress.detail(
          "\(made.run.number + 1): \(made.run.words)\(accuracy)"
            + (made.wasKnown ? ", was there already" : ""))
      })
  }

  private func plan(
    _ data: CSVTable, _ preprocessing: Preprocessing, _ grids: [ParameterGrid]
  ) throws -> SweepPlan {
    var options: [String: String] = [:]
    if judging.crossValidate == nil {
      options["fit-preprocessing"] = judging.fitPreprocessing.rawValue
    }
    options["target"] = table.target
    for (name, values) in [
      ("classes", table.classes), ("drop", table.drop), ("categorical", table.categorical),
    ] where !values.isEmpty { options[name] = values.joined(separator: " ") }
    let left = Set(table.drop + [preprocessing.target.column])
    return try SweepPlan(
      data: SweptData(
        file: data.fileName, sha256: data.sha256, rows: data.rowCount,
        features: data.columnNames.filter { !left.contains($0) },
        classes: preprocessing.labels(of: data).classNames),
      grids: grids, seeds: grid.seedList(), judging: judging.judging, options: options,
      sortBy: results.sortBy, version: CompareModels.version)
  }

  private static func runs(_ count: Int) -> String { count == 1 ? "1 run" : "\(count) runs" }
}

/// Where a sweep's results go, and in what form.
struct SweepOutputOptions: ParsableArguments {
  @Option(
    help: """
      The folder of the sweep, which all shards may share; it is gone on with where it is there. \
      (default: runs/sweep-<digits of the plan's checksum>)
      """, completion: .directory)
  var output: String?

  @Option(help: ArgumentHelp("How the ranking is printed.", valueName: "table|markdown|csv|json"))
  var format = OutputFormat.table

  @Option(
    help: ArgumentHelp(
      "The metric that candidates are ranked by, best first, such as accuracy, f1 or roc_auc.",
      valueName: "metric"))
  var sortBy = Metric.accuracy

  func validate() throws {
    if output == "" { throw ValidationError("--output must name a folder.") }
  }
}
