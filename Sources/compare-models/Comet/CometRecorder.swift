import Classifiers
import Comet
import Comparison
import Datasets
import Dispatch
import Support
import Synchronization

/// Logs each classifier's run as an experiment of Comet: first in journals in the run folder, then over
/// the network while the next classifier learns.
///
/// Without a connection, and for what a connection did not take, archives come of the journals.
final class CometRecorder: Sendable {
  private let folder: String
  private let candidates: [any Classifier]
  private let data: PreparedData
  private let context: [ExperimentEvent]
  private let workspace: String?
  private let project: String
  private let uploader: ExperimentUploader?
  private let state = Mutex(State())

  private struct State {
    var runs: [Run] = []
    var isClosed = false
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

  private var cometFolder: String { folder + "/" + PendingExperiment.folderName }

  /// - Parameter folder: the path of the run folder, which is there.
  init(
    folder: String, candidates: [any Classifier], data: PreparedData,
    connection: CometConnection?, workspace: String?, project: String
  ) throws {
    self.folder = folder
    self.candidates = candidates
    self.data = data
    self.workspace = workspace
    self.project = project
    var context: [ExperimentEvent] = [.systemDetails(HostDetails.current(hiding: connection?.key))]
    if let git = GitRepository.metadata() { context.append(.gitMetadata(git)) }
    self.context = context
    uploader = connection.map { ExperimentUploader($0.client, $0.transport) }
    try Files.createFolder(cometFolder)
  }

  /// Begins the experiments of all classifiers, for a run that leaves none out.
  ///
  /// So there is something to send from the first moment on: what is known before any of them learns.
  func open() throws {
    for classifier in candidates { try open(classifier) }
  }

  /// Notes that a classifier begins to learn.
  func begin(_ name: String) throws {
    if !state.withLock({ $0.runs.contains { $0.name == name } }),
      let classifier = candidates.first(where: { type(of: $0).algorithm.rawValue == name })
    {
      try open(classifier)
    }
    state.withLock { state in
      if let index = state.runs.firstIndex(where: { $0.name == name }) {
        state.runs[index].startTime = Timestamp.now.milliseconds
      }
    }
  }

  private func open(_ classifier: any Classifier) throws {
    try open(type(of: classifier).algorithm.rawValue) { now in
      RunEvents.parameters(of: classifier, data, now)
    }
  }

  /// Logs the baseline as an experiment of its own.
  func log(_ baseline: Baseline) throws {
    let now = Timestamp.now.milliseconds
    try open(Baseline.name) { RunEvents.baseline(baseline, data, $0) }
    state.withLock { state in
      guard let index = state.runs.firstIndex(where: { $0.name == Baseline.name }) else { return }
      state.runs[index].startTime = now
      state.runs[index].endTime = Timestamp.now.milliseconds
    }
  }

  private func open(_ name: String, _ events: (_ now: Int) -> [ExperimentEvent]) throws {
    let now = Timestamp.now.milliseconds
    let journal = try state.withLock { state -> ExperimentJournal? in
      guard !state.isClosed else { return nil }
      let journal = try leftJournal(name) ?? newJournal(name, now)
      if journal.eventCount == 0 { try journal.append(events(now) + context) }
      let isLogged = try journal.hasMetrics
      state.runs.append(
        Run(name: name, journal: journal, isLogged: isLogged, endTime: isLogged ? now : nil))
      return journal
    }
    if let journal { uploader?.add(journal, folder: folder) }
  }

  private func newJournal(_ name: String, _ now: Int) throws(JournalError) -> ExperimentJournal {
    // One that Comet has all of, or that cannot be read, stays as it is.
    try ExperimentJournal(
      creating: journalPaths(name).unused,
      experiment: OfflineExperiment(
        workspace: workspace, project: project, name: name, tags: [name], startTime: now))
  }

  /// The journal of a run that was stopped, so that what follows is logged in the same experiment.
  private func leftJournal(_ name: String) throws(JournalError) -> ExperimentJournal? {
    guard let left = journalPaths(name).last else { return nil }
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
  private func journalPaths(_ name: String) -> (last: String?, unused: String) {
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

  /// What a run logs beside the files of its folder; writes the curves.
  func draft(_ run: RunReport) throws -> [ExperimentEvent] {
    let now = Timestamp.now.milliseconds
    let curves = cometFolder + "/" + run.name
    return try state.withLock { state in
      guard !state.isClosed else { return [] }
      try Files.createFolder(curves)
      return RunEvents.metrics(of: run, now)
        + (try CurveFiles.write(
          run, to: curves, prefix: "\(PendingExperiment.folderName)/\(run.name)", now))
    }
  }

  /// Logs a run whose folder is whole.
  func record(_ run: RunReport, _ draft: [ExperimentEvent]) throws {
    let now = Timestamp.now.milliseconds
    try state.withLock { state in
      guard !state.isClosed, let index = state.runs.firstIndex(where: { $0.name == run.name })
      else { return }
      if !state.runs[index].isLogged {
        try state.runs[index].journal.append(draft + RunEvents.files(of: run, in: folder, now))
        state.runs[index].isLogged = true
      }
      state.runs[index].endTime = now
    }
    uploader?.proceed()
  }

  /// Logs the program's output, lets Comet take what it has not taken within some seconds, and keeps the
  /// rest in archives.
  func conclude(
    output: String, within seconds: Double, telling progress: Progress
  ) throws -> CometOutcome {
    let last = lastEvents(output)
    let runs = try state.withLock { state in
      guard !state.isClosed else { return state.runs }
      state.isClosed = true
      for run in state.runs {
        try run.journal.append(last)
        try run.journal.recordEnd(run.end(now: Timestamp.now.milliseconds))
      }
      return state.runs
    }
    if let uploader { progress.follow(uploader, within: seconds) }
    let undelivered = runs.map(\.journal).filter { !$0.isFinished }
    try writeArchives(of: undelivered)
    let finished = runs.filter(\.journal.isFinished)
    return CometOutcome(
      links: finished.compactMap { $0.journal.created?.link },
      experimentKeys: Dictionary(
        finished.compactMap { run in run.journal.created.map { (run.name, $0.key) } },
        uniquingKeysWith: { $1 }),
      experimentCount: runs.count, undeliveredCount: undelivered.count,
      failure: uploader?.failure, refusals: uploader?.refusals ?? ([], 0), folder: folder,
      hadConnection: uploader != nil)
  }

  /// Ends the journals where they are, for a run that was cut short, and sends nothing more.
  ///
  /// - Returns: whether something is left that can be sent.
  @discardableResult func abandon() -> Bool {
    uploader?.cancel()
    return state.withLock { state in
      let runs = state.runs
      guard !state.isClosed else { return runs.contains { !$0.journal.isFinished } }
      state.isClosed = true
      // What neither Comet nor the run folder has anything of is not worth a trace.
      guard runs.contains(where: { $0.journal.created != nil || $0.isLogged }) else {
        for run in runs {
          Files.remove(run.journal.path)
          Files.remove(cometFolder + "/" + run.name)
        }
        Files.removeEmptyFolder(cometFolder)
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
  private func lastEvents(_ output: String) -> [ExperimentEvent] {
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

  private func writeArchives(of journals: [ExperimentJournal]) throws {
    let errors = Mutex<[any Error]>([])
    let (folder, cometFolder) = (folder, cometFolder)
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

extension Progress {
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
