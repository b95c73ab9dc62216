import Comet
import Support

/// What one process has served of one model, as an experiment that grows.
struct MonitoredExperiment {
  static let name = "diamonds-prediction"
  /// How often an experiment is logged to before another one is begun: a day of minutes. So no journal
  /// has more than five megabytes.
  static let stepLimit = 1440

  let model: ServedModel
  let journal: ExperimentJournal
  private var step = 0

  /// Begins an experiment.
  init(
    of model: ServedModel, in folder: JournalFolder, workspace: String?, project: String?
  ) throws(JournalError) {
    self.model = model
    let now = Timestamp.now.milliseconds
    journal = try folder.begin(
      OfflineExperiment(
        workspace: workspace, project: project, name: Self.name, tags: [Self.name],
        startTime: now))
    try journal.append([
      .parameter("host", .string(Host.name), timestamp: now),
      .parameter("model", .string(model.name), timestamp: now),
      .parameter("model_from", .string(model.origin.place), timestamp: now),
      .parameter("model_version", .string(model.origin.version), timestamp: now),
    ])
  }

  /// Whether it has been logged to for a day.
  var isFull: Bool { step >= Self.stepLimit }

  /// Logs how things are.
  ///
  /// - Parameter requestCount: how many requests for predictions the process has answered.
  mutating func log(requestCount: Int) throws(JournalError) {
    let figures = model.figures
    let (now, next) = (Timestamp.now.milliseconds, step + 1)
    var events: [ExperimentEvent] = [
      .metric("requests", .integer(requestCount), step: next, timestamp: now)
    ]
    events += figures.predictions.map {
      .metric("predictions_\($0.className)", .integer($0.count), step: next, timestamp: now)
    }
    events += figures.stabilityIndices.map {
      .metric(
        "psi_" + $0.name.replacing(" ", with: "_"), .real($0.index), step: next, timestamp: now)
    }
    try journal.append(events)
    step = next
  }

  /// Says that nothing more follows.
  func end() throws(JournalError) {
    try journal.recordEnd(ExperimentEnd(time: Timestamp.now.milliseconds, hasCrashed: false))
  }
}
