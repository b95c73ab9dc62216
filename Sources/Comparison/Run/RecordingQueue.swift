import Classifiers
import Dispatch
import Support

/// Recorders that build on each other, beside other work: the next classifier learns while the files of the
/// one before are written.
///
/// Each recorder begins and records when those before it have, and finishes when those behind it have, so
/// that the first one's end says that all is there.
final class RecordingQueue: RunRecorder {
  private let recorders: [any RunRecorder]
  /// `nil` where there is no thread to spare.
  private let queue: DispatchQueue?
  private let failure = Mutex<(any Error)?>(nil)

  init(_ recorders: [any RunRecorder], threads: Int) {
    self.recorders = recorders
    queue = threads > 1 ? DispatchQueue(label: "recording") : nil
  }

  func begin(_ run: PreparedRun) throws {
    for recorder in recorders { try recorder.begin(run) }
  }

  func willFit(_ candidate: any Classifier) throws {
    for recorder in recorders { try recorder.willFit(candidate) }
  }

  /// Begins to record a model, as soon as the one before is recorded.
  ///
  /// - Throws: what recording the one before has thrown.
  func record(_ model: EvaluatedModel) throws {
    guard let queue else { return try keep(model) }
    try wait()
    queue.async { [self] in
      do {
        try keep(model)
      } catch {
        failure.withLock { $0 = error }
      }
    }
  }

  /// All prepare before one records, so that hardly a moment lies between one having a model and the next.
  private func keep(_ model: EvaluatedModel) throws {
    for recorder in recorders { try recorder.prepare(model) }
    for recorder in recorders { try recorder.record(model) }
  }

  /// Waits until all models are recorded.
  ///
  /// - Throws: what recording the last one has thrown.
  func wait() throws {
    queue?.sync {}
    if let error = failure.withLock({ $0 }) { throw error }
  }

  func finish(_ document: ComparisonDocument) throws {
    try wait()
    for recorder in recorders.reversed() { try recorder.finish(document) }
  }
}
