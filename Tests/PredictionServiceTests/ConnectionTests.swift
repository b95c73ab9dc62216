import CZlib
import Foundation
import Support
import TestSupport
import Testing

@testable import PredictionService

/// What the service does on the wire, asked over sockets; many clients are not as careful as a browser.
@Suite(.timeLimit(.minutes(5))) struct `A connection of the service` {
  private static let upgrades = [
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n"
      + "Sec-WebSocket-Version: 13\r\n",
  ]

  @Test(arguments: upgrades)
  func `a connection continues after a request for another protocol`(headers: String) async throws {
    try await LiveService.use { service in
      // curl --http2, Java's client and web sockets begin so; the connection was dead afterwards.
      for request in [Self.get(headers), Self.post(headers)] {
        let client = service.client()
        for _ in 0..<3 {
          client.send(request)
          #expect(client.answer()?.status == 200)
        }
        client.send(Self.post())
        #expect(client.answer()?.status == 200)
        // The next request at once, in the same packet.
        client.send(request + Self.get(path: "/ready"))
        #expect(client.answer()?.status == 200)
        #expect(client.answer()?.body.contains("\"ready\"") == true)
      }
    }
  }

  @Test func `a connection ends after CONNECT`() async throws {
    try await LiveService.use { service in
      let client = service.client()
      client.send("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n")
      let answer = client.answer()
      #expect(answer.map { (400..<500).contains($0.status) } == true)
      #expect(answer?.header("connection") == "close")
      #expect(client.isClosed())
    }
  }

  @Test func `a connection loses no request that arrives in pieces`() async throws {
    try await LiveService.use { service in
      let message = Self.post(body: Self.form + "&pad=" + String(repeating: "1", count: 35_000))
      for _ in 0..<10 {
        let client = service.client()
        client.send(message + message.prefix(20_000))
        Thread.sleep(forTimeInterval: 0.05)
        client.send(String(message.dropFirst(20_000)))
        // There is no field pad, which is said of both.
        #expect(client.answer()?.status == 422)
        #expect(client.answer()?.status == 422)
      }
    }
  }

  @Test func `a connection answers pipelined requests in their order`() async throws {
    try await LiveService.use { service in
      let client = service.client()
      Thread.detachNewThread {
        client.send(Self.large + Self.get(path: "/ready") + Self.large + Self.get(path: "/nothing"))
      }
      for (status, word) in [(200, "Gold"), (200, "ready"), (200, "Gold"), (404, "nothing")] {
        let answer = client.answer()
        #expect(answer?.status == status && answer?.isWhole == true)
        #expect(answer?.body.contains(word) == true)
      }
      let many = service.client()
      Thread.detachNewThread { many.send(String(repeating: Self.post(), count: 500)) }
      for _ in 0..<500 { #expect(many.answer()?.status == 200) }
    }
  }

  @Test func `a connection ends when the client asks for it, however the header is written`()
    async throws
  {
    try await LiveService.use { service in
      for header in ["close", "Close", "close, TE", "TE, close"] {
        let client = service.client()
        client.send(Self.get("Connection: \(header)\r\n"))
        #expect(client.answer()?.header("connection") == "close")
        #expect(client.isClosed())
      }
      let old = service.client()
      old.send("GET /health HTTP/1.0\r\n\r\n")
      #expect(old.answer()?.status == 200)
      #expect(old.isClosed())
    }
  }

  @Test func `a connection with HTTP/1.0 stays open if the client asks for it`() async throws {
    try await LiveService.use { service in
      let client = service.client()
      for _ in 0..<2 {
        client.send("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(client.answer()?.header("connection") == "keep-alive")
      }
    }
  }

  @Test func `the server sends 100 Continue, except before a body that is too large`() async throws
  {
    try await LiveService.use { service in
      let client = service.client()
      let request = Self.post("Expect: 100-continue\r\n")
      client.send(String(request.dropLast(Self.form.utf8.count)))
      #expect(client.answer()?.status == 100)
      client.send(Self.form)
      #expect(client.answer()?.status == 200)
      client.send(Self.head("Expect: 100-continue\r\n", length: 2_000_000))
      #expect(client.answer()?.status == 413)
    }
  }

  @Test func `a connection refuses a large body before it has arrived`() async throws {
    try await LiveService.use { service in
      let client = service.client()
      client.send(Self.head(length: 500_000_000) + "abc")
      #expect(client.answer()?.status == 413)
      for (head, chunk) in [
        (Self.head(length: 60_000_000), String(repeating: "a", count: 65_536)),
        (
          Self.head("Transfer-Encoding: chunked\r\n"),
          "10000\r\n" + String(repeating: "a", count: 65_536) + "\r\n"
        ),
      ] {
        let client = service.client()
        client.send(head)
        for _ in 0..<200 { client.send(chunk) }
        let answer = client.answer()
        #expect(answer?.status == 413 && answer?.header("connection") == "close")
        #expect(answer?.header("content-security-policy") != nil)
      }
    }
  }

  @Test func `a body of the largest size is read, and one byte more is too large`() async throws {
    try await LiveService.use { service in
      let row = ServiceFixture.stone.json
      let largest = row + String(repeating: " ", count: ServiceState.bodyLimit - row.utf8.count)
      for (body, status) in [(largest, 200), (largest + " ", 413)] {
        let size = String(body.utf8.count, radix: 16)
        for message in [
          Self.post(path: "/api/predict", type: "application/json", body: body),
          Self.head(
            "Transfer-Encoding: chunked\r\n", path: "/api/predict", type: "application/json")
            + "\(size)\r\n\(body)\r\n0\r\n\r\n",
        ] {
          let client = service.client()
          client.send(message)
          #expect(client.answer()?.status == status)
        }
      }
    }
  }

  @Test func `a connection has time limits`() async throws {
    var limits = ConnectionLimits()
    limits.requestSeconds = 2
    limits.idleSeconds = 4
    try await LiveService.use(limits: limits) { service in
      let slowHead = service.client()
      slowHead.send("GET /health HTTP/1.1\r\nHo")
      let slowBody = service.client()
      slowBody.send(Self.head(length: 5000))
      // A little longer than a request may take, and not until the connection is closed for good: what
      // comes then would reset it, answer and all.
      Thread.detachNewThread {
        for _ in 0..<25 {
          slowHead.send("s")
          slowBody.send("a")
          Thread.sleep(forTimeInterval: 0.1)
        }
      }
      let idle = service.client()
      idle.send(Self.get())
      #expect(idle.answer()?.status == 200)
      for client in [slowHead, slowBody] {
        let answer = client.answer()
        #expect(answer?.status == 408 && answer?.header("connection") == "close")
        #expect(client.isClosed())
      }
      #expect(idle.isClosed())
    }
  }

  @Test func `a request needs one Host header`() async throws {
    try await LiveService.use { service in
      let client = service.client()
      for headers in ["", "Host: a\r\nHost: b\r\n"] {
        client.send("GET /health HTTP/1.1\r\n\(headers)\r\n")
        #expect(client.answer()?.status == 400)
      }
      client.send(Self.get())
      #expect(client.answer()?.status == 200)
    }
  }

  @Test func `a connection continues after requests that are refused`() async throws {
    try await LiveService.use { service in
      let client = service.client()
      for (method, path, status) in [
        ("PUT", "/predict", 405), ("PURGE", "/health", 405), ("POST", "/nothing", 404),
        ("OPTIONS", "*", 404), ("GET", "http://a/health", 200), ("HEAD", "/health", 200),
        ("HEAD", "/nothing", 404), ("GET", "//health", 404), ("GET", "/health/", 404),
      ] {
        client.send(
          "\(method) \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
        let answer = client.answer(hasBody: method != "HEAD")
        #expect(answer?.status == status, "\(method) \(path)")
        #expect((answer?.header("allow") != nil) == (status == 405))
      }
    }
  }

  @Test(arguments: [
    ("hello\r\n\r\n", 400), ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}", 400),
    ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400), ("GET / HTTP/9.9\r\nHost: a\r\n\r\n", 400),
    ("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400),
    ("GET /health HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 20_000))\r\n\r\n", 431),
    (
      "GET /health HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: a\r\n", count: 150))\r\n", 431
    ),
    ("GET /\(String(repeating: "a", count: 40_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    ("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n", 413),
    ("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 5,000\r\n\r\n", 400),
  ])
  func `a connection answers what is not a request, and ends`(bytes: String, status: Int)
    async throws
  {
    try await LiveService.use { service in
      let client = service.client()
      // Answers to requests before it come first.
      client.send(Self.get() + bytes)
      #expect(client.answer()?.status == 200)
      let answer = client.answer()
      #expect(answer?.status == status && answer?.isWhole == true)
      #expect(answer?.header("connection") == "close")
      #expect(answer?.header("x-content-type-options") == "nosniff")
      #expect(answer?.body.contains("(\(status))") == true)
      #expect(client.isClosed())
    }
  }

  @Test func `a connection answers a client that has closed its side, and ends`() async throws {
    try await LiveService.use { service in
      let client = service.client()
      client.send(Self.post() + Self.get(path: "/ready"))
      client.endSending()
      #expect(client.answer()?.isWhole == true)
      #expect(client.answer()?.body.contains("ready") == true)
      #expect(client.isClosed())
    }
  }

  @Test func `a client that reads late gets whole answers`() async throws {
    var limits = ConnectionLimits()
    limits.heldBytes = 100_000_000
    let service = try await LiveService(limits)
    let clients = [service.client(), service.client()]
    // Answers of 12 MB, which no socket holds.
    for client in clients {
      Thread.detachNewThread {
        client.send(String(repeating: Self.large, count: 10))
        if client === clients[0] { client.endSending() }
      }
    }
    let ending = Task {
      try await Task.sleep(for: .seconds(1))
      await service.end()
    }
    await onThread {
      Thread.sleep(forTimeInterval: 3)
      for client in clients {
        var answers: [RawClient.Answer] = []
        while let answer = client.answer() { answers.append(answer) }
        #expect(!answers.isEmpty && answers.count <= 10)
        #expect(answers.allSatisfy { $0.status == 200 && $0.isWhole })
        #expect(answers.last?.header("connection") == "close")
      }
    }
    try await ending.value
  }

  @Test func `a client that closes its side gets the answers to all that it sent`() async throws {
    try await LiveService.use { service in
      let client = service.client()
      Thread.detachNewThread {
        client.send(String(repeating: Self.large + Self.post(), count: 3))
        client.endSending()
      }
      for _ in 0..<6 {
        let answer = client.answer()
        #expect(answer?.status == 200 && answer?.isWhole == true)
      }
      #expect(client.isClosed())
    }
  }

  @Test func `bodies take a limited memory, which is free again when connections close`()
    async throws
  {
    var limits = LiveService.brief
    limits.heldBytes = 6_000_000
    try await LiveService.use(limits: limits) { service in
      // Three quarters of it are for large bodies.
      var holders: [RawClient] = []
      for _ in 0..<2 {
        let holder = service.client()
        holder.send(Self.head("Expect: 100-continue\r\n", length: 1_800_000))
        #expect(holder.answer()?.status == 100)
        holder.send(String(repeating: "a", count: 1_700_000))
        holders.append(holder)
      }
      let refused = service.client()
      refused.send(Self.head("Expect: 100-continue\r\n", length: 1_800_000))
      let answer = refused.answer()
      #expect(answer?.status == 503 && answer?.header("retry-after") != nil)
      let chunked = service.client()
      chunked.send(Self.head("Transfer-Encoding: chunked\r\n"))
      for _ in 0..<10 { chunked.send("2710\r\n\(String(repeating: "a", count: 10_000))\r\n") }
      #expect(chunked.answer()?.status == 503)
      let small = service.client()
      for _ in 0..<3 {
        small.send(Self.post())
        #expect(small.answer()?.status == 200)
      }
      holders = []
      var status: Int?
      for _ in 0..<100 where status != 200 {
        let client = service.client()
        client.send(Self.large)
        status = client.answer()?.status
        Thread.sleep(forTimeInterval: 0.05)
      }
      #expect(status == 200)
    }
  }

  @Test func `large requests wait in a queue with an end`() async throws {
    var limits = LiveService.brief
    limits.largeRequestCount = 1
    try await LiveService.use(limits: limits) { service in
      let clients = (0..<12).map { _ in service.client() }
      for client in clients { Thread.detachNewThread { client.send(Self.large) } }
      let answers = clients.map { $0.answer() }
      #expect(answers.allSatisfy { $0?.status == 200 || $0?.status == 503 })
      #expect(answers.contains { $0?.status == 200 })
      #expect(answers.allSatisfy { ($0?.status == 503) == ($0?.header("retry-after") != nil) })
    }
  }

  @Test func `a connection reads no more while its answers are not taken`() async throws {
    try await LiveService.use { service in
      let client = service.client()
      let requests = String(repeating: Self.get(path: "/docs"), count: 5000)
      Thread.detachNewThread { client.send(requests) }
      // The system's own buffers take a part of the pages, some 10 kB each.
      #expect(Self.settledCount(service, "/docs") < 4000)
      for _ in 0..<5000 { #expect(client.answer()?.isWhole == true) }
    }
  }

  @Test func `a client that takes nothing of its answers is cut off`() async throws {
    var limits = LiveService.brief
    limits.requestSeconds = 1
    try await LiveService.use(limits: limits) { service in
      let client = service.client()
      Thread.detachNewThread {
        client.send(String(repeating: Self.get(path: "/docs"), count: 5000))
      }
      #expect(Self.settledCount(service, "/docs") < 4000)
      Thread.sleep(forTimeInterval: 4)
      var count = 0
      while client.answer()?.isWhole == true { count += 1 }
      #expect(count > 0 && count < 5000)
    }
  }

  @Test func `requests that come without a pause leave room for other connections`() async throws {
    var limits = LiveService.brief
    // On a busy machine the last client's answers wait for longer than clients may take.
    limits.requestSeconds = 600
    try await LiveService.use(limits: limits) { service in
      let clients = (0..<8).map { _ in service.client() }
      for client in clients {
        Thread.detachNewThread { client.send(String(repeating: Self.post(), count: 3000)) }
      }
      for _ in 0..<5 {
        let other = service.client()
        other.send(Self.get())
        #expect(other.answer()?.status == 200)
      }
      // All that while the eight had more to answer than anybody had taken.
      let count = service.fixture.state.metrics.count(ofRoutes: ["/predict"])
      #expect(count < 8 * 3000)
      for client in clients { for _ in 0..<3000 { #expect(client.answer()?.status == 200) } }
    }
  }

  @Test(arguments: ["gzip", "deflate", "GZIP"])
  func `a packed body is unpacked, up to the limit of any other`(encoding: String) async throws {
    try await LiveService.use { service in
      func head(_ length: Int, _ type: String = "application/x-www-form-urlencoded") -> [UInt8] {
        Array(
          Self.head(
            "Content-Encoding: \(encoding)\r\n", path: "/predict", type: type, length: length
          )
          .utf8)
      }
      let packed = Packed(Self.form, encoding.lowercased())
      let client = service.client()
      for _ in 0..<3 {
        client.send(head(packed.bytes.count) + packed.bytes + Array(Self.post().utf8))
        #expect(client.answer()?.status == 200)
        #expect(client.answer()?.status == 200)
      }
      // 50 MB that are 50 kB on the wire.
      let bomb = Packed(String(repeating: "a", count: 50_000_000), encoding.lowercased())
      client.send(head(bomb.bytes.count) + bomb.bytes)
      let answer = client.answer()
      #expect(answer?.status == 413 && answer?.header("connection") == "close")
      for damaged in [
        Array(packed.bytes.dropLast(9)), Array("carat=1".utf8), packed.bytes + [1, 2],
      ] {
        let client = service.client()
        client.send(head(damaged.count) + damaged)
        #expect(client.answer()?.status == 400)
        #expect(client.isClosed())
      }
    }
  }

  @Test func `a body that is packed in another way is refused`() async throws {
    try await LiveService.use { service in
      for encoding in ["br", "gzip, gzip", "x"] {
        let client = service.client()
        client.send(Self.post("Content-Encoding: \(encoding)\r\n"))
        let answer = client.answer()
        #expect(answer?.status == 415)
        #expect(answer?.header("accept-encoding") == "gzip, deflate")
      }
      let client = service.client()
      client.send(Self.post("Content-Encoding: identity\r\n"))
      #expect(client.answer()?.status == 200)
    }
  }

  @Test func `a service below a path answers with and without it`() async throws {
    try await LiveService.use(basePath: "/models/diamonds") { service in
      let client = service.client()
      for (path, status) in [
        ("/models/diamonds/health", 200), ("/health", 200), ("/models/diamonds/", 200),
        ("/models/diamonds/nothing", 404), ("/models/diamondsx", 404),
        ("/models/diamonds/models/diamonds/health", 404),
      ] {
        client.send(Self.get(path: path))
        #expect(client.answer()?.status == status, "\(path)")
      }
      client.send(Self.get(path: "/models/diamonds?carat=1"))
      let answer = client.answer()
      #expect(answer?.status == 308)
      #expect(answer?.header("location") == "/models/diamonds/?carat=1")
    }
  }

  @Test func `a service without a host listens on IPv4 and on IPv6`() async throws {
    try await LiveService.use(host: nil) { service in
      let hasIPv6 = try String(contentsOfFile: "/proc/net/if_inet6", encoding: .utf8).contains(
        " lo")
      for overIPv6 in hasIPv6 ? [false, true] : [false] {
        let client = try #require(RawClient(ifListening: service.port, overIPv6: overIPv6))
        client.send(Self.get())
        #expect(client.answer()?.status == 200)
      }
    }
  }

  @Test func `a body that ends too early is refused`() async throws {
    try await LiveService.use { service in
      let table = "carat\n"
      let client = service.client()
      client.send(Self.head(path: "/api/predict", type: "text/csv", length: 1000) + table)
      client.endSending()
      #expect(client.answer()?.status == 400)
      #expect(client.isClosed())
    }
  }

  @Test(arguments: [false, true])
  func `no request is lost when the service stops`(connectsEachTime: Bool) async throws {
    let service = try await LiveService()
    let (answered, lost) = (Count(), Count())
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<16 {
        group.addTask {
          await onThread {
            // Until nobody listens any more.
            while let client = RawClient(ifListening: service.port) {
              var isOpen = true
              while isOpen {
                client.send(Self.post(connectsEachTime ? "Connection: close\r\n" : ""))
                let answer = client.answer()
                isOpen = answer?.header("connection") != "close" && answer != nil
                (answer?.isWhole == true ? answered : lost).add()
              }
            }
          }
        }
      }
      try? await Task.sleep(for: .milliseconds(500))
      await service.end()
    }
    #expect(lost.value == 0)
    #expect(answered.value > 16)
  }

  /// How many requests of a route are answered once it becomes no more.
  private static func settledCount(_ service: LiveService, _ route: String) -> Int {
    var (count, last) = (0, -1)
    while count != last || count == 0 {
      Thread.sleep(forTimeInterval: 0.5)
      (last, count) = (count, service.fixture.state.metrics.count(ofRoutes: [route]))
    }
    return count
  }

  // MARK: - Requests

  private static let form = ServiceFixture.stone.form
  /// A request with 10,000 rows.
  private static let large = post(
    path: "/api/predict", type: "application/json",
    body: "["
      + [String](repeating: ServiceFixture.stone.json, count: 10_000)
      .joined(separator: ",") + "]")

  private static func get(_ headers: String = "", path: String = "/health") -> String {
    "GET \(path) HTTP/1.1\r\nHost: a\r\n\(headers)\r\n"
  }

  private static func post(
    _ headers: String = "", path: String = "/predict",
    type: String = "application/x-www-form-urlencoded", body: String = form
  ) -> String {
    head(headers, path: path, type: type, length: body.utf8.count) + body
  }

  private static func head(
    _ headers: String = "", path: String = "/predict",
    type: String = "application/x-www-form-urlencoded", length: Int? = nil
  ) -> String {
    "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Type: \(type)\r\n\(headers)"
      + (length.map { "Content-Length: \($0)\r\n" } ?? "") + "\r\n"
  }
}

/// A text as gzip or zlib pack it.
private struct Packed {
  let bytes: [UInt8]

  init(_ text: String, _ encoding: String) {
    var stream = z_stream()
    // 16 more bits of the window mean gzip's format.
    let status = deflateInit2_(
      &stream, 9, Z_DEFLATED, encoding == "gzip" ? 31 : 15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK)
    var input = Array(text.utf8)
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(input.count))))
    let count = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
        return output.count - Int(stream.avail_out)
      }
    }
    deflateEnd(&stream)
    bytes = Array(output.prefix(count))
  }
}

/// How often something happened, on any thread.
private final class Count: Sendable {
  private let count = Atomic(0)
  var value: Int { count.load(ordering: .relaxed) }
  func add() { count.add(1, ordering: .relaxed) }
}
