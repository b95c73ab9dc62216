import Classifiers
import Datasets
import Evaluation
import ModelFiles
public import Support

/// A run from its prepared data to its document: fit and evaluate each candidate, analyse, judge on
/// folds, and tell the recorders of each step.
public struct RunPipeline: Sendable {
  private let run: PreparedRun
  private let folder: RunFolder
  private let recorder: RecordingQueue
  private let progress: ProgressDisplay
  private let budget: TimeBudget

  /// - Parameters:
  ///   - folder: the first recorder, which keeps the folds besides.
  ///   - others: the recorders that build on the folder, in order.
  public init(
    _ run: PreparedRun, folder: RunFolder, others: [any RunRecorder], progress: ProgressDisplay
  ) {
    self.run = run
    self.folder = folder
    recorder = RecordingQueue([folder] + others, threads: run.conduct.threads)
    self.progress = progress
    budget = TimeBudget(run.conduct.timeLimit)
  }

  public func document() throws -> ComparisonDocument {
    try recorder.begin(run)
    for notice in run.notices { progress.say(notice) }
    let queue = recorder
    // However this ends, what is finished is kept first.
    defer { try? queue.wait() }
    let models = try evaluatedModels()
    var document = ComparisonDocument(run, models)
    if run.conduct.makesReport { analyse(models, &document) }
    try recorder.wait()
    document.crossValidation = try foldResult()
    document.repeatedSplits = try repeatedSplitsResult()
    document.leftOut = budget.skipped.isEmpty ? nil : budget.skipped
    try recorder.finish(document)
    return document
  }

  private func evaluatedModels() throws -> [EvaluatedModel] {
    let evaluation = ModelEvaluation(
      threads: run.conduct.threads, learningCurveParts: run.request.learningCurveParts,
      thresholds: run.thresholds, costs: run.request.costs ?? [])
    defer { progress.end() }
    let models = try evaluation.models(
      of: run.candidates, on: run.data, recorder: recorder,
      progress: { [progress] in progress.reach($0, of: $1) }, mayStart: mayStart)
    for model in models {
      if let notice = model.model.notice { progress.say("\(model.name): \(notice)") }
      if let notice = model.learningCurve.notice { progress.say("\(model.name): \(notice)") }
    }
    return models
  }

  /// Whether there is time for a candidate; one for which there is none is noted as skipped.
  private func mayStart(_ candidate: any Classifier) -> Bool {
    let name = type(of: candidate).algorithm.rawValue
    guard budget.allowsAnother() else {
      budget.skip(name)
      return false
    }
    progress.watch("Fitting \(name)")
    return true
  }

  /// What the models tell together, and what only the report shows.
  private func analyse(_ models: [EvaluatedModel], _ document: inout ComparisonDocument) {
    let start = ContinuousClock.now
    let (request, threads) = (run.request, run.conduct.threads)
    document.statistics = SplitStatistics(
      models.map(\.scored), baseline: run.baseline.className,
      intervals: MetricIntervals(seed: request.seed),
      areChosenFrom: request.folds == nil, groups: run.data.testGroups, threads: threads)
    document.reportData = ReportData(
      command: request.command, sortBy: request.sortBy,
      data: DataSummary(run.data, threads: threads),
      importances: ReportData.Importances(
        of: models, efforts: efforts, seed: request.seed, threads: threads))
    let seconds = ProgressDisplay.text(start.duration(to: .now))
    progress.detail("Intervals, tests and importances took \(seconds)")
  }

  /// How much the permutation importances of each algorithm's model are worth.
  private var efforts: [Algorithm: PermutationEffort] {
    let (training, test) = (run.data.training, run.data.test)
    let algorithms = run.candidates.map { type(of: $0).algorithm }
    let efforts =
      run.request.permutationRepeats.map { repeats in
        algorithms.map { _ in PermutationEffort(repeats: repeats, rows: test.sampleCount) }
      }
      ?? PermutationEffort.efforts(
        for: run.candidates, trainingRows: training.sampleCount, testRows: test.sampleCount,
        features: test.featureCount, classes: test.classCount)
    return Dictionary(zip(algorithms, efforts)) { first, _ in first }
  }

  /// The scores on the folds that were asked for; those that are in the folder are not made again.
  private func foldResult() throws -> CrossValidationResult? {
    guard let validation = run.crossValidation else { return nil }
    let result = try fits(validation.fitCount, on: "folds") {
      try validation.run(
        on: run.table, preprocessing: run.request.preprocessing, folder: folder,
        mayStart: { budget.allowsAnother() }, progress: { progress.step($0) })
    }
    for notice in result.models.compactMap(\.notice) { progress.say(notice) }
    return result
  }

  /// The same on other seeds' splits.
  private func repeatedSplitsResult() throws -> RepeatedSplitsResult? {
    guard let splits = run.repeatedSplits else { return nil }
    let result = try fits(splits.fitCount, on: "divisions") {
      try splits.run(
        on: run.table, folder: folder, threads: run.conduct.threads,
        mayStart: { budget.allowsAnother() }, progress: { progress.step($0) })
    }
    for notice in result.models.compactMap(\.notice) { progress.say(notice) }
    return result
  }

  /// Makes many fits, tells how far they are, and notes what there was no time for.
  private func fits<Result>(
    _ total: Int, on kind: String, _ body: () throws -> (result: Result, skipped: Int)
  ) throws -> Result {
    progress.begin("Fits on \(kind)", total: total)
    defer { progress.end() }
    let (result, skipped) = try body()
    if skipped > 0 {
      budget.skip("\(skipped) of \(total) fits on \(kind); continue with --resume \(folder.path)")
    }
    return result
  }
}
