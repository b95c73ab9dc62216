public import Classifiers
import Comet
public import Comparison
import Datasets
import Evaluation
public import Support

/// Logs each classifier's run as an experiment of Comet: first in journals in the run folder, then over
/// the network while later classifiers learn.
///
/// Without a connection, and for what a connection did not take, archives are made from the journals.
public final class CometRecorder: RunRecorder {
  private let folder: RunFolder
  private let destination: CometDestination
  private let logsBaseline: Bool
  private let uploader: ExperimentUploader?
  private let state = Mutex(State())

  private struct State {
    /// `nil` before the run begins.
    var begun: Begun?
    var runs: [Run] = []
    /// What is logged of models beside the files of their folders, by their names.
    var drafts: [String: [ExperimentEvent]] = [:]
    /// What the comparison as a whole tells of models.
    var conclusions: [String: [ExperimentEvent]] = [:]
    var isClosed = false

    mutating func change(_ name: String, _ change: (inout Run) -> Void) {
      if let index = runs.firstIndex(where: { $0.name == name }) { change(&runs[index]) }
    }
  }

  private struct Begun {
    let journals: RunJournals
    let data: PreparedData
    /// The metric that models are ranked by.
    let ranking: Metric
    /// What is logged of the machine.
    let context: [ExperimentEvent]
  }

  private struct Run {
    let name: String
    let journal: ExperimentJournal
    /// Whether the journal has the run's results from a process that was stopped later.
    var isLogged = false
    /// When the classifier began to learn.
    var startTime: Int?
    var endTime: Int?

    /// A run without results did not end as it should.
    func end(now: Int) -> ExperimentEnd {
      ExperimentEnd(startTime: startTime, time: endTime ?? now, hasCrashed: endTime == nil)
    }
  }

  /// - Parameter folder: the recorder before this one.
  public init(folder: RunFolder, destination: CometDestination, logsBaseline: Bool = false) {
    self.folder = folder
    self.destination = destination
    self.logsBaseline = logsBaseline
    uploader = destination.connection.map { ExperimentUploader($0.client, $0.transport) }
  }

  /// Begins the experiments of all candidates, where no time limit may skip some.
  ///
  /// So there is something to send from the first moment on: what is known before any of them is fitted.
  public func begin(_ run: PreparedRun) throws {
    let begun = Begun(
      journals: RunJournals(folder: folder.path, destination: destination), data: run.data,
      ranking: run.request.sortBy ?? .accuracy,
      context: RunEvents.context(hiding: destination.connection?.key))
    try state.withLock { state in
      guard !state.isClosed else { return }
      state.begun = begun
      try Files.createFolder(begun.journals.path)
    }
    if run.conduct.timeLimit == nil {
      for candidate in run.candidates { try openJournal(of: candidate) }
    }
    if logsBaseline { try log(run.baseline) }
  }

  /// Notes that a candidate begins to learn.
  public func willFit(_ candidate: any Classifier) throws {
    let name = type(of: candidate).algorithm.rawValue
    if !state.withLock({ $0.runs.contains { $0.name == name } }) { try openJournal(of: candidate) }
    state.withLock { $0.change(name) { $0.startTime = Timestamp.now.milliseconds } }
  }

  private func openJournal(of classifier: any Classifier) throws {
    try openJournal(type(of: classifier).algorithm.rawValue) { data, now in
      RunEvents.parameters(of: classifier, data, now)
    }
  }

  /// Logs the baseline as an experiment of its own.
  private func log(_ baseline: Baseline) throws {
    let now = Timestamp.now.milliseconds
    try openJournal(Baseline.name) { RunEvents.baseline(baseline, $0, $1) }
    state.withLock { state in
      state.change(Baseline.name) {
        $0.startTime = now
        $0.endTime = Timestamp.now.milliseconds
      }
    }
  }

  private func openJournal(
    _ name: String, _ events: (_ data: PreparedData, _ now: Int) -> [ExperimentEvent]
  ) throws {
    let now = Timestamp.now.milliseconds
    let opened = try state.withLock { state -> (journal: ExperimentJournal, folder: String)? in
      guard !state.isClosed, let begun = state.begun else { return nil }
      let journal = try begun.journals.open(name, now: now)
      if journal.eventCount == 0 { try journal.append(events(begun.data, now) + begun.context) }
      let isLogged = try journal.hasMetric()
      state.runs.append(
        Run(name: name, journal: journal, isLogged: isLogged, endTime: isLogged ? now : nil))
      return (journal, begun.journals.folder)
    }
    if let opened { uploader?.add(opened.journal, folder: opened.folder) }
  }

