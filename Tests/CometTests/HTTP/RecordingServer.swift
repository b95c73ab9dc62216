import NIOHTTP1
import Support
import TestServer

/// A server on this machine that answers as a test wants, byte by byte, and keeps the requests.
final class RecordingServer: Sendable {
  struct Request: Sendable {
    let head: HTTPRequestHead
    let body: [UInt8]
    /// Which of the server's connections it came over, counted from 0.
    let connection: Int

    func header(_ name: String) -> String? { head.headers.first(name: name) }
  }

  private let server: TestServer
  private let received: Received

  private final class Received: Sendable {
    let requests = Mutex<[Request]>([])
  }

  var port: UInt16 { server.port }
  var requests: [Request] { received.requests.withLock { $0 } }

  /// - Parameter host: an address of this machine.
  init(
    host: String = "127.0.0.1", _ steps: @escaping @Sendable (Request) -> [TestServer.Step]
  ) throws {
    let received = Received()
    self.received = received
    server = try TestServer(host: host) { head, connection in
      .afterBody { body in
        let request = Request(head: head, body: body, connection: connection)
        received.requests.withLock { $0.append(request) }
        return .init(steps(request))
      }
    }
  }

  func close() { server.stop() }
}

extension TestServer.Step {
  static func answer(
    _ status: Int = 200, _ headers: [String] = [], _ body: String = ""
  ) -> TestServer.Step {
    let lines = ["HTTP/1.1 \(status) Word", "Content-Length: \(body.utf8.count)"] + headers
    return .send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
  }
}
