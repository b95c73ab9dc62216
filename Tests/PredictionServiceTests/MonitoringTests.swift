import Comet
import CometStandIn
import Logging
import PredictionService
import ServiceLifecycle
import Support
import TestSupport
import Testing

@Suite struct `Monitoring in Comet` {
  @Test func `monitoring logs counts and indices to an experiment`() async throws {
    let setup = try Setup()
    await setup.monitor.turn()
    #expect(setup.server.requests.isEmpty && setup.journals.isEmpty)
    try await setup.ask(3)
    await setup.monitor.turn()
    for _ in 0..<3 { await setup.monitor.turn() }
    try await setup.ask(1)
    // Neither pages nor probes are questions.
    _ = try await setup.service.ask("GET", "/ready")
    await setup.monitor.turn()
    #expect(setup.journals.count == 1)
    await setup.monitor.conclude()
    let experiment = try #require(setup.experiments.first)
    #expect(setup.experiments.count == 1)
    #expect(experiment["name"]?.string == "diamonds-prediction")
    #expect(experiment["projectName"]?.string == "stones")
    #expect(experiment.values(of: "requests") == [3, 4])
    #expect(experiment.values(of: "predictions_Gold") == [3, 4])
    #expect(experiment.values(of: "predictions_Silver") == [0, 0])
    for feature in ServiceFixture.stone.fields.map(\.name) + ["predicted_class"] {
      #expect(experiment.values(of: "psi_\(feature)").count == 2, "\(feature)")
    }
    #expect(experiment.parameter("model_version") == "1.2.3")
    #expect(experiment.parameter("model") == "RandomForest")
    #expect(experiment.hasEnded(crashed: false))
    // Comet has all of it.
    #expect(setup.journals.isEmpty)
    #expect(setup.log.warnings.isEmpty)
  }

  @Test func `monitoring logs once a minute, and a last time when the service stops`() async throws
  {
    let clock = HandClock()
    let setup = try Setup(clock: clock)
    let group = ServiceGroup(
      services: [setup.monitor], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      for _ in 0..<2 {
        await clock.untilSleeping()
        try await setup.ask(1)
        clock.advance(by: .seconds(59))
        try await setup.ask(1)
        clock.advance(by: .seconds(1))
      }
      await clock.untilSleeping()
      try await setup.ask(1)
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
    // A request that was under way when the service was told to end.
    try await setup.ask(1)
    await setup.monitor.conclude()
    #expect(setup.experiments.first?.values(of: "requests") == [2, 4, 5, 6])
    #expect(setup.experiments.first?.hasEnded(crashed: false) == true)
  }

  @Test func `monitoring loses nothing while Comet cannot be reached`() async throws {
    let setup = try Setup(faults: [Fault(.status(503))])
    for _ in 0..<3 {
      try await setup.ask(1)
      await setup.monitor.turn()
      try await setup.untilAnswered()
    }
    #expect(setup.experiments.isEmpty && setup.journals.count == 1)
    let kept = setup.log.warnings
    #expect(kept.count >= 1 && kept.allSatisfy { $0.contains("kept") })
    setup.server.setFaults([])
    // By now it may wait for some turns before it tries again.
    for _ in 0..<8 { await setup.monitor.turn() }
    await setup.monitor.conclude()
    let experiment = try #require(setup.experiments.first)
    #expect(setup.experiments.count == 1 && setup.journals.isEmpty)
    #expect(experiment.values(of: "requests") == [1, 2, 3])
  }

  @Test func `monitoring keeps its data if the key is rejected`() async throws {
    let setup = try Setup(key: "wrong")
    for _ in 0..<3 {
      try await setup.ask(1)
      await setup.monitor.turn()
      try await setup.untilAnswered()
    }
    await setup.monitor.conclude()
    #expect(setup.log.warnings.count == 1)
    #expect(setup.log.warnings.first?.contains("cannot be sent to Comet; it is kept for") == true)
    #expect(setup.journals.count == 1)
    #expect(try await setup.service.predict(ServiceFixture.stone.json).status == 200)
    let later = try Setup(in: setup.folder, server: setup.server)
    await later.monitor.turn()
    await later.monitor.conclude()
    let experiment = try #require(later.experiments.first)
    #expect(experiment.values(of: "requests") == [1, 2, 3])
    #expect(later.journals.isEmpty)
  }

  @Test func `monitoring sends the journals of a killed process`() async throws {
    let folder = TemporaryFolder()
    do {
      // Nothing ends it: its journal is as a killed process would leave it.
      let killed = try Setup(in: folder, isSending: false)
      try await killed.ask(2)
      await killed.monitor.turn()
      #expect(killed.journals.count == 1)
    }
    let later = try Setup(in: folder)
    await later.monitor.turn()
    try await later.ask(1)
    await later.monitor.conclude()
    #expect(later.experiments.count == 2 && later.journals.isEmpty)
    #expect(
      later.experiments.map { $0.values(of: "requests") }.sorted { $0[0] < $1[0] } == [[1], [2]])
    let left = try #require(later.experiments.first { $0.values(of: "requests") == [2] })
    #expect(left.hasEnded(crashed: true))
  }

