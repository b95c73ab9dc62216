import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Accepts connections on 127.0.0.1 and gives each a thread of its own.
final class Listener: Sendable {
  let port: UInt16
  private let descriptor: Int32
  private let handle: @Sendable (Int32) -> Void
  private let open = Mutex<Connections>(Connections())

  private struct Connections {
    var descriptors: Set<Int32> = []
    var isStopped = false
  }

  /// - Parameters:
  ///   - port: 0 lets the system choose.
  ///   - handle: serves a connection until it is done; does not close it.
  init(port: UInt16, handle: @escaping @Sendable (Int32) -> Void) throws(SocketError) {
    (descriptor, self.port) = try Socket.listen(port: port)
    self.handle = handle
    // The thread holds the listener until `stop` ends its loop.
    Self.startThread { self.acceptConnections() }
  }

  /// Ends all connections. Later clients find nobody listening.
  func stop() {
    open.withLock { open in
      // Only once: the accepting thread then closes the socket, and its number is used again.
      guard !open.isStopped else { return }
      open.isStopped = true
      // Shut down under the lock: a descriptor in the set has not been closed and used again.
      for connection in open.descriptors { Socket.shutDown(connection) }
      Socket.shutDown(descriptor)
    }
  }

  private func acceptConnections() {
    while let connection = Socket.acceptConnection(on: descriptor) {
      let isServed = open.withLock { open in
        if !open.isStopped { open.descriptors.insert(connection) }
        return !open.isStopped
      }
      guard isServed else {
        close(connection)
        continue
      }
      Self.startThread {
        self.handle(connection)
        self.open.withLock { open in
          open.descriptors.remove(connection)
          close(connection)
        }
      }
    }
    open.withLock { open in
      open.isStopped = true
      close(descriptor)
    }
  }

  private static func startThread(_ body: @escaping @Sendable () -> Void) {
    let work = Unmanaged.passRetained(Work(body)).toOpaque()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let status = pthread_create(&thread, &attributes, runWork, work)
    pthread_attr_destroy(&attributes)
    precondition(status == 0, "no thread for the stand-in: \(String(cString: strerror(status)))")
  }
}

private final class Work: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

#if canImport(Darwin)
  private func runWork(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
    return nil
  }
#else
  private func runWork(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
    return nil
  }
#endif
