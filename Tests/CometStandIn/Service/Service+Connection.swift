import Foundation
import NIOHTTP1
import TestServer

extension Service {
  /// The most bytes that a request's body may have.
  private static let bodyLimit = 1 << 30

  /// What is done with a request whose head has arrived.
  func reaction(to head: HTTPRequestHead) -> TestServer.Reaction {
    guard let target = HTTPTarget(head.uri), head.version == .http1_1 || head.version == .http1_0,
      head.version == .http1_0 || head.headers.contains(name: "Host")
    else {
      return Self.closing(Refusal("malformed request target or version, or no Host header"))
    }
    if let length = head.headers.first(name: "Content-Length").flatMap(Int.init),
      length > Self.bodyLimit
    {
      return Self.closing(Refusal("a body of more than \(Self.bodyLimit) bytes", status: 413))
    }
    let request = HTTPRequest(head: head, target: target)
    if request.path.hasPrefix("/control/") {
      return .afterBody { body in
        let response = self.control(request.method, request.path, body)
        return .init([.sending(response, isKeptAlive: head.isKeepAlive)])
      }
    }
    let began = now
    let (number, effects) = admit(request)
    // Before the body is read: the client meets the reset while it still sends.
    if effects.contains(.resetBefore) {
      record(RequestRecord(number: number, began: began, request))
      return .atOnce(.init([.reset]))
    }
    return .afterBody { body in
      var request = request
      request.body = body
      var record = RequestRecord(number: number, began: began, request)
      record.body = Self.summary(of: request)
      let response: HTTPResponse
      (response, record.isTaken) = self.answer(request, effects)
      record.status = response.status
      let steps = self.steps(response, effects, isKeptAlive: head.isKeepAlive, record)
      return .init(steps) { self.withdrawAcknowledgement(of: number) }
    }
  }

  /// Refuses a request whose body is not read.
  private static func closing(_ refusal: Refusal) -> TestServer.Reaction {
    .atOnce(.init([.sending(refusal.response, isKeptAlive: false), .close]))
  }

  private func answer(
    _ request: HTTPRequest, _ effects: [Fault.Effect]
  ) -> (response: HTTPResponse, isTaken: Bool) {
    var delay = 0.0
    for case .delayedVisibility(let seconds) in effects { delay = seconds }
    for case .status(let status, let headers, let isPage) in effects {
      var response = isPage ? Self.page(status) : Refusal("fault", status: status).response
      response.headers = headers
      return (response, false)
    }
    if request.path == "/clientlib/isAlive/ver" {
      return (.json(["version": .string(backendVersion)]), true)
    }
    var (response, isTaken) = answer(request, delay: delay)
    let isZip = response.body.starts(with: Array("PK".utf8)) && response.isSuccess
    if effects.contains(.truncatedZip), isZip {
      response.body.removeLast(response.body.count / 2)
    }
    if effects.contains(.pageForZip), isZip { response = Self.page(200) }
    return (response, isTaken)
  }

  private static func page(_ status: Int) -> HTTPResponse {
    .html(
      "<!DOCTYPE html>\n<html><head><title>\(status)</title></head>"
        + "<body><h1>The page that a proxy shows</h1></body></html>\n", status: status)
  }

  /// An answer's way out as the faults will have it.
  ///
  /// The request is noted before the last byte goes out, so that a client that has its answer finds
  /// it in the log.
  private func steps(
    _ response: HTTPResponse, _ effects: [Fault.Effect], isKeptAlive: Bool, _ record: RequestRecord
  ) -> [TestServer.Step] {
    func note(isWhole: Bool) -> TestServer.Step {
      var record = record
      record.isAcknowledged = record.isTaken && isWhole && response.isSuccess
      return .perform { [record] in self.record(record) }
    }
    var steps: [TestServer.Step] = []
    for case .latency(let seconds) in effects { steps.append(.pause(seconds: seconds)) }
    for effect in effects {
      switch effect {
      case .resetAfter: return steps + [note(isWhole: false), .reset]
      case .truncatedAnswer:
        let head = response.head(announcing: response.body.count + 64, isKeptAlive: isKeptAlive)
        return steps + [note(isWhole: false), .send(head + response.body), .close]
      case .slowBody(let rate):
        // Twenty pieces a second.
        let size = max(1, rate / 20)
        steps.append(.send(response.head(isKeptAlive: isKeptAlive)))
        for start in stride(from: 0, to: response.body.count, by: size) {
          let piece = Array(response.body[start...].prefix(size))
          steps += [.pause(seconds: Double(size) / Double(rate)), .send(piece)]
        }
        return steps.dropLast() + [note(isWhole: true)] + steps.suffix(1)
      default: break
      }
    }
    return steps + [note(isWhole: true), .sending(response, isKeptAlive: isKeptAlive)]
  }

  /// What the log keeps of a body.
  private static func summary(of request: HTTPRequest) -> JSONValue {
    if request.body.isEmpty { return .null }
    if let parts = try? Multipart.parts(of: request) {
      return .array(
        parts.map { part in
          let isSmall = part.bytes.count <= 4096
          let text = isSmall ? String(validating: part.bytes, as: UTF8.self) : nil
          return [
            "name": .string(part.name), "filename": .init(part.fileName),
            "size": .init(part.bytes.count), "crc32": .init(crc32(of: part.bytes)),
            "text": .init(text),
          ]
        })
    }
    let bytes =
      request.header("Content-Encoding") == "gzip"
      ? (try? Gzip.expanded(request.body)) ?? request.body : request.body
    guard var body = try? JSONValue(parsing: bytes) else {
      return .string(String(decoding: bytes.prefix(1000), as: UTF8.self))
    }
    if case .object(let members) = body {
      body = .object(members.filter { $0.key != "apiKey" })
    }
    return body
  }
}

extension TestServer.Step {
  fileprivate static func sending(_ response: HTTPResponse, isKeptAlive: Bool) -> Self {
    .send(response.head(isKeptAlive: isKeptAlive) + response.body)
  }
}
