#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A TCP connection of a test: it sends the bytes it is told to, and reads what comes.
///
/// No HTTP library: the tests are about bytes that a library would not send, or would hide. One thread may
/// send while another reads.
public final class RawClient: @unchecked Sendable {
  /// An answer as far as it came.
  public struct Answer: Sendable {
    public let status: Int
    public let head: String
    public let body: String
    private let receivedLength: Int

    /// Whether the body is as long as announced.
    public var isWhole: Bool { announcedLength.map { receivedLength >= $0 } ?? (status == 100) }

    /// The only answer of a connection that has ended; `nil` where none began.
    public init?(_ bytes: [UInt8]) {
      guard let headEnd = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
      self.init(head: bytes[..<headEnd.lowerBound], body: bytes[headEnd.upperBound...])
    }

    fileprivate init(head: ArraySlice<UInt8>, body: ArraySlice<UInt8>) {
      self.head = String(decoding: head, as: UTF8.self)
      self.body = String(decoding: body, as: UTF8.self)
      let words = self.head.split(separator: " ")
      status = words.count > 1 ? Int(words[1]) ?? 0 : 0
      receivedLength = body.count
    }

    /// How many bytes the body is to have; `nil` where that is not announced.
    fileprivate var announcedLength: Int? { header("Content-Length").flatMap { Int($0) } }

    public func header(_ name: String) -> String? {
      for line in head.split(separator: "\r\n") {
        let sides = line.split(separator: ":", maxSplits: 1)
        if sides.count == 2, sides[0].lowercased() == name.lowercased() {
          return String(sides[1].drop { $0 == " " })
        }
      }
      return nil
    }
  }

  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// Whether the connection ended with RST.
  public private(set) var wasReset = false
  /// Whether the server has said nothing for a minute.
  private var isSilent = false

  public init(port: UInt16) {
    let connection = Self.connection(to: port)
    precondition(connection.isOpen, "cannot connect to port \(port)")
    descriptor = connection.descriptor
  }

  /// - Parameter overIPv6: whether to connect to `::1`.
  /// - Returns: `nil` if nobody takes connections there.
  public init?(ifListening port: UInt16, overIPv6: Bool = false) {
    let connection = Self.connection(to: port, overIPv6: overIPv6)
    descriptor = connection.descriptor
    guard connection.isOpen else { return nil }
  }

  /// Whether somebody takes connections there.
  public static func isListening(port: UInt16) -> Bool {
    let connection = connection(to: port)
    close(connection.descriptor)
    return connection.isOpen
  }

  private static func connection(
    to port: UInt16, overIPv6: Bool = false
  ) -> (descriptor: Int32, isOpen: Bool) {
    let family = overIPv6 ? AF_INET6 : AF_INET
    #if canImport(Darwin)
      let descriptor = socket(family, SOCK_STREAM, 0)
    #else
      let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    let status: Int32
    if overIPv6 {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = port.bigEndian
      address.sin6_addr = in6addr_loopback
      status = connect(descriptor, address)
    } else {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      status = connect(descriptor, address)
    }
    // A server that says nothing fails a test, and does not keep it waiting for ever.
    var patience = timeval(tv_sec: 60, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    return (descriptor, status == 0)
  }

  private static func connect<Address>(_ descriptor: Int32, _ address: Address) -> Int32 {
    withUnsafeBytes(of: address) {
      #if canImport(Darwin)
        Darwin.connect(
          descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
      #else
        Glibc.connect(
          descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
      #endif
    }
  }

  deinit { close(descriptor) }

  public func send(_ text: String) { send(Array(text.utf8)) }

  public func send(_ bytes: [UInt8]) {
    #if canImport(Darwin)
      let flags: Int32 = 0
    #else
      let flags = Int32(MSG_NOSIGNAL)
    #endif
    #if canImport(Darwin)
      _ = Darwin.send(descriptor, bytes, bytes.count, flags)
    #else
      _ = Glibc.send(descriptor, bytes, bytes.count, flags)
    #endif
  }

  /// Says that nothing more will be sent.
  public func endSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next answer; `nil` when the connection ends before one begins.
  ///
  /// - Parameter hasBody: false where the request was HEAD.
  public func answer(hasBody: Bool = true) -> Answer? {
    let end = Array("\r\n\r\n".utf8)
    var headEnd = buffer.firstRange(of: end)
    while headEnd == nil {
      guard receive() else { return nil }
      headEnd = buffer.firstRange(of: end)
    }
    guard let headEnd else { return nil }
    let head = buffer[..<headEnd.lowerBound]
    buffer.removeFirst(headEnd.upperBound)
    let length = hasBody ? Answer(head: head, body: []).announcedLength ?? 0 : 0
    while buffer.count < length, receive() {}
    let answer = Answer(head: head, body: buffer.prefix(length))
    buffer.removeFirst(min(length, buffer.count))
    return answer
  }

  /// Whether the server has closed the connection; waits for it.
  public func isClosed() -> Bool { !receive() && !isSilent }

  private func receive() -> Bool {
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    wasReset = wasReset || (count < 0 && errno == ECONNRESET)
    isSilent = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)
    if count > 0 { buffer += bytes.prefix(count) }
    return count > 0
  }
}
