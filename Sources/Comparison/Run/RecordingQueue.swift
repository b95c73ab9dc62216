public import Classifiers
import Dispatch
import Support

/// Records runs one after the other beside other work, so that the next classifier learns while the files
/// of the one before are written.
public final class RecordingQueue: RunRecorder {
  private let recorder: any RunRecorder
  /// `nil` where there is no thread to spare.
  private let queue: DispatchQueue?
  private let failure = Mutex<(any Error)?>(nil)

  public init(_ recorder: any RunRecorder, threads: Int) {
    self.recorder = recorder
    queue = threads > 1 ? DispatchQueue(label: "recording") : nil
  }

  public func begin(_ run: PreparedRun) throws { try recorder.begin(run) }

  public func willFit(_ candidate: any Classifier) throws { try recorder.willFit(candidate) }

  /// Begins to record a run, as soon as the one before is recorded.
  ///
  /// - Throws: what the one before has thrown.
  public func record(_ run: EvaluatedModel) throws {
    guard let queue else { return try recorder.record(run) }
    try wait()
    queue.async { [recorder, self] in
      do {
        try recorder.record(run)
      } catch {
        failure.withLock { $0 = error }
      }
    }
  }

  /// Waits until all runs are recorded.
  ///
  /// - Throws: what the last one has thrown.
  public func wait() throws {
    queue?.sync {}
    if let error = failure.withLock({ $0 }) { throw error }
  }

  public func finish(_ comparison: ComparisonDocument) throws {
    try wait()
    try recorder.finish(comparison)
  }
}
