import Classifiers
import Dispatch
import Support

/// Recorders that build on each other, beside other work: classifiers learn while the files of those before them are
/// written.
///
/// Where a run is abandoned, models that wait here are not kept.
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

  /// Records a model as soon as those before it are recorded, unless one of these could not be.
  ///
  /// - Throws: what recording one before has thrown.
  func record(_ model: EvaluatedModel) throws {
    guard let queue else { return try keep(model) }
    try check()
    queue.async { [self] in
      do {
        try check()
        try keep(model)
      } catch {
        failure.withLock { $0 = error }
      }
    }
  }

  private func check() throws {
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// All prepare before one records, so that hardly a moment lies between one having a model and the next.
  private func keep(_ model: EvaluatedModel) throws {
    for recorder in recorders { try recorder.prepare(model) }
    for recorder in recorders { try recorder.record(model) }
  }

  /// Waits until all models are recorded.
  ///
  /// - Throws: what recording one has thrown.
  func wait() throws {
    queue?.sync {}
    try check()
  }

  func finish(_ document: ComparisonDocument) throws {
    try wait()
    for recorder in recorders.reversed() { try recorder.finish(document) }
  }
}