  @Test func `monitoring begins an experiment for each model and day`() async throws {
    let setup = try Setup(isSending: false)
    try await setup.ask(1)
    await setup.monitor.turn()
    try await setup.ask(1)
    setup.service.state.serve(
      ServedModel(
        try DiamondModels.silver.get(), origin: .init(place: "x", version: "2.0.0")))
    await setup.monitor.turn()
    // Nobody has asked the new model.
    #expect(setup.journals.count == 1)
    for _ in 0..<1440 {
      try await setup.ask(1)
      await setup.monitor.turn()
    }
    #expect(setup.journals.count == 2)
    try await setup.ask(1)
    await setup.monitor.turn()
    #expect(setup.journals.count == 3)
    let sizes = setup.journals.map { setup.folder.read($0)?.count ?? 0 }
    #expect(sizes.allSatisfy { $0 < 5_000_000 }, "\(sizes)")
  }

  @Test func `monitoring removes the oldest journals rather than fill the disk`() async throws {
    let setup = try Setup(byteLimit: 5_000, isSending: false)
    let models = [try DiamondModels.silver.get(), try DiamondModels.small.get()]
    var last: [String] = []
    for turn in 0..<12 {
      setup.service.state.serve(
        ServedModel(models[turn % 2], origin: .init(place: "x", version: "\(turn)")))
      try await setup.ask(1)
      await setup.monitor.turn()
      // The one that is being written is never removed.
      #expect(Set(setup.journals).subtracting(last).count == 1)
      last = setup.journals
    }
    let bytes = last.reduce(0) { $0 + (setup.folder.read($1)?.count ?? 0) }
    #expect(bytes < 10_000 && last.count < 12)
    #expect(setup.log.warnings.contains { $0.contains("to make room") })
  }

  @Test func `monitoring logs one warning if nothing can be written`() async throws {
    let folder = TemporaryFolder()
    folder.write("", to: "monitor")
    let setup = try Setup(in: folder)
    for _ in 0..<3 {
      try await setup.ask(1)
      await setup.monitor.turn()
    }
    #expect(setup.log.warnings.count == 1)
    #expect(setup.log.warnings.first?.contains("cannot be written") == true)
    folder.remove("monitor")
    await setup.monitor.turn()
    await setup.monitor.conclude()
    #expect(setup.experiments.first?.values(of: "requests") == [3])
  }
}

/// A service with a monitor, and a Comet on this machine.
private struct Setup {
  let folder: TemporaryFolder
  let server: StandInServer
  let service: ServiceFixture
  let monitor: CometMonitor
  let log: LogRecorder

