public import Classifiers

/// Something that keeps what a run finds: its folder, Comet, the report.
public protocol RunRecorder: Sendable {
  /// Called once, before any classifier is fitted.
  func begin(_ run: PreparedRun) throws
  /// Called before each fit.
  func willFit(_ candidate: any Classifier) throws
  /// Does what takes time of recording a model, before any recorder keeps it.
  func prepare(_ model: EvaluatedModel) throws
  /// Keeps a model; called once per model, in order, after it is evaluated; later classifiers may already be fitted, so that
  /// ``willFit(_:)`` may come before, from another thread.
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
