import Comet
import Comparison
import Datasets
import Evaluation

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
    let threads = work.threadCount
    let statistics = SplitStatistics(
      runs, bootstrap: MetricBootstrap(seed: split.seed), threads: threads)
    let reportData = ReportData(
      command: ["compare-models"] + arguments, sortBy: output.sortBy,
      data: DataSummary(data, threads: threads),
      importances: ReportData.Importances(
        of: runs, effort: effort, seed: split.seed, threads: threads))
    return (statistics, reportData)
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
    try folder.write(
      RunReportFile.bytes(of: run, threads: work.threadCount), as: RunReportFile.name)
    return (run, experiments)
  }
}
