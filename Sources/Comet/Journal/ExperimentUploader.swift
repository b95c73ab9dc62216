import Dispatch
import Support

/// Sends what journals hold, while they grow, and marks there what Comet has taken.
///
/// Each experiment is made first, then its events go out in order, several at once, those of all
/// experiments side by side. When a journal has its end and Comet has taken everything, Comet is told
/// that the experiment is over.
///
/// When Comet cannot be reached or does not take the key, nothing more is sent, and ``failure`` says why.
/// An event that Comet refuses is left in its journal, told in ``refusals``, and holds up nothing.
public final class ExperimentUploader: Sendable {
  /// Where experiments go that do not say it themselves.
  public struct Target: Hashable, Sendable {
    public var workspace: String?
    public var project: String?

    public init(workspace: String? = nil, project: String? = nil) {
      self.workspace = workspace
      self.project = project
    }
  }

  private let client: CometClient
  private let transport: RetryingTransport
  private let target: Target
  /// The most requests that are begun and not answered, those that wait to be repeated included.
  private let window: Int
  private let state = Mutex(State())
  private let changed = DispatchSemaphore(value: 0)

  fileprivate struct State {
    var entries: [Entry] = []
    var underWay = 0
    var failure: CometError?
    /// The first hundred.
    var refusals: [String] = []
    var refusalCount = 0
    /// The account's own workspace, asked for once where none is given.
    var workspace: String?
    var isAskingForWorkspace = false
    var isEnded = false
  }

  /// - Parameter transport: the client's own; it says when there is no use in trying on.
  public init(
    _ client: CometClient, _ transport: RetryingTransport, target: Target = Target(),
    window: Int = 64
  ) {
    self.client = client
    self.transport = transport
    self.target = target
    self.window = window
  }

  /// Begins to send a journal.
  ///
  /// - Parameter folder: where the paths of its assets begin.
  public func add(_ journal: ExperimentJournal, folder: String) {
    guard !journal.isFinished else { return }
    state.withLock { $0.entries.append(Entry(journal, folder)) }
    if let created = journal.created, journal.end == nil {
      beat(created.key, journal, after: Self.firstBeat)
    }
    proceed()
  }

  /// Call it when journals have grown.
  public func proceed() {
    for job in state.withLock({ nextJobs(&$0) }) { start(job) }
  }

  /// Whether there is nothing to do before a journal grows.
  public var isIdle: Bool { state.withLock { $0.underWay == 0 } }

  /// Why nothing more is sent, `nil` as long as it is.
  public var failure: CometError? { state.withLock(\.failure) }

  /// What Comet would not take, the first hundred, and how many there are in all.
  public var refusals: (texts: [String], count: Int) {
    state.withLock { ($0.refusals, $0.refusalCount) }
  }

  public struct Progress: Hashable, Sendable {
    /// Requests that Comet has answered, and those that are needed in all.
    public var sent = 0
    public var total = 0
  }

  public var progress: Progress {
    state.withLock { state in
      state.entries.reduce(into: Progress()) { progress, entry in
        progress.sent += entry.sentCount
        progress.total += entry.journal.eventCount + entry.overhead
      }
    }
  }

  /// Lets the thread wait until nothing is left to be sent, or no use is in trying, or time is up; then
  /// ends all sending.
  ///
  /// - Parameter report: called a few times a second, from half a second on.
  public func finish(within seconds: Double, report: (Progress) -> Void = { _ in }) {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    var nextReport = clock.now + .milliseconds(500)
    proceed()
    while !state.withLock({ $0.failure != nil || $0.underWay == 0 }), clock.now < deadline {
      let pause = max(.zero, min(deadline, nextReport) - clock.now)
      _ = changed.wait(timeout: .now() + .milliseconds(Int(pause / .milliseconds(1)) + 1))
      guard clock.now >= nextReport else { continue }
      report(progress)
      nextReport = clock.now + .milliseconds(200)
    }
    state.withLock { $0.isEnded = true }
    // What Comet is about to answer may end: cut off, it would be sent a second time.
    let grace = min(deadline, clock.now + .milliseconds(500))
    while state.withLock({ $0.underWay > 0 }), clock.now < grace {
      _ = changed.wait(timeout: .now() + .milliseconds(20))
    }
    // What is under way ends now; its journals must not be written after this.
    transport.close()
    while state.withLock({ $0.underWay > 0 }) {
      _ = changed.wait(timeout: .now() + .milliseconds(50))
    }
  }

