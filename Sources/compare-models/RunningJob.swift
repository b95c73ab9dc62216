import ModelComparison
import Synchronization

/// What must be left in order when a comparison ends early.
final class RunningJob: Sendable {
  let folder: RunFolder
  private let comet = Mutex<CometRecorder?>(nil)

  init(_ folder: RunFolder) { self.folder = folder }

  func add(_ recorder: CometRecorder) { comet.withLock { $0 = recorder } }

  /// Ends all writing and sending.
  ///
  /// - Returns: the models that are kept, and whether the folder has something for Comet.
  func abandon() -> (models: [String], isWorthSending: Bool) {
    // Comet's files first: they stand in the folder that goes where nothing is kept.
    let isWorthSending = comet.withLock { $0 }?.abandon() ?? false
    return (folder.abandon(), isWorthSending)
  }

  /// Ends all writing and sending, and says what is kept.
  func interrupt() -> String {
    let (models, isWorthSending) = abandon()
    let kept =
      models.isEmpty
      ? "interrupted before a model was finished; nothing was kept"
      : "interrupted; finished and kept in \(folder.path): \(models.joined(separator: ", "))"
    return isWorthSending ? "\(kept); for Comet: \(CometOutcome.uploadCommand(folder.path))" : kept
  }
}
