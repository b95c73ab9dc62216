import Comet
import Datasets
import ModelComparison

extension RunComparison {
  /// Writes what the report needs, and the report.
  ///
  /// - Returns: the run, and the experiments that the report leads to.
  func writeReport(
    of runs: [RunReport], _ data: PreparedData, _ document: ComparisonDocument,
    to folder: RunFolder, typed: [String]
  ) throws -> (run: FinishedRun, experiments: [String: CreatedExperiment]) {
    let effort = PermutationEffort(
      testRows: data.test.sampleCount, featureCount: data.test.featureCount,
      repeats: report.permutationRepeats)
    // A run that goes on was asked for by the command that began it.
    let arguments = folds.resume == nil ? typed : try folder.plan().arguments
    let reportData = ReportData(
      command: ["compare-models"] + arguments, sortBy: output.sortBy, data: DataSummary(data),
      importances: ReportData.Importances(
        of: runs, effort: effort, seed: split.seed, threads: work.threadCount))
    try folder.write(try reportData.json(), as: ReportData.fileName)
    let run = try FinishedRun(
      path: folder.path, document: document, reportData: reportData, runs: runs)
    let experiments = CreatedExperiment.all(inRunFolder: folder.path)
    try folder.write(RunReportFile.bytes(of: run), as: RunReportFile.name)
    return (run, experiments)
  }
}
