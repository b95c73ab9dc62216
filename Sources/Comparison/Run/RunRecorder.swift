public import Classifiers

/// Something that keeps what a run finds: its folder, Comet, the report.
public protocol RunRecorder: Sendable {
  /// Called once, before any classifier is fitted.
  func begin(_ run: PreparedRun) throws
  /// Called before each fit.
  func willFit(_ candidate: any Classifier) throws
  /// Does what takes time of recording a model, before any recorder keeps it.
  func prepare(_ model: EvaluatedModel) throws
  /// Keeps a model; called once per model, in order, as soon as it is evaluated.
  func record(_ model: EvaluatedModel) throws
  /// Keeps what is known when all models are evaluated.
  func finish(_ document: ComparisonDocument) throws
}

extension RunRecorder {
  public func begin(_ run: PreparedRun) throws {}
  public func willFit(_ candidate: any Classifier) throws {}
  public func prepare(_ model: EvaluatedModel) throws {}
  public func record(_ model: EvaluatedModel) throws {}
  public func finish(_ document: ComparisonDocument) throws {}
}

/// Recorders that build on each other: each begins and records when those before it have, and finishes
/// when those behind it have, so that the first one's end says that all is there.
public struct RecorderChain: RunRecorder {
  private let recorders: [any RunRecorder]

  public init(_ recorders: [any RunRecorder]) { self.recorders = recorders }

  public func begin(_ run: PreparedRun) throws {
    for recorder in recorders { try recorder.begin(run) }
  }

  public func willFit(_ candidate: any Classifier) throws {
    for recorder in recorders { try recorder.willFit(candidate) }
  }

  /// All prepare before one records, so that hardly a moment lies between one having a model and the next.
  public func record(_ model: EvaluatedModel) throws {
    for recorder in recorders { try recorder.prepare(model) }
    for recorder in recorders { try recorder.record(model) }
  }

  public func finish(_ document: ComparisonDocument) throws {
    for recorder in recorders.reversed() { try recorder.finish(document) }
  }
}
