import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// A request that did not arrive completely in time.
struct SlowRequestError: Error {}

/// What Hummingbird leaves out of HTTP/1.1.
///
/// It passes on one request at a time, and does not read further before that is answered. It closes the
/// connection when the client, a refused body or the end of the service asks for it: the answer says so, and
/// what still arrives is read and discarded, since a client that is sending would not see an answer on a
/// connection that is closed at once. It sends `100 Continue`, continues after requests for another protocol,
/// and enforces time limits. What is not a request is answered here, everything else by the router.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private typealias ReadPart = Result<HTTPServerRequestPart, HTTPParserError>

  private enum State {
    /// Between requests, or a head has arrived in part.
    case idle
    /// A request's head has arrived, but not its end.
    case reading
    /// A complete request waits for its answer.
    case answering
    /// The last answer was written.
    case closing
  }

  private let limits: ConnectionLimits
  private let refusal: @Sendable (Problem) -> [HTTPServerResponsePart]
  private var state = State.idle
  /// What arrived while a request was being answered.
  private var waiting = CircularBuffer<ReadPart>(initialCapacity: 0)
  private var isReadHeld = false
  /// Whether the connection ends with the answer to the current request.
  private var isLast = false
  private var isStopping = false
  private var isDrained = false
  private var isInputClosed = false
  private var isOutputClosed = false
  private var isUpgrade = false
  private var isHTTP10 = false
  private var hasPartOfHead = false
  private var isLate = false
  /// When something last began or ended here.
  private var lastChange = NIODeadline.now()
  private var watch: Scheduled<Void>?

  /// - Parameter refusal: makes the answer to what is not a request.
  init(
    _ limits: ConnectionLimits, refusal: @escaping @Sendable (Problem) -> [HTTPServerResponsePart]
  ) {
    self.limits = limits
    self.refusal = refusal
  }

  static func makeDecoder() -> ByteToMessageHandler<HTTPRequestDecoder> {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = 16_384
    limits.maxHeaderListSize = 32_768
    limits.maxHeaderFieldCount = 100
    return ByteToMessageHandler(
      HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
  }

  // MARK: - Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    take(.success(unwrapInboundIn(data)), context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
    take(.failure(error), context)
  }

  private func take(_ part: ReadPart, _ context: ChannelHandlerContext) {
    switch state {
    case .closing: break
    case .answering: waiting.append(part)
    case .idle, .reading: deliver(part, context)
    }
  }

  private func deliver(_ part: ReadPart, _ context: ChannelHandlerContext) {
    switch part {
    case .success(.head(var head)):
      begin(&head, context)
      context.fireChannelRead(wrapInboundOut(.head(head)))
    case .success(.body(let body)): context.fireChannelRead(wrapInboundOut(.body(body)))
    case .success(.end(let trailers)):
      change(to: .answering)
      context.fireChannelRead(wrapInboundOut(.end(trailers)))
      if isUpgrade { restartDecoder(context) }
    // Whoever reads the body answers.
    case .failure(let error) where state == .reading: context.fireErrorCaught(error)
    case .failure(.headerOverflow):
      refuse(Problem(.requestHeaderFieldsTooLarge, "the headers are too large"), context)
    case .failure: refuse(Problem(.badRequest, "expected a request of HTTP/1.1"), context)
    }
  }

  private func begin(_ head: inout HTTPRequestHead, _ context: ChannelHandlerContext) {
    change(to: .reading)
    hasPartOfHead = false
    isHTTP10 = head.version == .http1_0
    isLast = isLast || !head.isKeepAlive || head.method == .CONNECT
    isUpgrade =
      head.headers.contains(name: "upgrade")
      && head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
    // Only HTTP/1.1 asks for it.
    if isHTTP10, !head.headers.contains(name: "host") { head.headers.add(name: "host", value: "") }
    let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    if head.headers.first(name: "expect")?.lowercased() == "100-continue",
      length <= ServiceState.bodyLimit
    {
      let head = HTTPResponseHead(version: .http1_1, status: .continue)
      context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }
  }

  /// A decoder reads nothing after a request for another protocol, so a new one takes its place.
  private func restartDecoder(_ context: ChannelHandlerContext) {
    let pipeline = context.pipeline.syncOperations
    guard
      let old = try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self),
      (try? pipeline.addHandler(Self.makeDecoder(), position: .after(old))) != nil
    else { return context.close(promise: nil) }
    // What it reads of the bytes that the old one had left over is complete.
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    pipeline.removeHandler(old).whenComplete { _ in bound.value.fireChannelReadComplete() }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if state == .idle, !hasPartOfHead {
      hasPartOfHead = true
      lastChange = .now()
    }
    context.fireChannelReadComplete()
    if state == .closing { context.read() }
  }

  func read(context: ChannelHandlerContext) {
    if state == .answering { isReadHeld = true } else { context.read() }
  }

  // MARK: - Writing

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard state != .closing else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    switch unwrapOutboundIn(data) {
    case .head(var head):
      // If the answer comes before the request's end, the rest of the request is discarded.
      isLast = isLast || state != .answering || (waiting.isEmpty && (isStopping || isInputClosed))
      if isLast {
        head.headers.replaceOrAdd(name: "connection", value: "close")
      } else if isHTTP10 {
        head.headers.replaceOrAdd(name: "connection", value: "keep-alive")
      }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .end where isLast:
      context.write(data, promise: promise)
      end(context)
    case .end:
      // First, since the next request may begin while it is written.
      change(to: .idle)
      context.write(data, promise: promise)
      proceed(context)
    case .body: context.write(data, promise: promise)
    }
  }

  /// Continues with what arrived during the last answer.
  private func proceed(_ context: ChannelHandlerContext) {
    let isSomethingWaiting = !waiting.isEmpty
    while state == .idle || state == .reading, let part = waiting.popFirst() {
      deliver(part, context)
    }
    if isSomethingWaiting { context.fireChannelReadComplete() }
    if isReadHeld, state != .answering {
      isReadHeld = false
      context.read()
    }
  }

  private func refuse(_ problem: Problem, _ context: ChannelHandlerContext) {
    isLast = true
    for part in refusal(problem) {
      write(context: context, data: wrapOutboundOut(part), promise: nil)
    }
  }

  /// Closes this side of the connection after what was written; the client or a time limit closes the other.
  private func end(_ context: ChannelHandlerContext) {
    change(to: .closing)
    waiting.removeAll()
    let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    // An empty write after all others: NIO would drop what is not sent yet once the client's side is closed.
    context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer())))).whenComplete { _ in
      let (handler, context) = bound.value
      handler.isOutputClosed = true
      context.close(mode: handler.isDrained ? .all : .output, promise: nil)
    }
    context.read()
  }

  /// Hummingbird closes its side as soon as it has written; this handler does it when everything was sent.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    if mode == .output { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
  }

  // MARK: - Time limits and ends

  private func change(to state: State) {
    self.state = state
    isLate = false
    lastChange = .now()
  }

  func channelActive(context: ChannelHandlerContext) {
    look(context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    watch?.cancel()
    context.fireChannelInactive()
  }

  /// Ends what has exceeded its time limit, and schedules the next check.
  ///
  /// Nothing is scheduled or cancelled for a single request, whose cost would grow with the number of
  /// connections.
  private func look(_ context: ChannelHandlerContext) {
    let isUnderWay = state == .reading || isOutputClosed || (state == .idle && hasPartOfHead)
    let limit = Self.time(isUnderWay ? limits.requestSeconds : limits.idleSeconds)
    if NIODeadline.now() - lastChange >= limit { isOver(context) }
    guard context.channel.isActive else { return }
    // A request may begin just after this check, so the next one is not later than its time limit.
    let next = min(lastChange + limit, .now() + Self.time(limits.requestSeconds / 2))
    let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    watch = context.eventLoop.scheduleTask(deadline: max(next, .now() + .milliseconds(50))) {
      bound.value.handler.look(bound.value.context)
    }
  }

  private func isOver(_ context: ChannelHandlerContext) {
    switch state {
    case .idle where hasPartOfHead:
      refuse(Problem(.requestTimeout, "the request was not complete in time"), context)
    case .reading where !isLate:
      // Whoever reads the body answers.
      isLate = true
      lastChange = .now()
      context.fireErrorCaught(SlowRequestError())
    case .idle, .reading, .closing: context.close(promise: nil)
    // A client that does not read its answers.
    case .answering where !context.channel.isWritable: context.close(promise: nil)
    case .answering: break
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ChannelShouldQuiesceEvent:
      isStopping = true
      let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
      context.eventLoop.scheduleTask(in: Self.time(limits.drainSeconds)) {
        let (handler, context) = bound.value
        handler.isDrained = true
        if handler.state == .idle { handler.end(context) }
        if handler.isOutputClosed { context.close(promise: nil) }
      }
    case ChannelEvent.inputClosed:
      // The client sends nothing more. What it has asked is answered first.
      isInputClosed = true
      if state == .idle { end(context) }
      if isOutputClosed { context.close(promise: nil) }
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  private static func time(_ seconds: Double) -> TimeAmount { .nanoseconds(Int64(seconds * 1e9)) }
}
