extension Service {
  /// Serves one connection until the client or a fault ends it.
  func serve(_ descriptor: Int32) {
    var connection = Connection(descriptor: descriptor)
    do throws(ProtocolError) {
      while let head = try connection.nextHead() {
        guard try serve(head, on: &connection) else { return }
      }
    } catch {
      let refusal = Refusal(error.description, status: error.status)
      send(refusal.response, to: descriptor, isKeptAlive: false)
    }
  }

  /// - Returns: whether the connection lives on.
  private func serve(
    _ head: HTTPRequestHead, on connection: inout Connection
  ) throws(ProtocolError) -> Bool {
    let path = head.target.path
    if path.hasPrefix("/control/") {
      let request = HTTPRequest(head: head, body: try connection.body(of: head))
      let isSent = send(
        control(request), to: connection.descriptor, isKeptAlive: head.isKeptAlive)
      return isSent && head.isKeptAlive
    }
    let began = now
    let (number, effects) = admit(head)
    // Before the body is read: the client meets the reset while it still sends.
    if effects.contains(.resetBefore) {
      Socket.prepareReset(of: connection.descriptor)
      record(number, head, body: .null, status: 0, began: began)
      return false
    }
    let request = HTTPRequest(head: head, body: try connection.body(of: head))
    let (response, isTaken) = answer(request, effects)
    let body = Self.summary(of: request)
    let isSent = deliver(response, effects, on: connection.descriptor, head.isKeptAlive) {
      isWhole in
      record(
        number, head, body: body, status: response.status, began: began, isTaken: isTaken,
        isAcknowledged: isTaken && isWhole && response.isSuccess)
    }
    if !isSent { withdrawAcknowledgement(of: number) }
    return isSent && head.isKeptAlive
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
    if request.head.target.path == "/clientlib/isAlive/ver" {
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

  /// Sends an answer as the faults will have it.
  ///
  /// - Parameter record: called before the last byte goes out, so that a client that has its answer
  ///   finds the request in the log; it is told whether the whole answer is meant to go.
  /// - Returns: whether the whole answer was handed to the system.
  private func deliver(
    _ response: HTTPResponse, _ effects: [Fault.Effect], on descriptor: Int32, _ isKeptAlive: Bool,
    record: (_ isWhole: Bool) -> Void
  ) -> Bool {
    for case .latency(let seconds) in effects { Clock.sleep(seconds: seconds) }
    for effect in effects {
      switch effect {
      case .resetAfter:
        record(false)
        Socket.prepareReset(of: descriptor)
        return false
      case .truncatedAnswer:
        record(false)
        let head = response.head(announcing: response.body.count + 64, isKeptAlive: isKeptAlive)
        _ = Socket.send(head + response.body, to: descriptor)
        return false
      case .slowBody(let rate):
        return sendSlowly(
          response, to: descriptor, isKeptAlive, bytesPerSecond: rate
        ) { record(true) }
      default: break
      }
    }
    record(true)
    return send(response, to: descriptor, isKeptAlive: isKeptAlive)
  }

  @discardableResult
  private func send(
    _ response: HTTPResponse, to descriptor: Int32, isKeptAlive: Bool
  ) -> Bool {
    Socket.send(response.head(isKeptAlive: isKeptAlive) + response.body, to: descriptor)
  }

  /// Twenty pieces a second.
  private func sendSlowly(
    _ response: HTTPResponse, to descriptor: Int32, _ isKeptAlive: Bool, bytesPerSecond: Int,
    beforeLast record: () -> Void
  ) -> Bool {
    let size = max(1, bytesPerSecond / 20)
    guard Socket.send(response.head(isKeptAlive: isKeptAlive), to: descriptor) else { return false }
    var rest = response.body[...]
    while !rest.isEmpty {
      Clock.sleep(seconds: Double(size) / Double(bytesPerSecond))
      let piece = rest.prefix(size)
      rest = rest.dropFirst(size)
      if rest.isEmpty { record() }
      guard Socket.send(piece, to: descriptor) else { return false }
    }
    return true
  }

  private func record(
    _ number: Int, _ head: HTTPRequestHead, body: JSONValue, status: Int, began: Double,
    isTaken: Bool = false, isAcknowledged: Bool = false
  ) {
    record(
      RequestRecord(
        number: number, began: began, ended: now, method: head.method,
        path: Router.relativePath(head.target.path), query: head.target.query,
        headers: head.headers.filter {
          !["authorization", "comet-sdk-api"].contains($0.name.lowercased())
        },
        body: body, status: status, isTaken: isTaken, isAcknowledged: isAcknowledged))
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
            "size": .init(part.bytes.count),
            "crc32": .init(Int(CRC32.checksum(of: part.bytes))), "text": .init(text),
          ]
        })
    }
    let bytes =
      request.head.headers["Content-Encoding"] == "gzip"
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
