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

  init(_ state: ServiceState, drainSeconds: Double) {
    self.state = state
    self.drainSeconds = drainSeconds
  }

  func listens(_ channel: any Channel) { listener.withLock { $0 = channel } }

  func run() async throws {
    try? await gracefulShutdown()
    state.stop()
    try? await Task.sleep(for: .seconds(drainSeconds))
    guard let listener = listener.withLock({ $0 }) else { return }
    await Self.ignoreNewConnections(listener)
    // Those that the system has taken on before are accepted meanwhile.
    try? await Task.sleep(for: .seconds(drainSeconds / 2))
  }

  /// Lets the system drop what clients send to connect. They try again, and find nobody then; otherwise the system
  /// would go on taking connections on, and reset them when the listener closes.
  private static func ignoreNewConnections(_ listener: any Channel) async {
    #if os(Linux) && _endian(little)
      // One instruction: no packet passes (BPF_RET of 0).
      let program = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
      program.initialize(to: 0x06)
      defer { program.deallocate() }
      let filter = SocketFilter(length: 1, program: UInt(bitPattern: program))
      guard let options = listener as? any SocketOptionProvider else { return }
      // Where it is not allowed, clients that come in the last moment are reset.
      try? await options.unsafeSetSocketOption(
        level: .socket, name: NIOBSDSocket.Option(rawValue: SO_ATTACH_FILTER), value: filter
      ).get()
    #endif
  }

  /// The system's `sock_fprog`, whose header Swift does not import.
  private struct SocketFilter {
    /// The number of instructions; the system reads the first two bytes.
    let length: UInt
    let program: UInt
  }
}
