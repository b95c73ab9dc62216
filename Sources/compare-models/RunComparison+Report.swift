import Classifiers
import Comet
import Datasets
import ModelComparison
import Statistics

extension RunComparison {
  /// What the runs tell together: intervals and tests of pairs, and what only the report shows.
  func analysis(
    of runs: [RunReport], _ data: PreparedData, _ folder: RunFolder, typed: [String]
  ) throws -> (SplitStatistics, ReportData) {
    let effort = PermutationEffort(
      testRows: data.test.sampleCount, featureCount: data.test.featureCount,
      repeats: report.permutationRepeats)
    // A run that goes on was asked for by the command that began it.
    let arguments = folds.resume == nil ? typed : try folder.plan().arguments
    let (seed, sortBy, threads) = (split.seed, output.sortBy, work.threadCount)
    // Side by side, since neither keeps all threads busy.
    let half = max(1, threads / 2)
    return Parallelism.both(threads: threads) {
      SplitStatistics(runs, bootstrap: MetricBootstrap(seed: seed), threads: half)
    } _: {
      ReportData(
        command: ["compare-models"] + arguments, sortBy: sortBy, data: DataSummary(data),
        importances: ReportData.Importances(
          of: runs, effort: effort, seed: seed, threads: half))
    }
  }

  /// Writes what the report needs, and the report.
  ///
  /// - Returns: the run, and the experiments that the report leads to.
  func writeReport(
    of runs: [RunReport], _ document: ComparisonDocument, _ reportData: ReportData,
    to folder: RunFolder
  ) throws -> (run: FinishedRun, experiments: [String: CreatedExperiment]) {
    try folder.write(try reportData.json(), as: ReportData.fileName)
    let run = try FinishedRun(
      path: folder.path, document: document, reportData: reportData, runs: runs)
    let experiments = CreatedExperiment.all(inRunFolder: folder.path)
    try folder.write(RunReportFile.bytes(of: run), as: RunReportFile.name)
    return (run, experiments)
  }
}
