import CometAccess
import HTTPTransport
import Logging
import ModelFiles
import ModelRegistry
import NIOCore
import PredictionService
import Settings

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// One run of the service, from its options and settings to its end.
struct ServiceRun {
  private let options: DiamondsPrediction
  private let settings: Settings
  private let folder: ModelFolder
  private let logger: Logger

  init(_ options: DiamondsPrediction, _ settings: Settings) {
    self.options = options
    self.settings = settings
    folder = ModelFolder(options.models ?? "models")
    let format = ServiceLogHandler.Format(rawValue: settings.logFormat) ?? .text
    let level = Logger.Level(rawValue: settings.logLevel) ?? .info
    LoggingSystem.bootstrap { _ in ServiceLogHandler(format, level: level) }
    logger = Logger(label: "diamonds-prediction")
  }

  func run() async throws {
    let responder = PredictionResponder(models: ModelHolder(), logger: logger)
    let usesRegistry = try usesRegistry()
    var refresh: ModelKeeper.Fetch?
    if usesRegistry { refresh = { try await fetch() } }
    let keeper = ModelKeeper(
      folder, for: responder, interval: settings.modelRefreshSeconds, fetch: refresh,
      naming: { _ in origin() })
    if usesRegistry {
      do {
        for warning in try await fetch() { logger.warning("\(warning)") }
      } catch let error as RegistryError where folder.hasModel {
        responder.refreshes.record(.failed)
        logger.warning(
          "the registry's model could not be fetched; starting on the folder's",
          metadata: ["folder": "\(folder.path)", "error": "\(error)"])
      }
    }
    try keeper.load()
    try await serve(responder, keeper)
  }

  private func serve(_ responder: PredictionResponder, _ keeper: ModelKeeper) async throws {
    let (host, port) = (options.host, options.port ?? settings.port)
    let application = ServiceApplication.make(
      responder, host: host, port: port,
      onListening: { [logger] port in
        let place = host == "0.0.0.0" ? "localhost" : host
        logger.info("ready", metadata: ["address": "http://\(place):\(port)/"])
      })
    do {
      try await ServiceApplication.run(application, responder, beside: [keeper])
    } catch let error as IOError {
      throw ListeningError(
        address: "\(host):\(port)", problem: String(cString: strerror(error.errnoCode)))
    } catch let error as SocketAddressError {
      throw ListeningError(address: "\(host):\(port)", problem: "\(error)")
    }
    logger.info("ended")
  }

  /// Whether the model comes from the registry.
  ///
  /// A folder that was named and was not fetched, such as one of a run, is served as it is.
  private func usesRegistry() throws -> Bool {
    let hasKey = settings.cometAPIKey != nil && !settings.cometOffline
    let isFetched = try FetchRecord.read(folder: folder.path) != nil
    if hasKey, !folder.hasModel || isFetched { return true }
    guard options.models != nil || folder.hasModel else { throw NoModelError() }
    return false
  }

  /// Brings the folder up to date; a client for each time, since one that has given up stays so.
  private func fetch() async throws -> [String] {
    let connection = try CometConnection(
      settings, program: "diamonds-prediction/\(ProgramVersion.current)",
      policy: RetryPolicy(maximumAttempts: 3, throttleDelay: 10))
    let fetcher = ModelSetFetcher(
      client: connection.client, workspace: settings.cometWorkspace,
      choice: .stage(options.stage), output: folder.path)
    return try await fetcher.fetch().warnings
  }

  /// Where the folder's model is from: the registry, or the folder itself.
  private func origin() -> ServedModel.Origin {
    if let record = try? FetchRecord.read(folder: folder.path) {
      return ServedModel.Origin(
        place: "workspace \(record.workspace)", version: record.version ?? record.fetchedAt)
    }
    return ServedModel.Origin(place: folder.path, version: folder.checksum)
  }
}
