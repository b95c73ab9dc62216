import Comet
import Dispatch
import Support
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct `Requests over libcurl` {
  private let transport = CurlTransport()

  private func url(_ server: RecordingServer, _ path: String = "/a/path?x=1") -> String {
    "http://127.0.0.1:\(server.port)\(path)"
  }

  @Test func `a request and its answer carry their headers and bodies`() throws {
    let server = try RecordingServer { _ in
      [.answer(201, ["X-Answer:  spaces around  "], "{\"a\":1}")]
    }
    defer { server.close() }
    let response = try transport.answer(
      to:
        HTTPRequest(
          .post, url(server), headers: [HTTPHeader("Authorization", "key")],
          body: .bytes(Array("body".utf8), type: "application/json;charset=utf-8")))
    #expect(response.status == 201)
    #expect(response.header("x-answer") == "spaces around")
    #expect(response.body == Array("{\"a\":1}".utf8))
    let request = try #require(server.requests.first)
    #expect(request.head.method == .POST)
    #expect(request.head.uri == "/a/path?x=1")
    #expect(request.head.version == .http1_1)
    #expect(request.header("Authorization") == "key")
    #expect(request.header("Content-Type") == "application/json;charset=utf-8")
    #expect(request.header("User-Agent") == "compare-models")
    #expect(request.header("Expect") == nil)
    #expect(request.body == Array("body".utf8))
  }

  @Test func `a request sends a form's files from disk, byte for byte`() throws {
    let folder = TemporaryFolder()
    // More than curl's buffers hold, with every byte there is.
    let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let path = folder.write(content, to: "file")
    let server = try RecordingServer { _ in [.answer()] }
    defer { server.close() }
    let form: [HTTPRequest.FormPart] = [
      .init(name: "file", fileName: "file", content: .file(path)),
      .init(name: "metadata", content: .bytes(Array("{\"a\":1}".utf8))),
    ]
    _ = try transport.answer(to: HTTPRequest(.post, url(server), body: .form(form)))
    let request = try #require(server.requests.first)
    let type = try #require(request.header("Content-Type"))
    let boundary = try #require(type.firstRange(of: "boundary=")).upperBound
    let line = "--" + type[boundary...]
    var expected = Array(
      (line + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n"
        + "Content-Type: application/octet-stream\r\n\r\n").utf8)
    expected += content
    expected += Array(
      ("\r\n" + line + "\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n{\"a\":1}\r\n"
        + line + "--\r\n").utf8)
    #expect(request.body == expected)
  }

  @Test func `a request says which file of a form cannot be read`() throws {
    let form = [HTTPRequest.FormPart(name: "file", content: .file("/not/there"))]
    let error = #expect(throws: TransportError.self) {
      try transport.answer(to: HTTPRequest(.post, "http://127.0.0.1:1/", body: .form(form)))
    }
    #expect(error?.kind == .request)
    #expect(error?.description == "POST /: /not/there: No such file or directory")
  }

  @Test func `requests that come one after another share one connection`() throws {
    let server = try RecordingServer { _ in [.answer()] }
    defer { server.close() }
    for _ in 0..<5 { _ = try transport.answer(to: HTTPRequest(.get, url(server))) }
    #expect(server.requests.map(\.connection) == [0, 0, 0, 0, 0])
  }

  @Test func `there are never more requests at once than connections are allowed`() throws {
    let count = Mutex((all: 0, now: 0, most: 0))
    let server = try RecordingServer { _ in
      let number = count.withLock { count in
        count.all += 1
        count.now += 1
        count.most = max(count.most, count.now)
        return count.all
      }
      // Two stay, so that all others share what is left. The first is answered: until then libcurl does not know
      // whether its connection takes several requests at once, and lets all others wait.
      if 2...3 ~= number { return [.pause(seconds: 600)] }
      return [.pause(seconds: 0.01), .perform { count.withLock { $0.now -= 1 } }, .answer()]
    }
    defer { server.close() }
    var configuration = CurlTransport.Configuration()
    configuration.maximumConnections = 3
    configuration.stallTimeout = 600
    let transport = CurlTransport(configuration)
    let answered = DispatchSemaphore(value: 0)
    for _ in 0..<20 {
      transport.start(HTTPRequest(.get, url(server))) { outcome in
        if case .success = outcome { answered.signal() }
      }
    }
    for _ in 0..<18 { answered.wait() }
    #expect(server.requests.count == 20)
    #expect(count.withLock(\.most) == 3)
    transport.close()
  }

  @Test(arguments: [301, 302, 303, 307, 308])
  func `a request follows a redirect with method and body`(status: Int) throws {
    let server = try RecordingServer { request in
      [request.head.uri == "/from" ? .answer(status, ["Location: /to"]) : .answer(200, [], "there")]
    }
    defer { server.close() }
    let response = try transport.answer(
      to:
        HTTPRequest(
          .post, url(server, "/from"), headers: [HTTPHeader("Authorization", "key")],
          body: .bytes(Array("body".utf8), type: "text/plain")))
    #expect(response.body == Array("there".utf8))
    let request = try #require(server.requests.last)
    #expect(request.head.method == .POST)
    #expect(request.head.uri == "/to")
    #expect(request.body == Array("body".utf8))
    #expect(request.header("Authorization") == "key")
  }

  @Test func `a request never takes the key to another host or port`() throws {
    let other = try RecordingServer { _ in [.answer()] }
    let otherHost = try RecordingServer(host: "127.0.0.2") { _ in [.answer()] }
    let target = Mutex("http://127.0.0.1:\(other.port)/")
    let server = try RecordingServer { _ in
      [.answer(302, ["Location: \(target.withLock { $0 })"])]
    }
    defer { for server in [other, otherHost, server] { server.close() } }
    let request = HTTPRequest(.get, url(server), headers: [HTTPHeader("Authorization", "key")])
    _ = try transport.answer(to: request)
    target.withLock { $0 = "http://127.0.0.2:\(otherHost.port)/" }
    _ = try transport.answer(to: request)
    for server in [other, otherHost] {
      let request = try #require(server.requests.first)
      #expect(request.header("Authorization") == nil)
      #expect(!"\(request.head)".contains("key"))
    }
  }

  @Test func `a request writes a download into its file, but not an error's body`() throws {
    let folder = TemporaryFolder()
    let server = try RecordingServer { request in
      [request.head.uri == "/good" ? .answer(200, [], "content") : .answer(404, [], "sorry")]
    }
    defer { server.close() }
    let destination = HTTPRequest.Destination.file(folder.path + "/file", limit: 7)
    let good = try transport.answer(
      to:
        HTTPRequest(.get, url(server, "/good"), destination: destination))
    #expect(good.body.isEmpty)
    #expect(folder.text("file") == "content")
    let bad = try transport.answer(
      to:
        HTTPRequest(.get, url(server, "/bad"), destination: .file(folder.path + "/none", limit: 7)))
    #expect(bad.body == Array("sorry".utf8))
    #expect(folder.names() == ["file"])
  }

  @Test func `a request refuses an answer that is larger than asked for`() throws {
    let server = try RecordingServer { _ in [.answer(200, [], "12345678")] }
    defer { server.close() }
    let error = #expect(throws: TransportError.self) {
      try transport.answer(to: HTTPRequest(.get, url(server), destination: .memory(limit: 7)))
    }
    #expect(error?.kind == .tooLarge)
  }

  @Test func `a connection that breaks is an error, and not an answer`() throws {
    let server = try RecordingServer { request in
      switch request.head.uri {
      case "/cut":
        [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort".utf8)), .close]
      case "/closed": [.close]
      default: [.reset]
      }
    }
    defer { server.close() }
    for path in ["/cut", "/closed", "/reset"] {
      let error = #expect(throws: TransportError.self) {
        try transport.answer(to: HTTPRequest(.get, url(server, path)))
      }
      #expect(error?.kind == .connection)
      #expect(error?.isTemporary == true)
    }
  }

  @Test func `a request ends when the server takes too long`() throws {
    let server = try RecordingServer { _ in [.pause(seconds: 600), .answer()] }
    defer { server.close() }
    let error = #expect(throws: TransportError.self) {
      try transport.answer(to: HTTPRequest(.get, url(server), timeout: 0.1))
    }
    #expect(error?.kind == .timeout)
  }

  @Test func `requests end at once when they are cancelled`() throws {
    let server = try RecordingServer { _ in [.pause(seconds: 600), .answer()] }
    defer { server.close() }
    let ended = DispatchSemaphore(value: 0)
    let kind = Mutex<TransportError.Kind?>(nil)
    transport.start(HTTPRequest(.get, url(server))) { outcome in
      if case .failure(let error) = outcome { kind.withLock { $0 = error.kind } }
      ended.signal()
    }
    transport.cancel()
    #expect(ended.wait(timeout: .now() + 60) == .success)
    #expect(kind.withLock { $0 } == .cancelled)
    let late = #expect(throws: TransportError.self) {
      try transport.answer(to: HTTPRequest(.get, url(server)))
    }
    #expect(late?.kind == .cancelled)
  }

  @Test func `requests are all over when the transport is closed`() throws {
    let server = try RecordingServer { _ in [.pause(seconds: 600), .answer()] }
    defer { server.close() }
    let outcomes = Mutex<[HTTPTransport.Outcome]>([])
    for _ in 0..<3 {
      transport.start(HTTPRequest(.get, url(server))) { result in
        outcomes.withLock { $0.append(result) }
      }
    }
    transport.close()
    let ended = outcomes.withLock { $0 }
    #expect(ended.count == 3)
    for outcome in ended {
      let error = #expect(throws: TransportError.self) { try outcome.get() }
      #expect(error?.kind == .cancelled)
    }
    transport.close()
  }

  @Test func `a transport may be released in the completion of its last request`() throws {
    let server = try RecordingServer { _ in [.answer()] }
    defer { server.close() }
    let answered = DispatchSemaphore(value: 0)
    let kept = Mutex<CurlTransport?>(CurlTransport())
    kept.withLock {
      $0?.start(HTTPRequest(.get, url(server))) { _ in
        kept.withLock { $0 = nil }
        answered.signal()
      }
    }
    #expect(answered.wait(timeout: .now() + 60) == .success)
  }

  @Test func `an error names method, path and curl's own words when nobody answers`() {
    let refused = #expect(throws: TransportError.self) {
      try transport.answer(to: HTTPRequest(.get, "http://127.0.0.1:1/path?secret=1"))
    }
    #expect(refused?.kind == .connection)
    #expect(refused?.description.hasPrefix("GET /path: ") == true)
    #expect(refused?.description.hasSuffix("(curl 7)") == true)
    let unknown = #expect(throws: TransportError.self) {
      try transport.answer(to: HTTPRequest(.get, "http://no-such-host.invalid/"))
    }
    #expect(unknown?.kind == .connection)
    #expect(unknown?.description.hasSuffix("(curl 6)") == true)
    let malformed = #expect(throws: TransportError.self) {
      try transport.answer(to: HTTPRequest(.get, "ftp://127.0.0.1/"))
    }
    #expect(malformed?.kind == .request)
  }
}
