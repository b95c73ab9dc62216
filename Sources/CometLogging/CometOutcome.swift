public import Comet
public import Support

/// What became of a comparison's experiments.
public struct CometOutcome: Sendable {
  /// The pages of the experiments that Comet has whole.
  public let links: [String]
  /// The experiment that Comet has whole of each model, by the model's name.
  public let experimentKeys: [String: String]
  public let experimentCount: Int
  public let undeliveredCount: Int
  /// Why sending was given up.
  public let failure: CometError?
  public let refusals: (texts: [String], count: Int)
  /// The run folder.
  public let folder: String
  public let hadConnection: Bool

  /// - Parameters:
  ///   - experiments: their names and journals, after sending has ended.
  ///   - uploader: what has sent them; `nil` without a connection.
  init(
    of experiments: [(name: String, journal: ExperimentJournal)],
    sentBy uploader: ExperimentUploader?, folder: String
  ) {
    let finished = experiments.filter(\.journal.isFinished)
    links = finished.compactMap { $0.journal.created?.link }
    experimentKeys = Dictionary(
      finished.compactMap { name, journal in journal.created.map { (name, $0.key) } },
      uniquingKeysWith: { $1 })
    experimentCount = experiments.count
    undeliveredCount = experiments.count - finished.count
    failure = uploader?.failure
    refusals = uploader?.refusals ?? ([], 0)
    self.folder = folder
    hadConnection = uploader != nil
  }

  /// Whether something went wrong; being offline on purpose is not.
  var isBad: Bool { undeliveredCount > 0 && hadConnection }

  /// One or a few lines that tell it, with the command that sends what is left.
  public var message: String {
    guard undeliveredCount > 0 else {
      return "Comet has \(Self.experiments(experimentCount))"
        + (links.isEmpty ? "" : ":\n" + links.map { "  \($0)" }.joined(separator: "\n"))
    }
    let kept =
      "\(Self.experiments(undeliveredCount)) kept in \(folder)/\(PendingExperiment.folderName); "
      + "to send: \(Self.uploadCommand(folder))"
    guard hadConnection else { return "Nothing was sent to Comet; " + kept }
    let reason =
      if let failure {
        failure.description
      } else if refusals.count > 0, let first = refusals.texts.first {
        "\(refusals.count) refused or failed, the first: \(first)"
      } else {
        "Comet was too slow (COMET_FLUSH_TIMEOUT)"
      }
    return "Not everything has reached Comet: \(reason). \(kept)"
  }

  /// Tells it, and ends the program where too little has reached Comet.
  ///
  /// - Parameters:
  ///   - requiresAll: whether anything that is left is a failure.
  ///   - warn: gets the message where something went wrong.
  public func tell(
    _ progress: ProgressDisplay, requiresAll: Bool, warn: (String) -> Void
  ) throws(ToldFailure) {
    if isBad { warn(message) } else { progress.say(message) }
    let status = status(requiringAll: requiresAll)
    if status != 0 { throw ToldFailure(exitStatus: status) }
  }

  /// The exit status: 77 for a refused key; 69 for anything else that is left, where all was asked for.
  func status(requiringAll: Bool) -> Int32 {
    if failure?.kind == .refusedKey { return 77 }
    return requiringAll && undeliveredCount > 0 ? 69 : 0
  }

  /// The command that sends what a run folder has kept.
  public static func uploadCommand(_ folder: String) -> String {
    "compare-models upload \(ShellCommand.quoted(folder))"
  }

  private static func experiments(_ count: Int) -> String {
    count == 1 ? "1 experiment" : "\(count) experiments"
  }
}
