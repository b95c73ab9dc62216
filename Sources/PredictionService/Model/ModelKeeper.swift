import Logging
public import SavedModels
public import ServiceLifecycle
import Support
import UnixSignals

/// Keeps the model current: loads a newer one from the folder or from a registry.
///
/// The folder is checked every second. A registry's model is downloaded to the folder, and loaded from there, so
/// there is one way in which models are loaded.
public final class ModelKeeper: Service {
  /// Updates the folder, and returns warnings.
  public typealias Fetch = @Sendable () async throws -> [String]
  /// The origin of a model that was read from the folder.
  public typealias Naming = @Sendable (SavedPipeline) -> ServedModel.Origin

  private struct State {
    /// The folder when a model was last loaded from it, or could not be.
    var tried: ModelFolder.Fingerprint?
    /// The folder at the last check: it is read only when it stays unchanged from one check to the next.
    var seen: ModelFolder.Fingerprint?
  }

  private let folder: ModelFolder
  private let service: ServiceState
  private let fetch: Fetch?
  private let naming: Naming
  private let interval: Double
  private let logger: Logger
  private let state = Mutex(State())

  /// The longest wait after failures, in seconds.
  private static let longestWait = 3600.0

  /// - Parameters:
  ///   - fetch: `nil` without a registry.
  ///   - interval: the seconds between two checks of the registry; with 0 neither registry nor folder are
  ///     checked, except on SIGHUP.
  public init(
    _ folder: ModelFolder, for service: ServiceState, interval: Double,
    fetch: Fetch? = nil, naming: @escaping Naming
  ) {
    self.folder = folder
    self.service = service
    logger = service.logger
    self.interval = interval
    self.fetch = fetch
    self.naming = naming
  }

  /// Loads the folder's model, and serves it.
  public func load() throws {
    let (pipeline, fingerprint) = try folder.load()
    state.withLock { state in
      state.tried = fingerprint
      state.seen = fingerprint
    }
    let model = ServedModel(pipeline, origin: naming(pipeline))
    service.serve(model)
    logger.info(
      "model loaded",
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
      logger.info("checking for a newer model", metadata: ["reason": "SIGHUP"])
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

  /// Checks registry and folder, and loads a newer model; false if that failed.
  @discardableResult public func refresh() async -> Bool {
    if let fetch {
      do {
        for warning in try await fetch() { logger.warning("\(warning)") }
      } catch {
        service.refreshes.record(.failed)
        logger.warning(
          "the registry's model could not be downloaded; the current model stays in use",
          metadata: ["error": "\(error)"])
        return false
      }
    }
    return takeOver(folder.fingerprint)
  }

  /// Loads the folder's model once the folder is unchanged since the last check.
  public func lookAtFolder() {
    let now = folder.fingerprint
    let isSettled = state.withLock { state in
      defer { state.seen = now }
      return state.seen == now && state.tried != now && now != nil
    }
    if isSettled { takeOver(now) }
  }

  @discardableResult private func takeOver(_ now: ModelFolder.Fingerprint?) -> Bool {
    guard state.withLock({ $0.tried }) != now || service.model == nil else {
      service.refreshes.record(.unchanged)
      return true
    }
    do {
      try load()
      service.refreshes.record(.takenOver)
      return true
    } catch {
      // The same files would fail again, so only others are tried.
      if !(error is ModelFolder.UnsettledError) { state.withLock { $0.tried = now } }
      service.refreshes.record(.failed)
      logger.warning(
        "the folder's model could not be loaded; the current model stays in use",
        metadata: ["error": "\(error)"])
      return false
    }
  }
}
