import Dispatch
import NIOCore
import NIOHTTP1
import Support

/// How patient the service is with a connection.
public struct ConnectionLimits: Sendable {
  /// A request must have arrived whole this long after its head, in seconds.
  public var requestSeconds: Int64 = 20
  /// A connection on which nothing happens is closed after that many seconds.
  public var idleSeconds: Int64 = 60
  /// The most connections at a time; others wait to be accepted.
  public var connectionCount = 12_000

  public init() {}
}

/// Reads the requests of one connection, one after the other, and writes their answers.
///
/// The pipeline before it hands over one request at a time. Small requests are answered on the event loop:
/// a prediction takes some microseconds, and handing it to another thread would take more. Large ones
/// are answered on another thread, so that the loop's other connections need not wait.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  /// Bodies beyond this many bytes are answered on another thread.
  private static let smallBody = 16_384

  private enum State {
    /// Between requests.
    case idle
    /// A request's head has arrived, and the body so far.
    case reading(HTTPRequestHead, ByteBuffer?)
    /// The request was refused before it had arrived; the rest of it is of no interest.
    case skipping
    /// A whole request is being answered.
    case answering
  }

  /// What becomes of the connection after an answer.
  private enum Ending {
    /// What the request asked for.
    case asRequested
    case closed
    /// The rest of the request is still being read: its end closes the connection, or the deadline does.
    case closedAfterRequest
  }

  private let responder: PredictionResponder
  private let limits: ConnectionLimits
  private let dates: DateHeader
  private var state = State.idle
  /// When something last began or ended here.
  private var lastChange = NIODeadline.now()
  private var deadline: Scheduled<Void>?

  init(_ responder: PredictionResponder, limits: ConnectionLimits, dates: DateHeader) {
    self.responder = responder
    self.limits = limits
    self.dates = dates
  }

  // MARK: - Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head, context)
    case .body(let part): append(part, context)
    case .end: end(context)
    }
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    lastChange = .now()
    state = .reading(head, nil)
    if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }),
      length > PredictionResponder.bodyLimit
    {
      return refuse(context)
    }
    if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
      let head = HTTPResponseHead(version: head.version, status: .continue)
      context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }
  }

  private func append(_ part: ByteBuffer, _ context: ChannelHandlerContext) {
    guard case .reading(let head, var body) = state else { return }
    // Nothing else may hold the buffer while it grows, or it would be copied.
    state = .skipping
    var part = part
    if body == nil { body = part } else { body?.writeBuffer(&part) }
    state = .reading(head, body)
    if let body, body.readableBytes > PredictionResponder.bodyLimit { refuse(context) }
  }

  private func end(_ context: ChannelHandlerContext) {
    guard case .reading(let head, let body) = state else {
      // The answer was given already, and the connection ends with it.
      if case .skipping = state { context.close(promise: nil) }
      return
    }
    state = .answering
    let request = Self.request(head, body ?? ByteBuffer())
    guard request.body.readableBytes > Self.smallBody else {
      return write(responder.answer(request), to: head, context, .asRequested)
    }
    let loop = context.eventLoop
    let bound = NIOLoopBound((handler: self, context: context), eventLoop: loop)
    DispatchQueue.global().async { [responder] in
      let answer = responder.answer(request)
      loop.execute {
        let (handler, context) = bound.value
        handler.write(answer, to: head, context, .asRequested)
      }
    }
  }

  private static func request(_ head: HTTPRequestHead, _ body: ByteBuffer) -> ServiceRequest {
    ServiceRequest(
      method: head.method.rawValue, target: head.uri,
      contentType: head.headers.first(name: "content-type"),
      accept: head.headers.first(name: "accept"),
      knownTag: head.headers.first(name: "if-none-match"), body: body)
  }

  /// Answers that the body is too large, and reads on only to throw it away: a client that is still
  /// sending would not see an answer on a connection that is closed at once.
  private func refuse(_ context: ChannelHandlerContext) {
    guard case .reading(let head, _) = state else { return }
    let answer = responder.refusal(
      Self.request(head, ByteBuffer()), status: 413,
      "expected a body of at most \(PredictionResponder.bodyLimit) bytes")
    write(answer, to: head, context, .closedAfterRequest)
    state = .skipping
  }

  // MARK: - Writing

  private func write(
    _ answer: ServiceAnswer, to request: HTTPRequestHead, _ context: ChannelHandlerContext,
    _ ending: Ending
  ) {
    guard context.channel.isActive else { return }
    let isKept = ending == .asRequested && request.isKeepAlive && !responder.isStopping
    let length = answer.omittedLength ?? answer.body.readableBytes
    var headers = HTTPHeaders()
    headers.reserveCapacity(ServiceAnswer.securityHeaders.count + answer.headers.count + 6)
    headers.add(name: "content-type", value: answer.contentType)
    headers.add(name: "content-length", value: "\(length)")
    headers.add(name: "date", value: dates.value)
    for (name, value) in ServiceAnswer.securityHeaders { headers.add(name: name, value: value) }
    if !answer.isCacheable { headers.add(name: "cache-control", value: "no-store") }
    for (name, value) in answer.headers { headers.add(name: name, value: value) }
    if !isKept {
      headers.add(name: "connection", value: "close")
    } else if request.version == .http1_0 {
      headers.add(name: "connection", value: "keep-alive")
    }
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if answer.body.readableBytes > 0 {
      context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
    }
    if !isKept, ending != .closedAfterRequest {
      let promise = context.eventLoop.makePromise(of: Void.self)
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      promise.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    } else {
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
    lastChange = .now()
    state = .idle
  }

  // MARK: - Deadlines and ends

  func channelActive(context: ChannelHandlerContext) {
    lastChange = .now()
    watch(context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    deadline = nil
    context.fireChannelInactive()
  }

  /// Looks at the connection again when it might have been too slow.
  private func watch(_ context: ChannelHandlerContext) {
    let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    let limit =
      switch state {
      case .idle, .answering: limits.idleSeconds
      case .reading, .skipping: limits.requestSeconds
      }
    // A request may begin just after this look, so none may wait longer than a request may take.
    let end = min(
      lastChange + .seconds(limit), .now() + .seconds(max(1, limits.requestSeconds / 2)))
    deadline = context.eventLoop.scheduleTask(deadline: max(end, .now() + .milliseconds(100))) {
      let (handler, context) = bound.value
      handler.check(context)
    }
  }

  private func check(_ context: ChannelHandlerContext) {
    let quiet = NIODeadline.now() - lastChange
    switch state {
    case .idle where quiet >= .seconds(limits.idleSeconds): context.close(promise: nil)
    case .skipping where quiet >= .seconds(limits.requestSeconds): context.close(promise: nil)
    case .reading(let head, _) where quiet >= .seconds(limits.requestSeconds):
      let answer = responder.refusal(
        Self.request(head, ByteBuffer()), status: 408,
        "the request was not complete after \(limits.requestSeconds) seconds")
      write(answer, to: head, context, .closed)
    default: watch(context)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // The client will send nothing more. What was asked is answered first.
    if event as? ChannelEvent == .inputClosed {
      switch state {
      case .idle, .reading, .skipping: context.close(promise: nil)
      case .answering: break
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A broken connection, or what is no HTTP and was answered as such before it came here.
    context.close(promise: nil)
  }
}

/// The header `date`, made anew once a second.
///
/// Each event loop has its own, so that none waits for another.
final class DateHeader {
  private var second: Int64 = 0
  private var text = ""

  var value: String {
    let now = Timestamp.now
    if now.nanoseconds / 1_000_000_000 != second {
      second = now.nanoseconds / 1_000_000_000
      text = now.httpDate
    }
    return text
  }
}
