import Logging
public import SavedModels
public import ServiceLifecycle
import Support
import UnixSignals

/// Keeps the model current: takes over what is newer in the folder, and what a registry has.
///
/// The folder is looked at every second or two. What a registry has is fetched into the folder, and taken
/// over from there, so there is one way in which a model comes to be served.
public final class ModelKeeper: Service {
  /// Brings the folder up to date, and says what should be known.
  public typealias Fetch = @Sendable () async throws -> [String]
  /// What is to be called the origin of a model that was read from the folder.
  public typealias Naming = @Sendable (SavedPipeline) -> ServedModel.Origin

  private struct State {
    /// The folder as it was when the model that is served was read, or could not be.
    var tried: ModelFolder.Fingerprint?
    /// The folder as it was at the last look: only one that has come to rest is read.
    var seen: ModelFolder.Fingerprint?
  }

  private let folder: ModelFolder
  private let models: ModelHolder
  private let metrics: RefreshMetrics
  private let fetch: Fetch?
  private let naming: Naming
  private let interval: Double
  private let logger: Logger
  private let state = Mutex(State())

  /// The longest that is waited after failures, in seconds.
  private static let longestWait = 3600.0

  /// - Parameters:
  ///   - fetch: `nil` where there is only the folder.
  ///   - interval: how many seconds lie between two looks into the registry; 0 for never, and then the
  ///     folder is not looked at either, unless SIGHUP asks for it.
  public init(
    _ folder: ModelFolder, for service: ServiceState, interval: Double,
    fetch: Fetch? = nil, naming: @escaping Naming
  ) {
    self.folder = folder
    models = service.models
    metrics = service.refreshes
    logger = service.logger
    self.interval = interval
    self.fetch = fetch
    self.naming = naming
  }

  /// Reads the folder, whatever it holds, and serves that.
  public func load() throws {
    let (pipeline, fingerprint) = try folder.load()
    state.withLock { state in
      state.tried = fingerprint
      state.seen = fingerprint
    }
    let model = ServedModel(pipeline, origin: naming(pipeline))
    models.take(model)
    logger.info(
      "model taken over",
      metadata: [
        "model": "\(model.name)", "version": "\(model.origin.version)",
        "from": "\(model.origin.place)",
      ])
  }

  public func run() async throws {
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        group.addTask { await self.watchSignals() }
        if self.interval > 0 {
          group.addTask { await self.watchFolder() }
          if self.fetch != nil { group.addTask { await self.watchRegistry() } }
        }
      }
    }
  }

  private func watchSignals() async {
    for await _ in await UnixSignalsSequence(trapping: .sighup) {
      logger.info("looking for a newer model", metadata: ["reason": "SIGHUP"])
      await refresh()
    }
  }

  private func watchFolder() async {
    let pause = min(1, interval)
    while (try? await Task.sleep(for: .seconds(pause))) != nil { lookAtFolder() }
  }

  private func watchRegistry() async {
    var pause = interval
    while (try? await Task.sleep(for: .seconds(pause))) != nil {
      // Each failure in a row doubles the wait.
      pause = await refresh() ? interval : min(pause * 2, max(interval, Self.longestWait))
    }
  }

  /// Asks the registry, and takes over what is new; false where that failed.
  @discardableResult public func refresh() async -> Bool {
    if let fetch {
      do {
        for warning in try await fetch() { logger.warning("\(warning)") }
      } catch {
        metrics.record(.failed)
        logger.warning(
          "no newer model could be fetched; the one that is served stays",
          metadata: ["error": "\(error)"])
        return false
      }
    }
    return takeOver(folder.fingerprint)
  }

  /// Takes over what is in the folder once it has stayed as it is from one look to the next.
  public func lookAtFolder() {
    let now = folder.fingerprint
    let isSettled = state.withLock { state in
      defer { state.seen = now }
      return state.seen == now && state.tried != now && now != nil
    }
    if isSettled { takeOver(now) }
  }

  @discardableResult private func takeOver(_ now: ModelFolder.Fingerprint?) -> Bool {
    guard state.withLock({ $0.tried }) != now || models.current == nil else {
      metrics.record(.unchanged)
      return true
    }
    do {
      try load()
      metrics.record(.takenOver)
      return true
    } catch {
      // The same files would fail again; others will be read.
      if !(error is ModelFolder.UnsettledError) { state.withLock { $0.tried = now } }
      metrics.record(.failed)
      logger.warning(
        "the folder's model was not taken over; the one that is served stays",
        metadata: ["error": "\(error)"])
      return false
    }
  }
}
