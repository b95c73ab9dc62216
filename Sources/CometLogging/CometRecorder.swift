public import Classifiers
import Comet
public import Comparison
import Datasets
import Dispatch
public import Support

/// Logs each classifier's run as an experiment of Comet: first in journals in the run folder, then over
/// the network while the next classifier learns.
///
/// Without a connection, and for what a connection did not take, archives come of the journals.
public final class CometRecorder: RunRecorder {
  private let folder: RunFolder
  private let destination: CometDestination
  private let logsBaseline: Bool
  private let uploader: ExperimentUploader?
  private let state = Mutex(State())

  private struct State {
    /// The run folder's path, and what is logged of the machine; `nil` before the run begins.
    var path: String?
    var context: [ExperimentEvent] = []
    var data: PreparedData?
    var runs: [Run] = []
    /// What is logged of models beside the files of their folders, by their names.
    var drafts: [String: [ExperimentEvent]] = [:]
    var isClosed = false

    var cometFolder: String { (path ?? "") + "/" + PendingExperiment.folderName }

    mutating func change(_ name: String, _ change: (inout Run) -> Void) {
      if let index = runs.firstIndex(where: { $0.name == name }) { change(&runs[index]) }
    }
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
    var context: [ExperimentEvent] = [
      .systemDetails(HostDetails.current(hiding: destination.connection?.key))
    ]
    if let git = GitRepository.metadata() { context.append(.gitMetadata(git)) }
    let path = folder.path
    try state.withLock { state in
      guard !state.isClosed else { return }
      state.path = path
      state.context = context
      state.data = run.data
      try Files.createFolder(state.cometFolder)
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
    let begun = try state.withLock { state -> (journal: ExperimentJournal, folder: String)? in
      guard !state.isClosed, let data = state.data, let path = state.path else { return nil }
      let journal = try leftJournal(name, state.cometFolder) ?? newJournal(name, state, now)
      if journal.eventCount == 0 { try journal.append(events(data, now) + state.context) }
      let isLogged = try journal.hasMetrics
      state.runs.append(
        Run(name: name, journal: journal, isLogged: isLogged, endTime: isLogged ? now : nil))
      return (journal, path)
    }
    if let begun { uploader?.add(begun.journal, folder: begun.folder) }
  }

  private func newJournal(
    _ name: String, _ state: borrowing State, _ now: Int
  ) throws(JournalError) -> ExperimentJournal {
    // One that Comet has all of, or that cannot be read, stays as it is.
    try ExperimentJournal(
      creating: Self.journalPaths(name, state.cometFolder).unused,
      experiment: OfflineExperiment(
        workspace: destination.workspace, project: destination.project, name: name, tags: [name],
        startTime: now))
  }

  /// The journal of a run that was stopped, so that what follows is logged in the same experiment.
  private func leftJournal(
    _ name: String, _ cometFolder: String
  ) throws(JournalError) -> ExperimentJournal? {
    guard let left = Self.journalPaths(name, cometFolder).last else { return nil }
    do throws(JournalError) {
      let journal = try ExperimentJournal(continuing: left)
      // Its archive would lack what follows.
      Files.remove(cometFolder + "/" + OfflineArchive.name(for: journal))
      return journal
    } catch {
      switch error.kind {
      case .empty:
        Files.remove(left)
        return nil
      case .damaged, .finished, .missing: return nil
      case .inUse, .cannotCreate, .cannotWrite: throw error
      }
    }
  }

  /// The last of a run's journals, and the first name that none of them has.
  private static func journalPaths(
    _ name: String, _ cometFolder: String
  ) -> (last: String?, unused: String) {
    var last: String?
    var next = "\(cometFolder)/\(name).jsonl"
    var number = 2
    while Files.exists(next) {
      last = next
      next = "\(cometFolder)/\(name)-\(number).jsonl"
      number += 1
    }
    return (last, next)
  }

