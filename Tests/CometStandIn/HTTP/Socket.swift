#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A call to the system that failed.
public struct SocketError: Error, Hashable, CustomStringConvertible {
  public let description: String

  static func last(_ action: String) -> SocketError {
    SocketError(description: "\(action): \(String(cString: strerror(errno)))")
  }
}

/// The few operations on TCP sockets that the server needs, down to resetting a connection.
enum Socket {
  #if canImport(Darwin)
    private static let stream = SOCK_STREAM
    private static let sendFlags: Int32 = 0
  #else
    private static let stream = Int32(SOCK_STREAM.rawValue)
    private static let sendFlags = Int32(MSG_NOSIGNAL)
  #endif

  /// Listens on 127.0.0.1; port 0 lets the system choose.
  ///
  /// - Returns: the socket and its port.
  static func listen(port: UInt16) throws(SocketError) -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, stream, 0)
    guard descriptor >= 0 else { throw .last("socket") }
    setOption(descriptor, SOL_SOCKET, SO_REUSEADDR, Int32(1))
    // A program that a test starts must not hold this port open after the server is gone.
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        systemBind(descriptor, address, length) == 0
          && systemListen(descriptor, 128) == 0 && getsockname(descriptor, address, &length) == 0
      }
    }
    guard result else {
      let error = SocketError.last("listen on 127.0.0.1:\(port)")
      close(descriptor)
      throw error
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  /// The next connection; `nil` once the listening socket was shut down.
  static func acceptConnection(on listener: Int32) -> Int32? {
    while true {
      let descriptor = accept(listener, nil, nil)
      if descriptor >= 0 {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        // Answers are small and written in two pieces: without this each waits for the other side.
        setOption(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, Int32(1))
        #if canImport(Darwin)
          setOption(descriptor, SOL_SOCKET, SO_NOSIGPIPE, Int32(1))
        #endif
        return descriptor
      }
      guard errno == EINTR || errno == ECONNABORTED else { return nil }
    }
  }

  /// At most 64 KiB; empty at the end of the stream or when the connection is gone.
  static func receive(from descriptor: Int32) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
      var received = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      while received < 0, errno == EINTR {
        received = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      }
      count = max(0, received)
    }
  }

  /// - Returns: whether all bytes were handed to the system.
  static func send(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Bool {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes {
        systemSend(descriptor, $0.baseAddress, $0.count, sendFlags)
      }
      if sent < 0, errno == EINTR { continue }
      guard sent > 0 else { return false }
      rest = rest.dropFirst(sent)
    }
    return true
  }

  /// Makes the coming `close` answer the other side with RST instead of FIN.
  static func prepareReset(of descriptor: Int32) {
    setOption(descriptor, SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0))
  }

  static func shutDown(_ descriptor: Int32) { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

  private static func setOption<Value>(
    _ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Value
  ) {
    withUnsafePointer(to: value) {
      _ = setsockopt(descriptor, level, name, $0, socklen_t(MemoryLayout<Value>.size))
    }
  }
}

// The C functions whose names `Socket` uses for its own.
private let systemBind = bind
private let systemListen = listen
private let systemSend = send
