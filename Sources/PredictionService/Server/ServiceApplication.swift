import Classifiers
import HummingbirdCore
import LinearAlgebra
public import Logging
import NIOPosix
public import ServiceLifecycle
import UnixSignals

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The service on Hummingbird's server.
public struct ServiceApplication: Sendable {
  private let server: any Service
  private let end: ServiceEnd

  /// The server and what comes before its end, which stop in the reverse order.
  var services: [any Service] { [server, end] }

  /// - Parameters:
  ///   - host: the address to listen on; `nil` for all, of IPv6 and of IPv4.
  ///   - onListening: called with the port when the service listens.
  public init(
    _ state: ServiceState, host: String?, port: Int, limits: ConnectionLimits = ConnectionLimits(),
    onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
  ) {
    let connectionCount = min(limits.connectionCount, Self.availableDescriptors() - 64)
    // The service says itself that it is ready.
    var logger = state.logger
    logger.logLevel = max(.warning, logger.logLevel)
    let end = ServiceEnd(state, drainSeconds: limits.drainSeconds)
    server = ServiceChannel(state, limits).server(
      configuration: ServerConfiguration(
        address: .hostname(host ?? Self.everyAddress, port: port), backlog: 1024,
        availableConnectionsDelegate: MaximumAvailableConnections(
          max(16, connectionCount), logger: state.logger)),
      onServerRunning: { channel in
        end.listens(channel)
        onListening(channel.localAddress?.port ?? port)
      },
      // Two event loops on one processor would take turns for milliseconds at a time.
      eventLoopGroup: MultiThreadedEventLoopGroup(
        numberOfThreads: min(16, Parallelism.availableThreads)),
      logger: logger)
    self.end = end
  }

  /// Runs until SIGTERM or SIGINT: then the service is not ready any more, requests in progress finish within
  /// ten seconds, and it returns.
  ///
  /// - Parameters:
  ///   - services: run beside the application, and stop after it.
  ///   - monitors: run beside the application, and stop before it.
  public func run(
    beside services: [any Service] = [], monitors: [any Service] = [], logger: Logger
  ) async throws {
    var configuration = ServiceGroupConfiguration(
      // They stop in the reverse order.
      services: services + [server] + monitors + [end],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(10)
    configuration.maximumCancellationDuration = .seconds(2)
    try await ServiceGroup(configuration: configuration).run()
  }

  /// IPv6's address for all, which takes IPv4 too; IPv4's where the system has no IPv6.
  private static var everyAddress: String {
    let descriptor = socket(AF_INET6, streamSocket, 0)
    guard descriptor >= 0 else { return "0.0.0.0" }
    close(descriptor)
    return "::"
  }

  #if canImport(Darwin)
    private static let streamSocket = SOCK_STREAM
  #else
    private static let streamSocket = Int32(SOCK_STREAM.rawValue)
  #endif

  /// The number of files that the process may have open, after its limit was raised as far as allowed.
  private static func availableDescriptors() -> Int {
    var limit = rlimit()
    #if canImport(Darwin)
      let kind = RLIMIT_NOFILE
    #else
      let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #endif
    guard getrlimit(kind, &limit) == 0 else { return 1024 }
    let wanted = min(limit.rlim_max, 65_536)
    if limit.rlim_cur < wanted {
      limit.rlim_cur = wanted
      _ = setrlimit(kind, &limit)
      getrlimit(kind, &limit)
    }
    return Int(min(limit.rlim_cur, 65_536))
  }
}