  /// Writes the curves, and drafts what is logged beside the files of the model's folder.
  public func prepare(_ model: EvaluatedModel) throws {
    let now = Timestamp.now.milliseconds
    try state.withLock { state in
      guard !state.isClosed, let journals = state.begun?.journals else { return }
      let curves = journals.path + "/" + model.name
      try Files.createFolder(curves)
      state.drafts[model.name] =
        RunEvents.metrics(of: model, now)
        + (try CurveFiles.write(
          model.scored, to: curves, prefix: "\(PendingExperiment.folderName)/\(model.name)",
          context: "validate", now))
    }
  }

  /// Logs a model whose folder is whole.
  public func record(_ model: EvaluatedModel) throws {
    let now = Timestamp.now.milliseconds
    try state.withLock { state in
      guard !state.isClosed, let folder = state.begun?.journals.folder,
        let run = state.runs.first(where: { $0.name == model.name })
      else { return }
      let draft = state.drafts.removeValue(forKey: model.name) ?? []
      if !run.isLogged {
        try run.journal.append(draft + RunEvents.files(of: model, in: folder, now))
      }
      state.change(model.name) {
        $0.isLogged = true
        $0.endTime = now
      }
    }
    uploader?.proceed()
  }

  /// Drafts what is known of models only at the end; it is logged with the output.
  public func finish(_ document: ComparisonDocument) throws {
    let now = Timestamp.now.milliseconds
    state.withLock { state in
      guard let begun = state.begun else { return }
      for model in document.models {
        state.conclusions[model.name] = RunEvents.card(of: model.name, in: folder.path, now)
      }
      for model in document.repeatedSplits?.models ?? [] {
        state.conclusions[model.name, default: []] +=
          RunEvents.divisions(model, by: begun.ranking, now)
      }
    }
  }

  /// Logs the program's output, lets Comet take what it has not taken within some seconds, and keeps the
  /// rest in archives.
  public func conclude(
    output: String, telling progress: ProgressDisplay
  ) throws -> CometOutcome {
    let last = RunEvents.last(output, in: folder.path, Timestamp.now.milliseconds)
    let (runs, journals) = try state.withLock { state in
      if !state.isClosed {
        state.isClosed = true
        for run in state.runs {
          // A run that was complete before has logged it before.
          let new = try (state.conclusions[run.name] ?? []).filter { try !run.journal.has($0) }
          try run.journal.append(new + last)
          try run.journal.recordEnd(run.end(now: Timestamp.now.milliseconds))
        }
      }
      return (state.runs, state.begun?.journals)
    }
    if let uploader { progress.follow(uploader, within: destination.flushTimeout) }
    try journals?.writeArchives(of: runs.map(\.journal).filter { !$0.isFinished })
    return CometOutcome(
      of: runs.map { ($0.name, $0.journal) }, sentBy: uploader, folder: folder.path)
  }

  /// Ends the journals where they are, for a run that was cut short, and sends nothing more.
  ///
  /// - Returns: whether something is left that can be sent.
  @discardableResult public func abandon() -> Bool {
    uploader?.cancel()
    return state.withLock { state in
      let runs = state.runs
      guard !state.isClosed else { return runs.contains { !$0.journal.isFinished } }
      state.isClosed = true
      // What neither Comet nor the run folder has anything of is not worth a trace.
      guard runs.contains(where: { $0.journal.created != nil || $0.isLogged }) else {
        if let path = state.begun?.journals.path {
          for run in runs {
            Files.remove(run.journal.path)
            Files.remove(path + "/" + run.name)
          }
          Files.removeEmptyFolder(path)
        }
        return false
      }
      for run in runs {
        // Without its end, the journal is treated as that of a run that crashed.
        try? run.journal.recordEnd(run.end(now: Timestamp.now.milliseconds))
      }
      return true
    }
  }
}

extension ExperimentJournal {
  /// Whether a metric is there with the same value, or a file.
  fileprivate func has(_ event: ExperimentEvent) throws -> Bool {
    switch event {
    case .metric(let name, let value, _, _, _, _): try hasMetric { $0 == name && $1 == value }
    case .asset(_, let path, _): try hasAsset(at: path)
    default: false
    }
  }
}

extension ProgressDisplay {
  /// Waits like `finish(within:report:)` of an uploader, and says how far it is where that takes a
  /// moment.
  func follow(_ uploader: ExperimentUploader, within seconds: Double) {
    var hasBegun = false
    uploader.finish(within: seconds) { reached in
      if !hasBegun { begin("Sending to Comet", total: reached.total) }
      hasBegun = true
      reach(reached.sent, of: reached.total)
    }
    if hasBegun { end() }
  }
}
