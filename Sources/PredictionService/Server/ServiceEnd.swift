import NIOCore
import ServiceLifecycle
import Support

#if canImport(Glibc)
  import Glibc
#endif

/// What the service does between SIGTERM and the end of its server: it is not ready any more, tells clients that stay
/// connected to go, and still takes new ones for a moment.
///
/// Load balancers need that moment to learn of the end.
final class ServiceEnd: Service {
  private let state: ServiceState
  private let drainSeconds: Double
  private let listener = Mutex<(any Channel)?>(nil)

  /// How long connections that the system has taken on are waited for, on a machine that gives no time to take them.
  private static let longestWait = Duration.seconds(5)

  init(_ state: ServiceState, drainSeconds: Double) {
    self.state = state
    self.drainSeconds = drainSeconds
  }

  func listens(_ channel: any Channel) { listener.withLock { $0 = channel } }

  func run() async throws {
    try? await gracefulShutdown()
    state.stop()
    try? await Task.sleep(for: .seconds(drainSeconds))
    guard let listener = listener.withLock({ $0 as? any Channel & SocketOptionProvider }) else {
      return
    }
    await Self.refuseNewConnections(listener)
    // Those that the system has taken on before are accepted meanwhile.
    let end = ContinuousClock.now + Self.longestWait
    repeat {
      try? await Task.sleep(for: .seconds(drainSeconds / 2))
    } while await Self.waitingCount(listener) > 0 && ContinuousClock.now < end
  }

  /// Lets the system refuse who wants to connect; otherwise it would go on taking connections on, and reset them when
  /// the listener closes.
  ///
  /// The listener gets a network interface that there is none of, which needs no rights: packets that begin a connection
  /// are not for it any more, and connections that it has stay.
  private static func refuseNewConnections(_ listener: any SocketOptionProvider) async {
    #if os(Linux)
      let bindToInterface = NIOBSDSocket.Option(rawValue: 62)  // SO_BINDTOIFINDEX, of Linux 5.0
      // On an older one clients that come in the last moment are reset.
      try? await listener.unsafeSetSocketOption(
        level: .socket, name: bindToInterface, value: CInt.max
      ).get()
    #endif
  }

  /// How many connections the system has taken on that are not accepted yet; 0 where it does not say.
  private static func waitingCount(_ listener: any SocketOptionProvider) async -> Int {
    #if os(Linux)
      // Of a listener it is the length of its queue.
      return Int((try? await listener.getTCPInfo().get().tcpi_unacked) ?? 0)
    #else
      return 0
    #endif
  }
}
