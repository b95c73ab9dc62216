import ArgumentParser
import Comet
import CometLogging
import Comparison
import Report
import Support

/// The batch job.
struct RunComparison: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: CompareModels.configuration.abstract,
    usage: "compare-models [options]",
    discussion: """
      Without options it reads data/diamonds.csv, predicts whether a diamond's cut is Gold or Silver, \
      prints a table, and writes a run folder below runs/.

      EXAMPLES
        compare-models --seed 7 --set RandomForest.n_estimators=200
        compare-models --data iris.csv --target species --models RandomForest,GaussianNB
        compare-models --classes "Gold=Ideal" --classes "Silver=*" --format markdown
        compare-models --cross-validate 10 --repeats 3 --sort-by roc_auc
        compare-models --resume runs/20261124T210000Z-42
        compare-models --exclude KNeighborsClassifier --time-budget 60s --quiet
        compare-models --register --stage production
      """)

  @OptionGroup(title: "Data") var table: TableOptions
  @OptionGroup(title: "Models") var models: ModelOptions
  @OptionGroup(title: "Evaluation") var division: DivisionOptions
  @OptionGroup(title: "Evaluation") var options: RunOptions
  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Results") var output: OutputOptions
  @OptionGroup(title: "Report") var report: ReportOptions
  @OptionGroup(title: "Comet") var comet: CometOptions
  @OptionGroup(title: "Registry") var registry: RunRegistryOptions

  func validate() throws {
    _ = try request()
    if table.data == "-", registry.options.promoteIfBetter {
      throw ValidationError("--promote-if-better reads the table again: it needs --data FILE.")
    }
  }

  func run() throws {
    let (folder, begun) = try RunFolder.begin(
      at: output.output, resuming: options.resume, seed: options.seed)
    let request = try request(changing: begun?.request)
    try begun?.check(asked: request, at: folder.path)
    let destination = try comet.destination()
    if registry.register { _ = try destination.connectionToRegister() }
    let recorder = CometRecorder(
      folder: folder, destination: destination, logsBaseline: comet.logBaseline)
    let outcome = try KeptResults.telling(of: folder, recorder) {
      try perform(request, begun, folder, recorder)
    }
    try outcome.tell(
      work.progress, requiresAll: comet.requireComet, warn: CompareModels.warn)
    guard registry.register else { return }
    let registration = try Registration(
      registry.options.choice(), to: comet.destination(), data: request.data,
      threads: work.threadCount, work.progress)
    try registration.register(folder.path, outcome)
  }

  /// What is asked for: another request, or the standard one, changed by the options that were given.
  private func request(changing begun: RunRequest? = nil) throws -> RunRequest {
    var request = begun ?? .standard
    try table.change(&request, keepsClasses: begun != nil)
    try division.change(&request)
    try options.change(&request)
    try models.change(&request)
    try request.judge(permutationRepeats: report.permutationRepeats)
    request.sortBy = output.sortBy ?? request.sortBy
    return request
  }

  /// Makes the run, prints it, and lets Comet take it.
  private func perform(
    _ request: RunRequest, _ begun: RequestDocument?, _ folder: RunFolder, _ comet: CometRecorder
  ) throws -> CometOutcome {
    let progress = work.progress
    let conduct = RunConduct(
      threads: work.threadCount, timeLimit: work.timeBudget?.duration, makesReport: report.report,
      isStrictAboutData: table.strictData, writesGraphs: report.onnx)
    let prepared = try PreparedRun(request, conduct: conduct)
    try begun?.check(prepared.document, at: folder.path)
    let report = ReportFile(
      folder: folder, threads: conduct.threads, experimentLinks: CreatedExperiment.links)
    let pipeline = RunPipeline(
      prepared, folder: folder, others: [comet, report], progress: progress)
    let document = try pipeline.document()
    let printed = try document.publish(
      in: folder.path, as: output.format, sortedBy: request.sortBy, progress)
    let outcome = try comet.conclude(output: printed, telling: progress)
    // Where Comet is slower than the work, it has made its experiments only now.
    try report.update()
    return outcome
  }
}