  /// Writes the curves, and drafts what is logged beside the files of the model's folder.
  public func prepare(_ model: EvaluatedModel) throws {
    let now = Timestamp.now.milliseconds
    try state.withLock { state in
      guard !state.isClosed else { return }
      let curves = state.cometFolder + "/" + model.name
      try Files.createFolder(curves)
      state.drafts[model.name] =
        RunEvents.metrics(of: model, now)
        + (try CurveFiles.write(
          model, to: curves, prefix: "\(PendingExperiment.folderName)/\(model.name)", now))
    }
  }

  /// Logs a model whose folder is whole.
  public func record(_ model: EvaluatedModel) throws {
    let now = Timestamp.now.milliseconds
    try state.withLock { state in
      guard !state.isClosed, let path = state.path,
        let run = state.runs.first(where: { $0.name == model.name })
      else { return }
      let draft = state.drafts.removeValue(forKey: model.name) ?? []
      if !run.isLogged {
        try run.journal.append(draft + RunEvents.files(of: model, in: path, now))
      }
      state.change(model.name) {
        $0.isLogged = true
        $0.endTime = now
      }
    }
    uploader?.proceed()
  }

  /// Logs the program's output, lets Comet take what it has not taken within some seconds, and keeps the
  /// rest in archives.
  public func conclude(
    output: String, telling progress: ProgressDisplay
  ) throws -> CometOutcome {
    let path = folder.path
    let last = lastEvents(output, path)
    let runs = try state.withLock { state in
      guard !state.isClosed else { return state.runs }
      state.isClosed = true
      for run in state.runs {
        try run.journal.append(last)
        try run.journal.recordEnd(run.end(now: Timestamp.now.milliseconds))
      }
      return state.runs
    }
    if let uploader { progress.follow(uploader, within: destination.flushTimeout) }
    let undelivered = runs.map(\.journal).filter { !$0.isFinished }
    try writeArchives(of: undelivered, in: path)
    let finished = runs.filter(\.journal.isFinished)
    return CometOutcome(
      links: finished.compactMap { $0.journal.created?.link },
      experimentKeys: Dictionary(
        finished.compactMap { run in run.journal.created.map { (run.name, $0.key) } },
        uniquingKeysWith: { $1 }),
      experimentCount: runs.count, undeliveredCount: undelivered.count,
      failure: uploader?.failure, refusals: uploader?.refusals ?? ([], 0), folder: path,
      hadConnection: uploader != nil)
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
        for run in runs {
          Files.remove(run.journal.path)
          Files.remove(state.cometFolder + "/" + run.name)
        }
        if state.path != nil, (try? Files.contents(of: state.cometFolder))?.isEmpty == true {
          Files.remove(state.cometFolder)
        }
        return false
      }
      for run in runs {
        // Where the end cannot be written, the journal is taken for one of a run that crashed.
        try? run.journal.recordEnd(run.end(now: Timestamp.now.milliseconds))
      }
      return true
    }
  }

  /// What is logged of the whole comparison, in every experiment.
  private func lastEvents(_ output: String, _ folder: String) -> [ExperimentEvent] {
    let now = Timestamp.now.milliseconds
    var events: [ExperimentEvent] = [.output(output, timestamp: now)]
    let report = "report.html"
    if let size = Files.size(folder + "/" + report) {
      if size <= 1 << 18, let html = Files.text(folder + "/" + report) {
        events.append(.html(html, override: true))
      } else {
        let asset = AssetUpload(report, fileExtension: "html")
        events.append(.asset(asset, path: report, timestamp: now))
      }
    }
    return events
  }

  private func writeArchives(of journals: [ExperimentJournal], in folder: String) throws {
    let errors = Mutex<[any Error]>([])
    let cometFolder = folder + "/" + PendingExperiment.folderName
    // What takes the time is copying files, and two do it at once.
    DispatchQueue.concurrentPerform(iterations: journals.count) { index in
      do {
        try OfflineArchive.write(
          journals[index], folder: folder,
          to: cometFolder + "/" + OfflineArchive.name(for: journals[index]))
      } catch {
        errors.withLock { $0.append(error) }
      }
    }
    if let error = errors.withLock({ $0.first }) { throw error }
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
