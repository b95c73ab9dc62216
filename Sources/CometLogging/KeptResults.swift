public import Comparison
public import Support

/// What a run that ended early leaves.
public struct KeptResults: Hashable, Sendable {
  /// The models whose results are whole, and the folds in words.
  public let models: [String]
  /// The folder that has them.
  public let path: String
  /// Whether the folder has something for Comet.
  public let isWorthSending: Bool

  /// Ends all writing and sending.
  public init(abandoning folder: RunFolder, _ comet: CometRecorder) {
    // Comet's files first: they stand in the folder that goes where nothing is kept.
    isWorthSending = comet.abandon()
    models = folder.abandon()
    path = folder.path
  }

  /// What is said when a signal ends the run.
  public var interruption: String {
    let kept =
      models.isEmpty
      ? "interrupted before a model was finished; nothing was kept"
      : "interrupted; finished and kept in \(path): \(models.joined(separator: ", "))"
    return isWorthSending ? "\(kept); for Comet: \(CometOutcome.uploadCommand(path))" : kept
  }

  /// What follows the error that ended the run.
  var remark: String {
    guard !models.isEmpty else { return "" }
    return "; finished and kept in \(path): \(models.joined(separator: ", "))"
      + (isWorthSending ? "; for Comet: \(CometOutcome.uploadCommand(path))" : "")
  }
}

/// A run that failed, and what it leaves.
public struct UnfinishedRun: ExitStatusProviding, CustomStringConvertible {
  let cause: any Error
  let kept: KeptResults

  public init(_ cause: any Error, _ kept: KeptResults) {
    self.cause = cause
    self.kept = kept
  }

  public var description: String { "\(cause)\(kept.remark)" }
  public var exitStatus: Int32 { (cause as? any ExitStatusProviding)?.exitStatus ?? 70 }
}
