import TestServer

/// How a stand-in is set up.
public struct StandInOptions: Sendable {
  /// 0 lets the system choose.
  public var port: UInt16 = 0
  /// The one key that is accepted.
  public var apiKey = StandInServer.defaultKey
  /// The first one is the key owner's default.
  public var workspaces = ["demo-ws"]
  /// Answers 404 to what came with backend 3.5.42: `item/create`, statuses, metadata of versions.
  public var isOldBackend = false
  /// Refuses a second asset of the same name and type (7000005) unless `overwrite` is true.
  public var hasImmutableAssets = false
  public var allowedStatuses = ["None", "Development", "Staging", "QA", "Production"]
  public var faults: [Fault] = []

  public init() {}
}

/// A local Comet: as strict as the contract of its REST interface, with faults on demand.
///
///     let server = try StandInServer()
///     // COMET_URL_OVERRIDE = server.url + "/clientlib/", COMET_API_KEY = StandInServer.defaultKey
///     server.setFaults([Fault(.status(503), path: "write/experiment/metric", times: 3)])
///     …
///     server.requests.filter(\.isAcknowledged)
///     server.stop()
///
/// It holds everything in memory, and listens on 127.0.0.1 alone. Below `/control/` it
/// answers without a key and without faults.
public final class StandInServer: Sendable {
  public static let defaultKey = "standinkey00000000000000a"

  private let service: Service
  private let server: TestServer

  public init(_ options: StandInOptions = StandInOptions()) throws {
    let service = Service(options)
    self.service = service
    server = try TestServer(port: options.port) { head, _ in service.reaction(to: head) }
  }

  public var port: UInt16 { server.port }

  /// Without a slash at the end.
  public var url: String { "http://127.0.0.1:\(port)" }

  /// Closes all connections and the port. What is stored can still be looked at.
  public func stop() { server.stop() }

  /// Puts these faults in the place of those in force; their counts start anew.
  public func setFaults(_ faults: [Fault]) { service.setFaults(faults) }

  /// All requests that were answered, in the order in which their answers were done.
  public var requests: [RequestRecord] { service.requests }

  /// The whole store as JSON; files without their bytes.
  public var state: JSONValue { service.state.dump }

  /// A stored file's bytes.
  public func assetBytes(experimentKey: String, assetId: String) -> [UInt8]? {
    service.state.experiments[experimentKey]?.assets.first { $0.id == assetId }?.bytes
  }

  /// Forgets experiments, registry and requests; faults stay.
  public func reset() { service.reset() }
}
