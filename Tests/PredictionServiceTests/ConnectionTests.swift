import Foundation
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
      for request in [RawRequest.get(headers), RawRequest.post(headers)] {
        let client = service.client()
        for _ in 0..<3 {
          client.send(request)
          #expect(client.answer()?.status == 200)
        }
        client.send(RawRequest.post())
        #expect(client.answer()?.status == 200)
        // The next request at once, in the same packet.
        client.send(request + RawRequest.get(path: "/ready"))
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
      let message = RawRequest.post(
        body: RawRequest.form + "&pad=" + String(repeating: "1", count: 35_000))
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
        client.send(
          RawRequest.large + RawRequest.get(path: "/ready") + RawRequest.large
            + RawRequest.get(path: "/nothing"))
      }
      for (status, word) in [(200, "Gold"), (200, "ready"), (200, "Gold"), (404, "nothing")] {
        let answer = client.answer()
        #expect(answer?.status == status && answer?.isWhole == true)
        #expect(answer?.body.contains(word) == true)
      }
      let many = service.client()
      Thread.detachNewThread { many.send(String(repeating: RawRequest.post(), count: 500)) }
      for _ in 0..<500 { #expect(many.answer()?.status == 200) }
    }
  }

  @Test func `a connection ends when the client asks for it, however the header is written`()
    async throws
  {
    try await LiveService.use { service in
      for header in ["close", "Close", "close, TE", "TE, close"] {
        let client = service.client()
        client.send(RawRequest.get("Connection: \(header)\r\n"))
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
      let request = RawRequest.post("Expect: 100-continue\r\n")
      client.send(String(request.dropLast(RawRequest.form.utf8.count)))
      #expect(client.answer()?.status == 100)
      client.send(RawRequest.form)
      #expect(client.answer()?.status == 200)
      client.send(RawRequest.head("Expect: 100-continue\r\n", length: 2_000_000))
      #expect(client.answer()?.status == 413)
    }
  }

  @Test func `a connection refuses a large body before it has arrived`() async throws {
    try await LiveService.use { service in
      let client = service.client()
      client.send(RawRequest.head(length: 500_000_000) + "abc")
      #expect(client.answer()?.status == 413)
      for (head, chunk) in [
        (RawRequest.head(length: 60_000_000), String(repeating: "a", count: 65_536)),
        (
          RawRequest.head("Transfer-Encoding: chunked\r\n"),
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
          RawRequest.post(path: "/api/predict", type: "application/json", body: body),
          RawRequest.head(
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
      slowBody.send(RawRequest.head(length: 5000))
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
      idle.send(RawRequest.get())
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
      client.send(RawRequest.get())
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
      client.send(RawRequest.get() + bytes)
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
      client.send(RawRequest.post() + RawRequest.get(path: "/ready"))
      client.endSending()
      #expect(client.answer()?.isWhole == true)
      #expect(client.answer()?.body.contains("ready") == true)
      #expect(client.isClosed())
    }
  }

  /// The decoder takes a number of 64 bits, of which an `Int` has 63.
  @Test(arguments: ["9223372036854775807", "9223372036854775808", "18446744073709551615"])
  func `a length that no body can have is refused at once`(length: String) async throws {
    try await LiveService.use { service in
      let client = service.client()
      client.send("POST /api/predict HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n[")
      let answer = client.answer()
      #expect(answer?.status == 413 && answer?.header("connection") == "close")
    }
  }

  /// More requests than the decoder is given at once.
  @Test func `a client that closes its side after many small requests gets all answers`()
    async throws
  {
    try await LiveService.use { service in
      for count in [1, 2, 37, 38, 39, 50, 300] {
        let client = service.client()
        client.send(String(repeating: RawRequest.get(), count: count))
        client.endSending()
        var answers: [RawClient.Answer] = []
        while let answer = client.answer() { answers.append(answer) }
        #expect(answers.count == count)
        #expect(answers.allSatisfy { $0.status == 200 && $0.isWhole })
      }
    }
  }

  @Test func `requests that arrive together while the service ends are all answered`()
    async throws
  {
    var limits = ConnectionLimits()
    limits.drainSeconds = 2
    let service = try await LiveService(limits)
    let client = service.client()
    client.send(RawRequest.get())
    #expect(client.answer()?.status == 200)
    service.fixture.state.stop()
    await onThread {
      client.send(String(repeating: RawRequest.get(), count: 5))
      let answers = (0..<5).map { _ in client.answer() }
      #expect(answers.allSatisfy { $0?.status == 200 })
      #expect(answers.map { $0?.header("connection") } == [nil, nil, nil, nil, "close"])
      #expect(client.isClosed())
    }
    await service.end()
  }

  @Test func `a client that reads late gets whole answers`() async throws {
    var limits = ConnectionLimits()
    limits.heldBytes = 100_000_000
    let service = try await LiveService(limits)
    let clients = [service.client(), service.client()]
    // Answers of 12 MB, which no socket holds.
    for client in clients {
      Thread.detachNewThread {
        client.send(String(repeating: RawRequest.large, count: 10))
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
        client.send(String(repeating: RawRequest.large + RawRequest.post(), count: 3))
        client.endSending()
      }
      for _ in 0..<6 {
        let answer = client.answer()
        #expect(answer?.status == 200 && answer?.isWhole == true)
      }
      #expect(client.isClosed())
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
        client.send(RawRequest.get(path: path))
        #expect(client.answer()?.status == status, "\(path)")
      }
      client.send(RawRequest.get(path: "/models/diamonds?carat=1"))
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
        client.send(RawRequest.get())
        #expect(client.answer()?.status == 200)
      }
    }
  }

  @Test func `a body that ends too early is refused`() async throws {
    try await LiveService.use { service in
      let table = "carat\n"
      let client = service.client()
      client.send(RawRequest.head(path: "/api/predict", type: "text/csv", length: 1000) + table)
      client.endSending()
      #expect(client.answer()?.status == 400)
      #expect(client.isClosed())
    }
  }
}
