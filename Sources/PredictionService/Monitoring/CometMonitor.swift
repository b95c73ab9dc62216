public import Comet
import Logging
public import ServiceLifecycle

/// Logs the service's requests to experiments of Comet, at most once a minute.
///
/// Everything is written to a journal on disk before it is sent, so nothing is lost if Comet is slow or cannot be
/// reached, or if the process ends. An experiment is one model that one process serves, for at most a day; a
/// journal is removed when Comet has all of it.
///
/// No request waits for it: it reads the counters in a task of its own.
public actor CometMonitor: Service {
  /// Makes what sends a journal to Comet.
  public typealias MakeUploader = @Sendable () throws -> ExperimentUploader

  /// The folder with the journals, in the current folder.
  public static let folderName = "monitor"
  /// How long it may still wait for Comet when the service stops: less than the ten seconds that a
  /// container has.
  private static let patience = Duration.seconds(8)

  private let service: ServiceState
  private let folder: JournalFolder
  private let workspace: String?
  private let project: String?
  private let clock: any Clock<Duration>
  private let logger: Logger
  private var sender: JournalSender
  private var experiment: MonitoredExperiment?
  /// The model at the last turn.
  private var model: ServedModel?
  /// The number of that model's predicted rows, and of answered requests, when they were last logged.
  private var counts = (rows: 0, requests: 0)
  /// When the service began to stop.
  private var stopTime: ContinuousClock.Instant?
  /// Whether the last attempt to write failed, and a warning was logged.
  private var isUnwritable = false

  /// - Parameters:
  ///   - folder: created when there is something to log.
  ///   - byteLimit: the most bytes of all journals together before another is begun. The default is
  ///     enough for a month without Comet.
  ///   - makeUploader: called for each journal and attempt; `nil` to keep journals without sending them.
  public init(
    _ service: ServiceState, folder: String = folderName, byteLimit: Int = 128 << 20,
    workspace: String? = nil, project: String? = nil,
    clock: any Clock<Duration> = ContinuousClock(),
    makeUploader: MakeUploader?
  ) {
    self.service = service
    self.workspace = workspace
    self.project = project
    self.clock = clock
    logger = service.logger
    self.folder = JournalFolder(parent: folder, byteLimit: byteLimit)
    sender = JournalSender(folder: self.folder, logger: logger, makeUploader: makeUploader)
  }

  /// Takes a turn every minute until the service stops, and one then.
  public func run() async throws {
    await cancelWhenGracefulShutdown {
      await self.turn()
      while (try? await self.clock.sleep(for: .seconds(60), tolerance: nil)) != nil {
        await self.turn()
      }
    }
    stopTime = .now
    log()
    sender.proceed()
  }

  /// Logs the counters, and continues to send.
  public func turn() {
    log()
    sender.turn()
  }

  /// Whether Comet has answered all requests.
  public var isIdle: Bool { sender.isIdle }

  /// Logs the last requests, ends the journal, and gives Comet some time to receive the rest.
  public func conclude() async {
    log()
    end()
    sender.proceed()
    let deadline = (stopTime ?? .now) + Self.patience
    while !sender.isIdle, .now < deadline { try? await Task.sleep(for: .milliseconds(20)) }
    sender.stop()
  }

  /// Writes to the journal, unless there was no request since the last time.
  private func log() {
    let current = service.model
    if let model, model !== current {
      // Its last requests.
      log(model)
      end()
    }
    if model !== current { counts.rows = 0 }
    model = current
    if let current { log(current) }
  }

  private func log(_ model: ServedModel) {
    let now = (rows: model.driftCounters.rowCount, requests: service.predictionRequestCount)
    guard now.rows > counts.rows || now.requests > counts.requests else { return }
    if experiment == nil { begin(model) }
    guard experiment != nil, attempt({ try experiment?.log(requestCount: now.requests) }) else {
      return
    }
    counts = now
    if experiment?.isFull == true { end() }
  }

  private func begin(_ model: ServedModel) {
    for path in folder.makeRoom(sparing: sender.paths) {
      logger.warning(
        "a monitoring journal was removed to make room", metadata: ["journal": "\(path)"])
    }
    attempt {
      let new = try MonitoredExperiment(
        of: model, in: folder, workspace: workspace, project: project)
      experiment = new
      sender.add(new.journal)
    }
  }

  private func end() {
    attempt { try experiment?.end() }
    // A journal without an end is treated as that of a killed process: it is sent all the same.
    experiment = nil
  }

  /// Whether the journal could be written; a failure is logged once.
  @discardableResult private func attempt(_ body: () throws -> Void) -> Bool {
    do {
      try body()
      isUnwritable = false
      return true
    } catch {
      if !isUnwritable {
        logger.warning("the monitoring journal cannot be written", metadata: ["error": "\(error)"])
      }
      isUnwritable = true
      return false
    }
  }
}