  /// Ends all sending at once, without a wait.
  public func cancel() {
    state.withLock { $0.isEnded = true }
    transport.cancel()
  }

  // MARK: What comes next

  private enum Job {
    case workspace
    case create(Int, workspace: String)
    case tags(Int, key: String)
    case event(Int, number: Int, key: String)
    case times(Int, ExperimentEnd, key: String)
    case status(Int, ExperimentEnd, key: String)
  }

  /// Everything that can be begun now; it counts as under way from here on.
  ///
  /// So whenever nothing is under way, there is nothing to do before a journal grows.
  private func nextJobs(_ state: inout State) -> [Job] {
    var jobs: [Job] = []
    while state.failure == nil, !state.isEnded, state.underWay < window {
      guard let job = nextJob(&state) else { break }
      state.underWay += 1
      jobs.append(job)
    }
    return jobs
  }

  private func nextJob(_ state: inout State) -> Job? {
    for index in state.entries.indices {
      if let job = nextJob(of: index, &state) { return job }
    }
    return nil
  }

  private func nextJob(of index: Int, _ state: inout State) -> Job? {
    let entry = state.entries[index]
    guard !entry.isOver else { return nil }
    guard let key = entry.journal.created?.key else {
      guard entry.underWay == 0 else { return nil }
      guard
        let workspace = target.workspace ?? entry.journal.experiment.workspace ?? state.workspace
      else {
        guard !state.isAskingForWorkspace else { return nil }
        state.isAskingForWorkspace = true
        return .workspace
      }
      state.entries[index].underWay += 1
      return .create(index, workspace: workspace)
    }
    if !entry.tagsAreBegun {
      state.entries[index].tagsAreBegun = true
      state.entries[index].underWay += 1
      return .tags(index, key: key)
    }
    while state.entries[index].nextEvent <= entry.journal.eventCount {
      let number = state.entries[index].nextEvent
      state.entries[index].nextEvent += 1
      if !entry.journal.isTaken(number) {
        state.entries[index].underWay += 1
        return .event(index, number: number, key: key)
      }
    }
    guard let end = entry.journal.end else { return nil }
    if !entry.timesAreBegun {
      state.entries[index].timesAreBegun = true
      state.entries[index].underWay += 1
      return .times(index, end, key: key)
    }
    // The last word: it must not come before anything else.
    guard entry.underWay == 0, !entry.statusIsBegun else { return nil }
    state.entries[index].statusIsBegun = true
    state.entries[index].underWay += 1
    return .status(index, end, key: key)
  }

  private func start(_ job: Job) {
    switch job {
    case .workspace:
      client.start(.defaultWorkspace) { result in
        self.settle(result) { state, workspace in state.workspace = workspace }
      }
    case .create(let index, let workspace):
      let (entry, experiment) = entry(index)
      let call = CometCall.createExperiment(
        workspace: workspace,
        project: target.project ?? experiment.project ?? "compare-models", name: experiment.name)
      client.start(call) { result in
        self.settle(result, of: index, isCreation: true) { created in
          try entry.journal.recordCreation(created)
          self.beat(created.key, entry.journal, after: Self.firstBeat)
        }
      }
    case .tags(let index, let key):
      let (entry, experiment) = entry(index)
      client.start(.addTags(experiment.tags, experiment: key)) { result in
        self.settle(result, of: index) { try entry.journal.recordTaken(0) }
      }
    case .event(let index, let number, let key):
      let (entry, _) = entry(index)
      do {
        guard let event = try entry.journal.event(number) else {
          throw AnswerError(problem: "Comet's REST API has no call for it")
        }
        let call = event.call(experiment: key, folder: entry.folder)
        client.start(call) { result in
          self.settle(result, of: index) { try entry.journal.recordTaken(number) }
        }
      } catch {
        let error = CometError(
          .request, path: entry.journal.path, problem: "event \(number): \(error)")
        settle(Result<Void, CometError>.failure(error), of: index) {}
      }
    case .times(let index, let end, let key):
      let (entry, experiment) = entry(index)
      let start = end.startTime ?? experiment.startTime
      client.start(.setStartAndEnd(start, end.time, experiment: key)) { result in
        self.settle(result, of: index) { try entry.journal.recordTimes() }
      }
    case .status(let index, let end, let key):
      let (entry, _) = entry(index)
      let call = CometCall.updateStatus(
        isAlive: false, hasCrashed: end.hasCrashed, experiment: key)
      client.start(call) { result in
        self.settle(result, of: index) {
          // With something refused, a later resend has something to try again.
          if self.entry(index).0.refusalCount == 0 { try entry.journal.recordFinish() }
        }
      }
    }
  }

