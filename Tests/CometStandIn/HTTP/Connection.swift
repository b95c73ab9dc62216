#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A request that breaks HTTP/1.1 (RFC 9112); the connection is closed after the answer.
struct ProtocolError: Error, CustomStringConvertible {
  let description: String
  var status = 400
}

/// One client's connection: takes requests off it and writes answers to it.
struct Connection: ~Copyable {
  /// Larger requests are refused; the largest model of the tests is far below.
  static let largestBody = 1 << 30
  private static let largestHead = 64 << 10

  let descriptor: Int32
  private var buffer: [UInt8] = []
  private var position = 0

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// The next request's head; `nil` when the client is done.
  mutating func nextHead() throws(ProtocolError) -> HTTPRequestHead? {
    buffer.removeFirst(position)
    position = 0
    guard !buffer.isEmpty || fill() else { return nil }
    guard let first = try line(), !first.isEmpty else { return nil }
    let words = first.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else {
      throw ProtocolError(description: "malformed request line")
    }
    guard let target = HTTPTarget(String(words[1])) else {
      throw ProtocolError(description: "malformed request target")
    }
    var headers: [HTTPHeader] = []
    while true {
      guard let line = try line() else { throw ProtocolError(description: "the head is cut short") }
      if line.isEmpty { break }
      headers.append(try header(line))
    }
    let head = HTTPRequestHead(
      method: String(words[0]), target: target, version: String(words[2]), headers: headers)
    if head.version == "HTTP/1.1", headers["Host"] == nil {
      throw ProtocolError(description: "no Host header")
    }
    return head
  }

  private func header(_ line: String) throws(ProtocolError) -> HTTPHeader {
    let sides = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let hasName = !sides[0].isEmpty && !sides[0].contains(where: { $0 == " " || $0 == "\t" })
    guard sides.count == 2, hasName else {
      throw ProtocolError(description: "malformed header line")
    }
    return HTTPHeader(String(sides[0]), sides[1].trimmingSpaces())
  }

  /// The body that follows the head, after `100 Continue` where the client waits for it.
  mutating func body(of head: HTTPRequestHead) throws(ProtocolError) -> [UInt8] {
    let isChunked = head.headers["Transfer-Encoding"]?.lowercased() == "chunked"
    let lengths = head.headers.filter { $0.name.lowercased() == "content-length" }
    if head.headers["Transfer-Encoding"] != nil, !isChunked || !lengths.isEmpty {
      throw ProtocolError(description: "Transfer-Encoding other than chunked, or with a length")
    }
    guard isChunked || !lengths.isEmpty else { return [] }
    if head.headers["Expect"]?.lowercased() == "100-continue" {
      _ = Socket.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), to: descriptor)
    }
    if isChunked { return try chunks() }
    guard lengths.count == 1, lengths[0].value.allSatisfy({ "0123456789".contains($0) }),
      let length = Int(lengths[0].value)
    else { throw ProtocolError(description: "malformed Content-Length") }
    return try bytes(length)
  }

  private mutating func chunks() throws(ProtocolError) -> [UInt8] {
    var body: [UInt8] = []
    while true {
      let size = try line().flatMap { $0.split(separator: ";").first.map(String.init) }
      guard let size, let length = Int(size.trimmingSpaces(), radix: 16), length >= 0 else {
        throw ProtocolError(description: "malformed chunk size")
      }
      guard length > 0 else { break }
      guard body.count + length <= Self.largestBody else {
        throw ProtocolError(description: "the body is too large", status: 413)
      }
      body += try bytes(length)
      guard try line() == "" else { throw ProtocolError(description: "malformed chunk") }
    }
    while let trailer = try line(), !trailer.isEmpty {}
    return body
  }

  /// A line without its end, CR LF; `nil` at the end of the stream.
  private mutating func line() throws(ProtocolError) -> String? {
    var search = position
    while true {
      if let end = buffer[search...].firstIndex(of: UInt8(ascii: "\n")) {
        guard end > position, buffer[end - 1] == UInt8(ascii: "\r"),
          let line = String(validating: buffer[position..<end - 1], as: UTF8.self)
        else { throw ProtocolError(description: "malformed line") }
        position = end + 1
        return line
      }
      search = buffer.count
      guard buffer.count - position < Self.largestHead else {
        throw ProtocolError(description: "the head is too large")
      }
      guard fill() else { return nil }
    }
  }

  private mutating func bytes(_ count: Int) throws(ProtocolError) -> [UInt8] {
    guard count <= Self.largestBody else {
      throw ProtocolError(description: "the body is too large", status: 413)
    }
    while buffer.count - position < count {
      guard fill() else { throw ProtocolError(description: "the body is cut short") }
    }
    defer { position += count }
    return Array(buffer[position..<position + count])
  }

  private mutating func fill() -> Bool {
    let received = Socket.receive(from: descriptor)
    buffer += received
    return !received.isEmpty
  }
}
