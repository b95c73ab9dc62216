import Comet
import Support

/// An experiment of Comet with the counters of one model in one process.
struct MonitoredExperiment {
  static let name = "diamonds-prediction"
  /// The most steps of an experiment: the minutes of a day, so that no journal has more than five
  /// megabytes.
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

  /// Whether it has all steps of a day.
  var isFull: Bool { step >= Self.stepLimit }

  /// Logs the counters.
  ///
  /// - Parameter requestCount: the number of requests for predictions that the process has answered.
  mutating func log(requestCount: Int) throws(JournalError) {
    let counters = model.driftCounters
    let (now, next) = (Timestamp.now.milliseconds, step + 1)
    var events: [ExperimentEvent] = [
      .metric("requests", .integer(requestCount), step: next, timestamp: now)
    ]
    events += zip(model.classNames, counters.predictionCounts).map {
      .metric("predictions_\($0)", .integer($1), step: next, timestamp: now)
    }
    events += (counters.drifts + [counters.classDrift]).compactMap { drift in
      drift.index.map {
        .metric(
          "psi_" + drift.name.replacing(" ", with: "_"), .real($0), step: next, timestamp: now)
      }
    }
    try journal.append(events)
    step = next
  }

  /// Marks the journal as complete.
  func end() throws(JournalError) {
    try journal.recordEnd(ExperimentEnd(time: Timestamp.now.milliseconds, hasCrashed: false))
  }
}
