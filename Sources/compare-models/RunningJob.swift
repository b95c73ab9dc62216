import Comparison
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// What must be left in order when a comparison ends early.
final class RunningJob: Sendable {
  let folder: RunFolder
  private let comet = Mutex(Recording())

  private struct Recording {
    var recorder: CometRecorder?
    var isEnded = false
  }

  init(_ folder: RunFolder) { self.folder = folder }

  /// Makes the recorder, which makes its folder, unless the job has ended meanwhile.
  func add(_ make: () throws -> CometRecorder) throws -> CometRecorder {
    try comet.withLock { recording in
      // A signal has ended the job, and the process goes at once: nothing may be made any more.
      while recording.isEnded { pause() }
      let recorder = try make()
      recording.recorder = recorder
      return recorder
    }
  }

  /// Ends all writing and sending.
  ///
  /// - Returns: the models that are kept, and whether the folder has something for Comet.
  func abandon() -> (models: [String], isWorthSending: Bool) {
    // Comet's files first: they stand in the folder that goes where nothing is kept.
    let recorder = comet.withLock { recording in
      recording.isEnded = true
      return recording.recorder
    }
    let isWorthSending = recorder?.abandon() ?? false
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
