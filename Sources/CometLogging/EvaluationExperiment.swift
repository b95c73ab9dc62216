import Comet
public import Comparison
import Evaluation
import JSON
import ModelFiles
import SavedModels
public import Support

extension SavedModelEvaluation {
  /// Prints the evaluation, and logs it.
  ///
  /// - Parameters:
  ///   - folder: the evaluation's folder, with its files.
  ///   - requiresComet: whether the program fails where something does not reach Comet.
  ///   - warn: gets what went wrong with Comet.
  /// - Throws: also ``ToldFailure``.
  public func publish(
    in folder: String, as format: OutputFormat, to destination: CometDestination,
    _ progress: ProgressDisplay, requiresComet: Bool, warn: (String) -> Void
  ) throws {
    let printed = try printed(as: format, style: .standardOutput)
    try StandardOutput.write(printed)
    progress.say("Results are in \(folder)")
    let experiment = EvaluationExperiment(self, in: folder, to: destination)
    try experiment.log(output: printed, progress)
      .tell(progress, requiresAll: requiresComet, warn: warn)
  }
}

/// The evaluation of a saved model as one experiment of Comet: first in a journal in the evaluation's folder, then over
/// the network, and in an archive where Comet has not taken it.
public struct EvaluationExperiment {
  private static let name = "evaluation"

  private let evaluation: SavedModelEvaluation
  private let folder: String
  private let destination: CometDestination

  /// - Parameter folder: the evaluation's folder, with its files.
  public init(
    _ evaluation: SavedModelEvaluation, in folder: String, to destination: CometDestination
  ) {
    self.evaluation = evaluation
    self.folder = folder
    self.destination = destination
  }

  /// Logs the evaluation, and waits some seconds for Comet to take it.
  ///
  /// - Parameter output: what was printed.
  public func log(output: String, _ progress: ProgressDisplay) throws -> CometOutcome {
    let journals = RunJournals(folder: folder, destination: destination)
    let now = Timestamp.now.milliseconds
    try Files.createFolder(journals.path)
    let journal = try journals.open(Self.name, now: now)
    try journal.append(
      parameters(now) + metrics(now) + RunEvents.context(hiding: destination.connection?.key)
        + assets(now) + curves(in: journals.path, now)
        + RunEvents.last(output, in: folder, now))
    try journal.recordEnd(ExperimentEnd(startTime: now, time: now, hasCrashed: false))
    let uploader = destination.connection.map { ExperimentUploader($0.client, $0.transport) }
    if let uploader {
      uploader.add(journal, folder: folder)
      progress.follow(uploader, within: destination.flushTimeout)
    }
    if !journal.isFinished { try journals.writeArchives(of: [journal]) }
    return CometOutcome(of: [(Self.name, journal)], sentBy: uploader, folder: folder)
  }

  private func parameters(_ now: Int) -> [ExperimentEvent] {
    let (model, data) = (evaluation.document.model, evaluation.document.data)
    let own: [(String, JSONValue)] = [
      ("model", .string(model.name)), ("model_sha256", .string(model.sha256)),
      ("training_data_file", .string(model.trainingFile)),
      ("training_data_sha256", .string(model.trainingSHA256)),
      ("data_file", .string(data.file)), ("data_sha256", .string(data.sha256)),
      ("rows", .integer(data.rows)), ("target", .string(data.target)),
    ]
    let threshold = model.threshold.map { [("decision_threshold", JSONValue.real($0))] } ?? []
    let hyperparameters = evaluation.model.hyperparameters.map {
      ($0.name, RunEvents.value($0.value))
    }
    return (own + threshold + hyperparameters).map { .parameter($0, $1, timestamp: now) }
  }

  /// Those on the rows, and how much features and classes differ from training under the service's names.
  private func metrics(_ now: Int) -> [ExperimentEvent] {
    let document = evaluation.document
    let drifts = document.drift.features + [document.drift.actual, document.drift.predicted]
    return Metric.allCases.compactMap { metric in
      document.metrics[metric].map {
        .metric(RunEvents.name(of: metric), .real($0), context: "test", timestamp: now)
      }
    }
      + drifts.compactMap { drift in
        drift.index.map {
          .metric(
            "psi_" + drift.name.replacing(" ", with: "_"), .real($0), context: "test",
            timestamp: now)
        }
      }
  }

  private func assets(_ now: Int) -> [ExperimentEvent] {
    [
      AssetUpload("predictions.csv", fileExtension: "csv", context: "test"),
      AssetUpload(
        "confusion-matrix.json", type: "confusion-matrix", fileExtension: "json", context: "test"),
      AssetUpload(EvaluationDocument.fileName, fileExtension: "json", context: "test"),
    ].map { .asset($0, path: $0.fileName, timestamp: now) }
  }

  private func curves(in path: String, _ now: Int) throws -> [ExperimentEvent] {
    let place = path + "/" + Self.name
    try Files.createFolder(place)
    return try CurveFiles.write(
      evaluation.scored, to: place, prefix: "\(PendingExperiment.folderName)/\(Self.name)",
      context: "test", now)
  }
}
