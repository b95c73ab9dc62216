import Dispatch
import JSON
import Support

/// Sends what journals hold, while they grow, and marks there what Comet has taken.
///
/// Each experiment is made first, then its events go out in order, several at once, those of all
/// experiments side by side. When a journal has its end and Comet has taken everything, Comet is told
/// that the experiment is over.
///
/// When Comet cannot be reached or does not take the key, nothing more is sent, and ``failure`` says why.
/// An event that Comet refuses stays in its journal, is listed in ``refusals``, and delays no other.
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

  private struct State {
    var deliveries: [ExperimentDelivery] = []
    var underWay = 0
    var failure: CometError?
    /// The first hundred.
    var refusals: [String] = []
    var refusalCount = 0
    /// The account's own workspace, asked for once where none is given.
    var workspace: String?
    var isAskingForWorkspace = false
    var isEnded = false

    var isOver: Bool { failure != nil || isEnded }
  }

  /// - Parameter transport: the client's own; it says when it has given up.
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
    state.withLock { $0.deliveries.append(ExperimentDelivery(journal, folder: folder)) }
    if let created = journal.created, journal.end == nil { beat(created.key, journal) }
    proceed()
  }

  /// Sends what was logged meanwhile; to be called when journals have grown.
  public func proceed() {
    for job in state.withLock({ nextJobs(&$0) }) { start(job) }
  }

  /// Whether there is nothing to do before a journal grows.
  public var isIdle: Bool { state.withLock { $0.underWay == 0 } }

  /// Why sending has stopped; `nil` while it goes on.
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
      state.deliveries.reduce(into: Progress()) { progress, delivery in
        progress.sent += delivery.sentCount
        progress.total += delivery.requestCount
      }
    }
  }

  /// Blocks until everything is sent, sending has failed, or time is up; then ends all sending.
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
    while !isIdle, clock.now < grace { _ = changed.wait(timeout: .now() + .milliseconds(20)) }
    // What is under way ends now; its journals must not be written after this.
    transport.close()
    while !isIdle { _ = changed.wait(timeout: .now() + .milliseconds(50)) }
  }

  /// Ends all sending at once, without a wait.
  public func cancel() {
    state.withLock { $0.isEnded = true }
    transport.cancel()
  }

  // MARK: What is sent next

  private enum Job {
    case workspace
    /// The number of its delivery comes second.
    case step(ExperimentDelivery.Step, Int)
  }

  /// Everything that can be begun now; it counts as under way from here on.
  ///
  /// So whenever nothing is under way, there is nothing to do before a journal grows.
  private func nextJobs(_ state: inout State) -> [Job] {
    var jobs: [Job] = []
    while !state.isOver, state.underWay < window, let job = nextJob(&state) {
      state.underWay += 1
      jobs.append(job)
    }
    return jobs
  }

  private func nextJob(_ state: inout State) -> Job? {
    for index in state.deliveries.indices {
      let journal = state.deliveries[index].journal
      let workspace = target.workspace ?? journal.experiment.workspace ?? state.workspace
      if journal.created == nil, workspace == nil {
        guard !state.isAskingForWorkspace else { continue }
        state.isAskingForWorkspace = true
        return .workspace
      }
      if let step = state.deliveries[index].nextStep() { return .step(step, index) }
    }
    return nil
  }

  private func start(_ job: Job) {
    switch job {
    case .workspace:
      client.start(.defaultWorkspace) { result in
        self.settle { state in
          switch result {
          case .success(let workspace): state.workspace = workspace
          case .failure(let error): state.failure = state.failure ?? error
          }
        }
      }
    case .step(let step, let index): start(step, index)
    }
  }

  private func start(_ step: ExperimentDelivery.Step, _ index: Int) {
    let (delivery, ownWorkspace) = state.withLock { ($0.deliveries[index], $0.workspace) }
    let journal = delivery.journal
    let experiment = journal.experiment
    let key = journal.created?.key ?? ""
    switch step {
    case .creation:
      let workspace = target.workspace ?? experiment.workspace ?? ownWorkspace
      let call = CometCall.createExperiment(
        workspace: workspace ?? "",
        project: target.project ?? experiment.project ?? "compare-models", name: experiment.name)
      send(call, index) { created in
        try journal.recordCreation(created)
        self.beat(created.key, journal)
      }
    case .tags:
      send(.addTags(experiment.tags, experiment: key), index) { try journal.recordTaken(0) }
    case .event(let number):
      do {
        guard let event = try journal.event(number) else {
          throw JSONError(.value("type"), problem: "Comet's REST API has no call for it")
        }
        send(.log(event, folder: delivery.folder, experiment: key), index) {
          try journal.recordTaken(number)
        }
      } catch {
        let problem = "event \(number): \(error)"
        settle(index, CometError(.request, path: journal.path, problem: problem))
      }
    case .times(let end):
      let start = end.startTime ?? experiment.startTime
      send(.setStartAndEnd(start, end.time, experiment: key), index) { try journal.recordTimes() }
    case .status(let end):
      send(.end(hasCrashed: end.hasCrashed, experiment: key), index) {
        // What was refused is tried again when the journal is sent another time.
        let hasRefusals = self.state.withLock { $0.deliveries[index].hasRefusals }
        if !hasRefusals { try journal.recordFinish() }
      }
    }
  }

  /// - Parameters:
  ///   - index: the number of the delivery that the call belongs to.
  ///   - record: writes down that Comet took it.
  private func send<Answer>(
    _ call: CometCall<Answer>, _ index: Int, record: @escaping @Sendable (Answer) throws -> Void
  ) {
    client.start(call) { result in
      do {
        // What cannot be written down is sent again by a resend: better twice than not at all.
        try record(result.get())
        self.settle(index, nil)
      } catch {
        self.settle(index, error)
      }
    }
  }

  // MARK: Signs of life

  /// Seconds until the first sign of life; most experiments are over sooner.
  private static let firstBeat = 10.0

  /// Tells Comet now and then that an experiment goes on; otherwise Comet would mark it as ended.
  private func beat(
    _ key: String, _ journal: ExperimentJournal, after seconds: Double = firstBeat
  ) {
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self] in
      guard let self, !journal.isFinished, !self.state.withLock(\.isOver) else { return }
      self.client.start(.heartbeat(experiment: key)) { [weak self] result in
        // One that is lost does no harm; the next one follows.
        let next = (try? result.get()).flatMap { $0 } ?? Self.firstBeat
        self?.beat(key, journal, after: max(1, next))
      }
    }
  }

  // MARK: What comes back

  /// Takes in the outcome of a step: `nil` where Comet took it.
  private func settle(_ index: Int, _ error: (any Error)?) {
    let isHopeless = transport.ended != nil
    settle { state in
      state.deliveries[index].settle(succeeded: error == nil)
      if let error { Self.take(error, isHopeless: isHopeless, &state) }
    }
  }

  /// Takes in the outcome of a request, and begins what has become possible.
  private func settle(_ change: (inout State) -> Void) {
    let jobs = state.withLock { state in
      state.underWay -= 1
      change(&state)
      return nextJobs(&state)
    }
    changed.signal()
    for job in jobs { start(job) }
  }

  /// Ends sending where it cannot succeed any more, else notes what was refused.
  private static func take(_ error: any Error, isHopeless: Bool, _ state: inout State) {
    // What is ended on purpose has not failed.
    guard !state.isEnded else { return }
    if let error = error as? CometError,
      [.refusedKey, .unexpectedAnswer].contains(error.kind)
        || error.kind == .unavailable && isHopeless
    {
      state.failure = state.failure ?? error
      return
    }
    state.refusalCount += 1
    if state.refusals.count < 100 { state.refusals.append("\(error)") }
  }
}
