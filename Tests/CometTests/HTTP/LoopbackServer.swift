import Dispatch
import Synchronization
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A server on this machine that answers as a test wants, byte by byte.
final class LoopbackServer: Sendable {
  struct Request: Sendable {
    /// The request line and the headers.
    let head: String
    let body: [UInt8]
    /// Which of the server's connections it came over, counted from 0.
    let connection: Int

    func header(_ name: String) -> String? {
      for line in head.split(separator: "\r\n").dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1)
        if parts.count == 2, parts[0].lowercased() == name.lowercased() {
          return String(parts[1].drop { $0 == " " })
        }
      }
      return nil
    }
  }

  /// The raw bytes to answer with; `nil` ends the connection instead.
  typealias Handler = @Sendable (Request) -> String?

  let port: UInt16
  private let descriptor: Int32
  private let handler: Handler
  private let received = Mutex<[Request]>([])

  var requests: [Request] { received.withLock { $0 } }

  /// - Parameter host: an address of this machine.
  init(host: String = "127.0.0.1", _ handler: @escaping Handler) throws {
    self.handler = handler
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr(host)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { [descriptor] pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && listen(descriptor, 64) == 0
          && getsockname(descriptor, address, &length) == 0
      }
    }
    try #require(isListening)
    port = UInt16(bigEndian: address.sin_port)
    DispatchQueue(label: "accept").async { self.accept() }
  }

  func close() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

  static func answer(
    _ status: Int = 200, _ headers: [String] = [], _ body: String = ""
  ) -> String {
    let lines = ["HTTP/1.1 \(status) Word", "Content-Length: \(body.utf8.count)"] + headers
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  private func accept() {
    var count = 0
    while true {
      #if canImport(Darwin)
        let connection = Darwin.accept(descriptor, nil, nil)
      #else
        let connection = Glibc.accept(descriptor, nil, nil)
      #endif
      guard connection >= 0 else { break }
      let number = count
      count += 1
      DispatchQueue(label: "connection").async { self.serve(connection, number) }
    }
    _ = unistdClose(descriptor)
  }

  private func serve(_ connection: Int32, _ number: Int) {
    defer { _ = unistdClose(connection) }
    var buffer: [UInt8] = []
    while let request = next(connection, number, &buffer) {
      received.withLock { $0.append(request) }
      guard let answer = handler(request) else { return }
      var rest = Array(answer.utf8)[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, 0x4000) }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }
  }

  private func next(_ connection: Int32, _ number: Int, _ buffer: inout [UInt8]) -> Request? {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    func fill() -> Bool {
      let count = recv(connection, &chunk, chunk.count, 0)
      guard count > 0 else { return false }
      buffer += chunk[..<count]
      return true
    }
    var end: Int?
    while end == nil {
      end = buffer.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound
      if end == nil, !fill() { return nil }
    }
    guard let end else { return nil }
    let head = Request(
      head: String(decoding: buffer[..<end], as: UTF8.self), body: [], connection: number)
    let length = Int(head.header("Content-Length") ?? "0") ?? 0
    while buffer.count < end + length { if !fill() { return nil } }
    let body = Array(buffer[end..<end + length])
    buffer.removeFirst(end + length)
    return Request(head: head.head, body: body, connection: number)
  }
}

private func unistdClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
