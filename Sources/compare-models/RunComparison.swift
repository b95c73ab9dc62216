import ArgumentParser
import Classifiers
import Comet
import Comparison
import Datasets
import Evaluation
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
        compare-models --cross-validate 10 --verbose
        compare-models --register --stage production
        compare-models compare runs/first runs/second
        compare-models --generate-completion-script bash
      """)

  @OptionGroup(title: "Data") var table: TableOptions
  @OptionGroup(title: "Models") var models: ModelOptions
  @OptionGroup(title: "Evaluation") var split: SplitOptions
  @OptionGroup(title: "Folds") var folds: FoldOptions
  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Results") var output: OutputOptions
  @OptionGroup(title: "Report") var report: ReportOptions
  @OptionGroup(title: "Comet") var comet: CometOptions
  @OptionGroup(title: "Registry") var registry: RunRegistryOptions

  func run() throws {
    guard let path = folds.resume else {
      return try perform(in: output.runFolder(seed: split.seed), typed: Self.typedArguments)
    }
    let folder = try RunFolder(resuming: path)
    let command = try Resumption.complete(self, at: folder, typed: Self.typedArguments)
    try command.perform(in: folder, typed: Self.typedArguments)
  }

  private static var typedArguments: [String] { Array(CommandLine.arguments.dropFirst()) }

  func perform(in folder: RunFolder, typed: [String]) throws {
    let progress = work.progress
    let settings = try Settings()
    let connection = try comet.connection(settings)
    try registry.check(connection)
    let job = RunningJob(folder)
    Interruption.install(for: CompareModels.name) { job.interrupt() }
    let outcome: CometOutcome
    do {
      outcome = try run(job, typed, progress, settings, connection)
    } catch {
      let left = job.abandon()
      throw UnfinishedRun(
        cause: error, kept: left.models, path: folder.path, isWorthSending: left.isWorthSending)
    }
    if outcome.isBad {
      StandardError.write("compare-models: warning: \(outcome.message)")
    } else {
      progress.say(outcome.message)
    }
    let status = outcome.status(requiringAll: comet.requireComet)
    if status != 0 { throw ExitCode(status) }
    if registry.register { try register(folder, outcome, settings, progress) }
  }

  private func run(
    _ job: RunningJob, _ typed: [String], _ progress: Progress, _ settings: Settings,
    _ connection: CometConnection?
  ) throws -> CometOutcome {
    let folder = job.folder
    let preprocessing = try table.preprocessing(fittedOn: split.fitPreprocessing)
    let table = try CSVTable(
      contentsOf: table.data, textColumns: preprocessing.textColumns, threads: work.threadCount)
    let candidates = try models.candidates(seed: split.seed)
    let plan = plan(typed: typed, table, candidates)
    if folds.resume != nil { try plan.check(continues: folder.plan(), at: folder.path) }
    let prepared = try preprocessing.prepare(
      table, split: split.split, threads: work.threadCount)
    if let folds = folds.folds(seed: split.seed) {
      _ = try CrossValidation(candidates: candidates, folds: folds, threads: work.threadCount)
        .divisions(of: table, preprocessing: preprocessing)
    }
    try folder.create()
    if folds.resume == nil, folds.crossValidate != nil { try folder.write(plan) }
    let recorder = try job.add {
      try CometRecorder(
        folder: folder.path, candidates: candidates, data: prepared, connection: connection,
        workspace: comet.cometWorkspace ?? settings.cometWorkspace,
        project: comet.cometProject ?? settings.cometProject ?? CometOptions.standardProject)
    }
    // With a limit of time it is not known which classifiers will be left out.
    if work.timeBudget == nil { try recorder.open() }
    let baseline = Baseline(prepared)
    if comet.logBaseline { try recorder.log(baseline) }
    let budget = Deadline(work.timeBudget)
    let comparison = Comparison(
      candidates: candidates, threads: work.threadCount,
      learningCurveParts: split.learningCurve ?? 0)
    let recording = RecordingQueue(
      FolderThenComet(folder: folder, comet: recorder), threads: work.threadCount)
    // However this ends, what is finished is kept first.
    defer { try? recording.wait() }
    let fitProgress: FitProgress = { progress.reach($0, of: $1) }
    let runs = try comparison.run(
      on: prepared, recorder: recording, progress: fitProgress
    ) { name in
      guard budget.allowsAnother(name) else { return false }
      progress.watch("Fitting \(name)")
      try recorder.begin(name)
      return true
    }
    progress.end()
    var document = ComparisonDocument(
      seed: split.seed, table: table, data: prepared, runs: runs,
      versions: ["compare-models": CompareModels.version])
    document.baseline = ComparisonDocument.BaselinePart(baseline)
    var reportData: ReportData?
    if report.report {
      let start = ContinuousClock.now
      (document.statistics, reportData) = try analysis(of: runs, prepared, folder, typed: typed)
      progress.detail("Intervals, tests and importances took \(Progress.text(.now - start))")
    }
    try recording.wait()
    try addFolds(
      to: &document, table, preprocessing, candidates, folder, budget, progress)
    document.leftOut = budget.leftOut.isEmpty ? nil : budget.leftOut
    let written =
      runs.isEmpty
      ? nil : try reportData.map { try writeReport(of: runs, document, $0, to: folder) }
    try recording.finish(document)
    let printed = try output.text(of: document)
    try StandardOutput.write(printed)
    for line in budget.leftOut { progress.say("Left out for want of time: \(line)") }
    progress.say("Results are in \(folder.path)")
    let outcome = try recorder.conclude(
      output: printed, within: settings.cometFlushTimeout, telling: progress)
    // Where Comet is slower than the work, it has made its experiments only now.
    if let written, written.experiments != CreatedExperiment.all(inRunFolder: folder.path) {
      try folder.write(
        RunReportFile.bytes(of: written.run, threads: work.threadCount), as: RunReportFile.name)
    }
    return outcome
  }

  /// All that results depend on.
  func plan(
    typed: [String], _ data: CSVTable, _ candidates: [any Classifier]
  ) -> PlanDocument {
    var options = [
      "seed": "\(split.seed)", "test-fraction": "\(split.testFraction)",
      "fit-preprocessing": split.fitPreprocessing.rawValue, "repeats": "\(folds.repeats)",
    ]
    options["target"] = table.target
    options["cross-validate"] = folds.crossValidate.map { "\($0)" }
    for (name, values) in [
      ("classes", table.classes), ("drop", table.drop), ("categorical", table.categorical),
    ] where !values.isEmpty { options[name] = values.joined(separator: " ") }
    return PlanDocument(
      arguments: Resumption.without(
        ["--output"], typed.first == "run" ? Array(typed.dropFirst()) : typed),
      version: CompareModels.version, dataSHA256: data.sha256, options: options,
      candidates: candidates)
  }

  /// Adds the folds, where they were asked for.
  private func addFolds(
    to document: inout ComparisonDocument, _ table: CSVTable, _ preprocessing: Preprocessing,
    _ candidates: [any Classifier], _ folder: RunFolder, _ budget: Deadline, _ progress: Progress
  ) throws {
    guard let folds = folds.folds(seed: split.seed) else { return }
    let validation = CrossValidation(
      candidates: candidates, folds: folds, threads: work.threadCount)
    progress.begin(
      "Fits on folds", total: candidates.count * folds.count * folds.repeats)
    defer { progress.end() }
    let (result, leftOut) = try validation.run(
      on: table, preprocessing: preprocessing, folder: folder,
      mayStart: { budget.allowsAnother() },
      progress: { fit in
        progress.step(wasKnown: fit.wasKnown)
        let accuracy = fit.accuracy.map { ", accuracy \($0)" } ?? ""
        progress.detail(
          "\(fit.name), repeat \(fit.repetition), fold \(fit.fold)\(accuracy)"
            + (fit.wasKnown ? ", was there already" : ""))
      })
    document.crossValidation = result
    if leftOut > 0 {
      budget.leave(
        "\(leftOut) of \(candidates.count * folds.count * folds.repeats) fits on folds; go on with "
          + "--resume \(folder.path)")
    }
  }
}
