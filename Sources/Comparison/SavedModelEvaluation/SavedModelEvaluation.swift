import Datasets
import Evaluation
import JSON
import LinearAlgebra
public import ModelFiles
import SavedModels
public import Support

/// How a saved model does on a table with labels: what `evaluate` prints, writes and logs.
public struct SavedModelEvaluation: Sendable {
  public let request: EvaluationRequest
  public let model: ModelDescription
  public let scored: ScoredPredictions
  public let document: EvaluationDocument

  /// - Parameters:
  ///   - fileSHA256: the SHA-256 of the model's file.
  ///   - target: the column with the actual classes.
  ///   - threads: how many threads may work; it never changes the result.
  init(
    _ request: EvaluationRequest, of model: ModelDescription, fileSHA256: String,
    on table: CSVTable, target: String, _ scored: ScoredPredictions,
    _ drift: EvaluationDocument.Drift, threads: Int
  ) throws {
    self.request = request
    self.model = model
    self.scored = scored
    let baseline = EvaluationDocument.BaselinePart(scored, training: drift.actual.trainingShares)
    document = EvaluationDocument(
      model: EvaluationDocument.ModelPart(model, sha256: fileSHA256),
      data: EvaluationDocument.DataPart(
        file: table.fileName, sha256: table.sha256, rows: table.rowCount,
        droppedRows: table.droppedRowCount, target: target,
        hasTrainingRows: table.sha256 == model.training.sha256),
      classes: scored.classNames, metrics: scored.report.shown,
      brierScore: BrierScore.of(actual: scored.actual, probabilities: scored.probabilities),
      statistics: SplitStatistics(
        [scored], baseline: baseline.className, intervals: MetricIntervals(),
        areChosenFrom: false, threads: threads),
      baseline: baseline, drift: drift,
      requirements: request.requirements.map {
        EvaluationDocument.Requirement($0, scored.report.shown.values)
      },
      versions: ["compare-models": ProgramVersion.current])
  }

  /// The files that an evaluation leaves, besides its page.
  public func files() throws -> [(name: String, bytes: [UInt8])] {
    let title = "\(scored.name), rows of \(document.data.file)"
    return [
      ("predictions.csv", scored.predictions.csv(classNames: scored.classNames)),
      (
        "confusion-matrix.json",
        try JSONDocument.encode(ConfusionMatrixFile(scored, title: title))
      ),
      ("roc-curve.json", RunFiles.curves(of: scored)),
      (EvaluationDocument.fileName, try JSONDocument.encode(document)),
    ]
  }

  /// The folder of a new evaluation, which is not made yet.
  ///
  /// - Parameter path: it must be new or empty; `nil` for an unused one such as `runs/evaluation-20260131T235959Z`.
  public static func folder(at path: String?) throws(FileError) -> RunFolder {
    guard let path else {
      return RunFolder(unusedFrom: "runs/evaluation-\(Timestamp.now.fileNameText)")
    }
    return try RunFolder(path: path)
  }

  /// Refuses an evaluation whose requirements are not met, after everything is told and kept.
  public func checkRequirements() throws(UnmetRequirements) {
    let problems = document.requirements.compactMap(\.problem)
    if !problems.isEmpty { throw UnmetRequirements(problems: problems, file: document.data.file) }
  }
}

extension RunFolder {
  /// Makes the folder of an evaluation; `evaluation.json` comes last, and says that it is whole.
  public func write(_ evaluation: SavedModelEvaluation, report: [UInt8]) throws {
    try create()
    for (name, bytes) in [("report.html", report)] + (try evaluation.files()) {
      try write(bytes, as: name)
    }
  }
}

/// What a model does not reach on the rows that it was judged on.
public struct UnmetRequirements: ExitStatusProviding, Hashable, CustomStringConvertible {
  let problems: [String]
  let file: String

  public var exitStatus: Int32 { 1 }
  public var description: String {
    "\(file): the model does not reach what is required: \(problems.joined(separator: "; "))"
  }
}