  private func entry(_ index: Int) -> (Entry, OfflineExperiment) {
    state.withLock { ($0.entries[index], $0.entries[index].journal.experiment) }
  }

  // MARK: Signs of life

  /// Seconds after which an experiment that goes on tells so; most are over sooner.
  private static let firstBeat = 10.0

  /// Tells Comet now and then that an experiment goes on, or Comet would take it for dead.
  private func beat(_ key: String, _ journal: ExperimentJournal, after seconds: Double) {
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self] in
      guard let self, !journal.isFinished,
        self.state.withLock({ $0.failure == nil && !$0.isEnded })
      else { return }
      self.client.start(.heartbeat(experiment: key)) { [weak self] result in
        // One that is lost does no harm; the next one follows.
        let next = (try? result.get()).flatMap { $0 } ?? Self.firstBeat
        self?.beat(key, journal, after: max(1, next))
      }
    }
  }

  // MARK: What comes back

  /// Takes in the outcome of a request that belongs to no experiment.
  private func settle<Answer>(
    _ result: Result<Answer, CometError>, _ keep: (inout State, Answer) -> Void
  ) {
    let jobs = state.withLock { state in
      state.underWay -= 1
      switch result {
      case .success(let answer): keep(&state, answer)
      case .failure(let error): state.fail(error)
      }
      return nextJobs(&state)
    }
    changed.signal()
    for job in jobs { start(job) }
  }

  /// Takes in the outcome of a request for one of the experiments.
  ///
  /// - Parameter record: writes down that Comet took it.
  private func settle<Answer>(
    _ result: Result<Answer, CometError>, of index: Int, isCreation: Bool = false,
    record: (Answer) throws -> Void
  ) {
    var outcome: Result<Void, any Error> = .success(())
    do {
      // What cannot be written down is sent once more by a resend: better twice than not at all.
      try record(result.get())
    } catch {
      outcome = .failure(error)
    }
    let isHopeless = transport.ended != nil
    let jobs = state.withLock { state in
      state.underWay -= 1
      state.entries[index].underWay -= 1
      switch outcome {
      case .success: state.entries[index].sentCount += 1
      case .failure(let error):
        if isCreation { state.entries[index].isOver = true }
        state.entries[index].refusalCount += 1
        state.take(error, isHopeless: isHopeless)
      }
      return nextJobs(&state)
    }
    changed.signal()
    for job in jobs { start(job) }
  }
}

extension ExperimentUploader.State {
  fileprivate mutating func fail(_ error: CometError) {
    if failure == nil { failure = error }
  }

  /// Ends sending where there is no use in going on, else notes what was refused.
  fileprivate mutating func take(_ error: any Error, isHopeless: Bool) {
    // What is ended on purpose has not failed.
    guard !isEnded else { return }
    if let error = error as? CometError {
      switch error.kind {
      case .refusedKey, .unexpectedAnswer: return fail(error)
      case .unavailable where isHopeless: return fail(error)
      default: break
      }
    }
    refusalCount += 1
    if refusals.count < 100 { refusals.append("\(error)") }
  }
}

extension ExperimentUploader {
  /// One experiment on its way.
  fileprivate struct Entry {
    let journal: ExperimentJournal
    let folder: String
    var tagsAreBegun: Bool
    var timesAreBegun: Bool
    var statusIsBegun = false
    /// The number of the next event to look at.
    var nextEvent = 1
    var underWay = 0
    var refusalCount = 0
    /// Requests that Comet has answered well.
    var sentCount: Int
    /// Comet would not make it.
    var isOver = false

    /// Requests beside the events: to make it, its tags, its times, its status.
    var overhead: Int { journal.experiment.tags.isEmpty ? 3 : 4 }

    init(_ journal: ExperimentJournal, _ folder: String) {
      self.journal = journal
      self.folder = folder
      tagsAreBegun = journal.tagsAreTaken || journal.experiment.tags.isEmpty
      timesAreBegun = journal.isTimed
      sentCount =
        journal.takenCount + (journal.created == nil ? 0 : 1) + (journal.tagsAreTaken ? 1 : 0)
        + (journal.isTimed ? 1 : 0)
    }
  }
}