  init(
    in folder: TemporaryFolder = TemporaryFolder(), server: StandInServer? = nil,
    faults: [Fault] = [], key: String = StandInServer.defaultKey, byteLimit: Int = 1 << 30,
    clock: any Clock<Duration> = ContinuousClock(), isSending: Bool = true
  ) throws {
    self.folder = folder
    let log = LogRecorder()
    self.log = log
    let server = try server ?? StandInServer()
    server.setFaults(faults)
    self.server = server
    service = ServiceFixture(
      try DiamondModels.small.get(), logger: Logger(label: "test") { _ in log })
    let comet = try #require(CometServer(server.url))
    let makeUploader: CometMonitor.MakeUploader = {
      // The first failure is taken for one that lasts.
      let transport = RetryingTransport(
        CurlTransport(), policy: RetryPolicy(maximumAttempts: 1),
        circuit: Circuit(failureLimit: 1, patience: 0))
      let client = CometClient(server: comet, key: APIKey(key), transport: transport)
      return ExperimentUploader(client, transport)
    }
    monitor = CometMonitor(
      service.state, folder: folder.path + "/monitor", byteLimit: byteLimit,
      workspace: "demo-ws", project: "stones", clock: clock,
      makeUploader: isSending ? makeUploader : nil)
  }

  func ask(_ count: Int) async throws {
    for _ in 0..<count {
      #expect(try await service.predict(ServiceFixture.stone.json).status == 200)
    }
  }

  /// Waits until Comet has answered what it was asked, however it did.
  func untilAnswered() async throws {
    while await !monitor.isIdle { await Task.yield() }
  }

  /// Names of journals, from the folder.
  var journals: [String] { folder.names().filter { $0.hasSuffix(".jsonl") } }
  var experiments: [JSONValue] { server.state["experiments"]?.array ?? [] }
}

extension JSONValue {
  /// An experiment's values of a metric, in the order of their steps.
  fileprivate func values(of metric: String) -> [Double] {
    (self["metrics"]?.array ?? []).filter { $0["name"]?.string == metric }
      .sorted { ($0["step"]?.int ?? 0) < ($1["step"]?.int ?? 0) }
      .compactMap { $0["value"]?.plainText }.compactMap(Double.init)
  }

  fileprivate func parameter(_ name: String) -> String? {
    self["parameters"]?.array?.first { $0["name"]?.string == name }?["value"]?.plainText
  }

  /// Whether an experiment is over, and how it ended.
  fileprivate func hasEnded(crashed: Bool) -> Bool {
    self["running"]?.bool == false && self["crashed"]?.bool == crashed
  }
}

/// A clock that goes on when it is told to.
private final class HandClock: Clock {
  struct Instant: InstantProtocol {
    var time: Duration
    func advanced(by duration: Duration) -> Instant { Instant(time: time + duration) }
    func duration(to other: Instant) -> Duration { other.time - time }
    static func < (first: Instant, second: Instant) -> Bool { first.time < second.time }
  }

  private struct State {
    var now = Instant(time: .zero)
    var sleepers: [(end: Instant, wake: CheckedContinuation<Void, any Error>)] = []
    var isCancelled = false
  }

  private let state = Mutex(State())
  var now: Instant { state.withLock(\.now) }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wake in
        let isOver = state.withLock { state in
          guard !state.isCancelled else { return true }
          state.sleepers.append((deadline, wake))
          return false
        }
        if isOver { wake.resume(throwing: CancellationError()) }
      }
    } onCancel: {
      let sleepers = state.withLock { state in
        state.isCancelled = true
        defer { state.sleepers = [] }
        return state.sleepers
      }
      for sleeper in sleepers { sleeper.wake.resume(throwing: CancellationError()) }
    }
  }

  /// Waits until somebody sleeps.
  func untilSleeping() async {
    while state.withLock({ $0.sleepers.isEmpty }) { await Task.yield() }
  }

  func advance(by duration: Duration) {
    let woken = state.withLock { state in
      let now = state.now.advanced(by: duration)
      state.now = now
      defer { state.sleepers.removeAll { $0.end <= now } }
      return state.sleepers.filter { $0.end <= now }
    }
    for sleeper in woken { sleeper.wake.resume() }
  }
}

/// Keeps what is logged.
private final class LogRecorder: LogHandler {
  private let entries = Mutex<[(level: Logger.Level, text: String)]>([])

  var warnings: [String] {
    entries.withLock { $0.filter { $0.level >= .warning }.map(\.text) }
  }

  func log(event: LogEvent) {
    entries.withLock { $0.append((event.level, event.message.description)) }
  }

  var logLevel: Logger.Level {
    get { .trace }
    set {}
  }
  var metadata: Logger.Metadata {
    get { [:] }
    set {}
  }
  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { nil }
    set {}
  }
}
