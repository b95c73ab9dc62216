public import Comet
import Logging
public import ServiceLifecycle

/// Logs what the service was asked to experiments of Comet, at most once a minute.
///
/// Everything is a line in a journal on disk before it is sent, so a Comet that is slow or away, or the
/// end of the process, loses nothing. An experiment is one model that one process serves, for at most a
/// day; a journal is removed when Comet has all of it.
///
/// Requests never wait for any of this: it reads their counts, on a task of its own.
public actor CometMonitor: Service {
  /// Makes a way to Comet.
  public typealias MakeUploader = @Sendable () throws -> ExperimentUploader

  /// The folder that journals are kept below, in the current folder.
  public static let folderName = "monitor"
  /// How long after it is told to end it may still wait for Comet: a container's ten seconds are enough
  /// for all of it.
  private static let patience = Duration.seconds(8)

  private let service: ServiceState
  private let folder: JournalFolder
  private let workspace: String?
  private let project: String?
  private let clock: any Clock<Duration>
  private let logger: Logger
  private var sender: JournalSender
  private var experiment: MonitoredExperiment?
  /// The model that was served at the last turn.
  private var model: ServedModel?
  /// How many rows that model had predicted, and how many requests had been answered, when they were
  /// logged last.
  private var counts = (rows: 0, requests: 0)
  /// When it was told to end.
  private var stopTime: ContinuousClock.Instant?
  /// Whether the last attempt to write failed, which was told.
  private var isUnwritable = false

  /// - Parameters:
  ///   - folder: is made when there is something to log.
  ///   - byteLimit: the most bytes that all journals may have before another is begun. The standard is
  ///     what a month without Comet comes to.
  ///   - makeUploader: is called for each journal and attempt; `nil` keeps journals only.
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

  /// Takes a turn every minute until the service is told to end, and one then.
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

  /// Logs what there is, and goes on sending.
  public func turn() {
    log()
    sender.turn()
  }

  /// Whether Comet has answered all that it was asked.
  public var isIdle: Bool { sender.isIdle }

  /// Logs what requests that were under way have added, ends the journal, and gives Comet some time to
  /// take what it has not taken.
  public func conclude() async {
    log()
    end()
    sender.proceed()
    let deadline = (stopTime ?? .now) + Self.patience
    while !sender.isIdle, .now < deadline { try? await Task.sleep(for: .milliseconds(20)) }
    sender.stop()
  }

  /// Writes to the journal, unless nothing was asked since the last time.
  private func log() {
    let current = service.models.current
    if let model, model !== current {
      // What it was asked last.
      log(model)
      end()
    }
    if model !== current { counts.rows = 0 }
    model = current
    if let current { log(current) }
  }

  private func log(_ model: ServedModel) {
    let now = (rows: model.figures.rowCount, requests: service.predictionRequestCount)
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
      logger.warning("a journal was removed to make room", metadata: ["journal": "\(path)"])
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
    // Without its end, a journal is taken for that of a process that died: nothing of it is lost.
    experiment = nil
  }

  /// Whether the journal could be written; a failure is told once.
  @discardableResult private func attempt(_ body: () throws -> Void) -> Bool {
    do {
      try body()
      isUnwritable = false
      return true
    } catch {
      if !isUnwritable {
        logger.warning("monitoring cannot be written", metadata: ["error": "\(error)"])
      }
      isUnwritable = true
      return false
    }
  }
}
