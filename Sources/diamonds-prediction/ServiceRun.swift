import Comet
import Logging
import ModelFiles
import ModelRegistry
import NIOCore
import PredictionService
import SavedModels
import Support

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
    folder = ModelFolder(
      options.models ?? "models",
      unknownCategory: UnknownCategory(rawValue: settings.unknownCategory) ?? .error)
    let format = ServiceLogHandler.Format(rawValue: settings.logFormat) ?? .text
    let level = Logger.Level(rawValue: settings.logLevel) ?? .info
    LoggingSystem.bootstrap { _ in ServiceLogHandler(format, level: level) }
    logger = Logger(label: "diamonds-prediction")
  }

  func run() async throws {
    let service = ServiceState(basePath: options.basePath ?? "", logger: logger)
    let usesRegistry = try usesRegistry()
    var refresh: ModelKeeper.Fetch?
    if usesRegistry { refresh = { try await fetch() } }
    let keeper = ModelKeeper(
      folder, for: service, interval: settings.modelRefreshSeconds, fetch: refresh,
      naming: { _ in origin() })
    if usesRegistry {
      do {
        for warning in try await fetch() { logger.warning("\(warning)") }
      } catch let error as RegistryError where folder.hasModel {
        service.refreshes.record(.failed)
        logger.warning(
          "the registry's model could not be downloaded; serving the folder's model",
          metadata: ["folder": "\(folder.path)", "error": "\(error)"])
      }
    }
    try keeper.load()
    try await serve(service, keeper)
  }

  private func serve(_ service: ServiceState, _ keeper: ModelKeeper) async throws {
    let (host, port) = (options.host, options.port ?? settings.port)
    let application = ServiceApplication(
      service, host: host, port: port,
      onListening: { [logger, options] port in
        let path = options.basePath ?? ""
        logger.info("ready", metadata: ["address": "http://\(Self.place(host)):\(port)\(path)/"])
      })
    let monitor = monitor(service)
    do {
      try await application.run(
        beside: [keeper], monitors: monitor.map { [$0] } ?? [], logger: logger)
    } catch {
      await monitor?.conclude()
      throw Self.named(
        error, address: "\(host.map(Self.bracketed) ?? "all addresses"), port \(port)")
    }
    await monitor?.conclude()
    logger.info("stopped")
  }

  /// The error; if it is about the address, one that says so.
  private static func named(_ error: any Error, address: String) -> any Error {
    switch error {
    case let error as IOError where error.errnoCode != EADDRNOTAVAIL:
      ListeningError(address: address, problem: error.reason)
    case is IOError, is SocketAddressError, is SocketAddressError.UnknownHost:
      ListeningError(
        address: address, problem: "this machine has no such address", option: "--host")
    default: error
    }
  }

  /// A host as it stands in an address that a browser on this machine opens.
  private static func place(_ host: String?) -> String {
    guard let host, !["0.0.0.0", "::"].contains(host) else { return "localhost" }
    return bracketed(host)
  }

  private static func bracketed(_ host: String) -> String {
    host.contains(":") ? "[\(host)]" : host
  }

  /// What logs the service's figures to Comet; `nil` if that is switched off.
  private func monitor(_ service: ServiceState) -> CometMonitor? {
    guard settings.cometMonitor else { return nil }
    var makeUploader: CometMonitor.MakeUploader?
    if reachesComet {
      makeUploader = {
        let connection = try connection()
        return ExperimentUploader(connection.client, connection.transport)
      }
    } else {
      logger.warning(
        "without COMET_API_KEY, monitoring is written to a folder; send it with: compare-models upload",
        metadata: ["folder": "\(CometMonitor.folderName)"])
    }
    return CometMonitor(
      service, workspace: settings.cometWorkspace, project: settings.cometProject,
      makeUploader: makeUploader)
  }

  /// Whether the model comes from the registry.
  ///
  /// A named folder that was not downloaded, such as that of a run, is served as it is.
  private func usesRegistry() throws -> Bool {
    try ModelFileSet.refuseRun(folder: folder.path)
    let isFetched = try FetchRecord.read(folder: folder.path) != nil
    if reachesComet, !folder.hasModel || isFetched { return true }
    guard options.models != nil || folder.hasModel else { throw NoModelError() }
    return false
  }

  /// Whether the settings allow requests to Comet.
  private var reachesComet: Bool { settings.cometAPIKey != nil && !settings.cometOffline }

  /// Updates the folder. Each time has a client of its own, since one that has given up stays so.
  private func fetch() async throws -> [String] {
    let connection = try connection(RetryPolicy(maximumAttempts: 3, throttleDelay: 10))
    let fetcher = ModelSetFetcher(
      client: connection.client, workspace: settings.cometWorkspace,
      choice: .stage(options.stage), output: folder.path)
    return try await fetcher.fetch().warnings
  }

  private func connection(_ policy: RetryPolicy = RetryPolicy()) throws -> CometConnection {
    try CometConnection(
      settings, program: "diamonds-prediction/\(ProgramVersion.current)", policy: policy)
  }

  /// Where the folder's model is from: the registry, or the folder itself.
  private func origin() -> ServedModel.Origin {
    if let record = try? FetchRecord.read(folder: folder.path) {
      return ServedModel.Origin(
        place: "workspace \(record.workspace)", version: record.version ?? record.fetchedAt,
        name: options.name, prefix: record.prefix)
    }
    return ServedModel.Origin(
      place: folder.path, version: folder.checksum, name: options.name)
  }
}
