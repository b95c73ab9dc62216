import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOHTTPTypesHTTP1
import Support

/// A connection: gathers each request, lets the router answer it, and writes the answer.
///
/// One request is answered at a time, and nothing more is read until the client takes the answer. The connection ends when the client, a refused
/// body or the end of the service asks for it: the answer says so, and what still arrives is read and discarded, since a
/// client that is sending would not see an answer on a connection that is closed at once. It sends `100 Continue`,
/// continues after requests for another protocol, and enforces time limits. What is not a request is answered here,
/// everything else by the router.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = Never
  typealias OutboundOut = HTTPServerResponsePart

  private typealias ReadPart = Result<HTTPServerRequestPart, any Error>

  private enum State {
    /// Between requests, or a head has arrived in part.
    case idle
    /// A request's head has arrived, but not its end.
    case reading
    /// A request waits for its answer.
    case answering
    /// The answer was written. The next request waits until the client has taken it, and for its turn.
    case sending
    /// The last answer was written.
    case closing
  }

  private let shared: ServiceChannel
  private var limits: ConnectionLimits { shared.limits }
  private let pacer: ReadPacer
  private let executor: EventLoopExecutor
  private var state = State.idle
  /// The request that is read or answered.
  private var request: HTTPRequest?
  private var body = ByteBuffer()
  /// The length of the body as it was announced; 0 if it was not.
  private var length = 0
  /// What the last piece of input has beyond the request that is being answered.
  private var waiting = CircularBuffer<ReadPart>(initialCapacity: 0)
  private let turns: RequestTurns
  private var isInTurn = false
  private let held: HeldMemory
  /// How much of that is for the body, and for an answer that is being sent.
  private var heldForBody = 0
  private var heldForAnswer = 0
  /// Whether the connection ends with the answer to the current request.
  private var isLast = false
  private var isStopping = false
  private var isDrained = false
  /// Bytes of answers that the client had not taken at the last check.
  private var unsentCount = 0
  private var isInputClosed = false
  private var isOutputClosed = false
  private var isUpgrade = false
  private var unpacker: NIOHTTPRequestDecompressor?
  private var isHTTP10 = false
  private var hasPartOfHead = false
  /// When something last began or ended here.
  private var lastChange = NIODeadline.now()
  private var watch: Scheduled<Void>?

  init(_ shared: ServiceChannel, _ pacer: ReadPacer, _ held: HeldMemory, eventLoop: any EventLoop) {
    self.shared = shared
    self.pacer = pacer
    self.held = held
    turns = shared.turns(of: eventLoop)
    executor = EventLoopExecutor(loop: eventLoop)
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
    switch error {
    case is HTTPParserError, is NIOHTTPDecompression.DecompressionError,
      is NIOHTTPDecompression.ExtraDecompressionError:
      take(.failure(error), context)
    default: context.close(promise: nil)
    }
  }

  private func take(_ part: ReadPart, _ context: ChannelHandlerContext) {
    switch state {
    case .closing: break
    // After the last request nothing is read but what ends it.
    case .answering, .sending: if !isLast { waiting.append(part) }
    case .idle, .reading: gather(part, context)
    }
  }

  private func gather(_ part: ReadPart, _ context: ChannelHandlerContext) {
    switch (part, state) {
    case (.success(.head(let head)), _):
      if !head.headers.contains(name: "content-encoding") || unpacker != nil {
        begin(head, context)
      } else {
        addUnpacker(head, context)
      }
    case (.success(.body(var part)), .reading):
      let size = body.readableBytes + part.readableBytes
      if size > ServiceState.bodyLimit { return answer(Self.tooLarge, context) }
      guard hold(size) else { return answer(.busy, context) }
      body.writeBuffer(&part)
      pacer.pace = .pieces(max(ReadPacer.headSize, length - size))
    case (.success(.end), .reading):
      answer(nil, context)
      if isUpgrade { restartDecoder(context) }
    case (.failure(let error), .reading): answer(Self.problem(ofBody: error), context)
    case (.failure(let error), _): refuse(problem(error), context)
    case (.success, _): break
    }
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    var head = head
    isHTTP10 = head.version == .http1_0
    isLast = isLast || !head.isKeepAlive || head.method == .CONNECT
    isUpgrade =
      head.headers.contains(name: "upgrade")
      && head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
    // Only HTTP/1.1 asks for it.
    if isHTTP10, !head.headers.contains(name: "host") { head.headers.add(name: "host", value: "") }
    guard var request = try? HTTPRequest(head, secure: false, splitCookie: false) else {
      return refuse(Self.noRequest, context)
    }
    var redirection: Problem?
    do throws(Problem) {
      request.path = try shared.state.localAddress(request.path ?? "/")
    } catch {
      redirection = error
    }
    hasPartOfHead = false
    self.request = request
    change(to: .reading)
    if let redirection { return answer(redirection, context) }
    length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    let encoding = head.headers.first(name: "content-encoding")?.lowercased() ?? "identity"
    if length > ServiceState.bodyLimit { return answer(Self.tooLarge, context) }
    // What it is unpacked is not announced.
    if encoding != "identity" { length = 0 }
    if !["identity", "gzip", "deflate"].contains(encoding) {
      answer(Self.wrongEncoding, context)
    } else if !hold(length) {
      answer(.busy, context)
    } else if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
      let head = HTTPResponseHead(version: .http1_1, status: .continue)
      context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }
    guard state == .reading else { return }
    body.reserveCapacity(length)
    pacer.pace = .pieces(max(ReadPacer.headSize, length))
  }

  /// Lets NIO unpack the bodies of this connection from now on; few have any to unpack.
  private func addUnpacker(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let handler = NIOHTTPRequestDecompressor(limit: .size(ServiceState.bodyLimit))
    unpacker = handler
    let pipeline = context.pipeline.syncOperations
    guard (try? pipeline.addHandler(handler, position: .before(self))) != nil,
      let place = try? pipeline.context(handler: handler)
    else { return context.close(promise: nil) }
    // It returns the head, with which it begins.
    handler.channelRead(context: place, data: NIOAny(HTTPServerRequestPart.head(head)))
  }

  /// Takes room for a body of that size; where its length was not announced, for more than that.
  private func hold(_ size: Int) -> Bool {
    guard size > max(heldForBody, Self.freeBody) else { return true }
    let isSmall = size <= MemoryBudget.smallSize
    let wanted =
      size <= length ? length : isSmall ? MemoryBudget.smallSize : ServiceState.bodyLimit
    guard held.add(wanted - heldForBody) else { return false }
    heldForBody = wanted
    return true
  }

  /// The size of a body for which no room is taken.
  private static let freeBody = 4096

  /// What is wrong with bytes that are not a request.
  private func problem(_ error: any Error) -> Problem {
    switch error as? HTTPParserError {
    case .headerOverflow where pacer.firstLineLength > ServiceState.targetLimit: .addressTooLong
    case .headerOverflow:
      Problem(.requestHeaderFieldsTooLarge, "the headers are too large")
    case .invalidContentLength where hasLengthBeyondNumbers: Self.tooLarge
    default: Self.noRequest
    }
  }

  private static func problem(ofBody error: any Error) -> Problem {
    switch error {
    case NIOHTTPDecompression.DecompressionError.limit: tooLarge
    case is HTTPParserError: Problem(.badRequest, "the end of the body is not valid HTTP")
    default: Problem(.badRequest, "the body is not what its content encoding says")
    }
  }

  /// Whether the length of a body is a whole number, which is too large for the decoder.
  private var hasLengthBeyondNumbers: Bool {
    guard let piece = pacer.piece else { return false }
    let fields = String(buffer: piece).lowercased().split(whereSeparator: \.isNewline)
    guard let field = fields.last(where: { $0.hasPrefix("content-length:") }) else { return false }
    let value = field.dropFirst("content-length:".count).filter { $0 != " " && $0 != "\t" }
    return value.count > 18 && value.allSatisfy { "0"..."9" ~= $0 }
  }

  private static let tooSlow = Problem(.requestTimeout, "the request was not complete in time")
  private static let noRequest = Problem(.badRequest, "expected a request of HTTP/1.1")
  private static let wrongEncoding = Problem(
    .unsupportedMediaType, "expected the content encoding gzip, deflate or identity",
    headers: [.acceptEncoding: "gzip, deflate"])
  private static let tooLarge = Problem(
    .contentTooLarge, "expected a body of at most \(ServiceState.bodyLimit) bytes")

  /// A decoder reads nothing after a request for another protocol, so a new one takes its place.
  private func restartDecoder(_ context: ChannelHandlerContext) {
    let pipeline = context.pipeline.syncOperations
    guard
      let old = try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self),
      (try? pipeline.addHandler(Self.makeDecoder(), position: .after(old))) != nil
    else { return context.close(promise: nil) }
    // What it reads of the bytes that the old one had left over is complete.
    let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    pipeline.removeHandler(old).whenComplete { _ in
      bound.value.handler.channelReadComplete(context: bound.value.context)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if state == .idle, pacer.hasGiven, !hasPartOfHead {
      hasPartOfHead = true
      lastChange = .now()
    }
    if state == .closing { context.read() }
  }

  // MARK: - Answering

  /// Lets the router answer the request that was read.
  ///
  /// - Parameter problem: why it was not read to its end; the rest is discarded.
  private func answer(_ problem: Problem?, _ context: ChannelHandlerContext) {
    guard let head = request else { return }
    if problem != nil { isLast = true }
    change(to: .answering)
    let task = RequestTask(
      shared.router, head, body, problem, channel: context.channel, logger: shared.state.logger,
      held: held)
    body = ByteBuffer()
    let answer = context.eventLoop.makePromise(of: RequestTask.Answer.self)
    answer.futureResult.assumeIsolated().whenSuccess { self.write($0.head, $0.body, context) }
    task.start(executor, shared.pool, answer)
  }

  private func write(_ head: HTTPResponse, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
    guard state == .answering else { return }
    var head = HTTPResponseHead(head)
    let isEnding = isInputClosed || isStopping || shared.state.isStopping
    isLast = isLast || isDrained || (isEnding && waiting.isEmpty && pacer.isEmpty)
    releaseBody()
    if body.readableBytes > MemoryBudget.smallSize { heldForAnswer = body.readableBytes }
    if isLast {
      head.headers.replaceOrAdd(name: "connection", value: "close")
    } else if isHTTP10 {
      head.headers.replaceOrAdd(name: "connection", value: "keep-alive")
    }
    head.headers.add(name: "date", value: Timestamp.now.httpText)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if body.readableBytes > 0 {
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    if isLast { return end(context) }
    change(to: .sending)
    proceed(context)
  }

  private func releaseBody() {
    held.remove(heldForBody)
    heldForBody = 0
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if state == .sending { proceed(context) }
    if state == .closing { releaseAnswer(context) }
    context.fireChannelWritabilityChanged()
  }

  /// Gives back the room of an answer once the client has taken nearly all of it.
  private func releaseAnswer(_ context: ChannelHandlerContext) {
    guard heldForAnswer > 0, context.channel.isWritable else { return }
    held.remove(heldForAnswer)
    heldForAnswer = 0
  }

  /// Continues with the next request once the client has taken the last answer.
  private func proceed(_ context: ChannelHandlerContext) {
    guard context.channel.isWritable else { return }
    releaseAnswer(context)
    guard !waiting.isEmpty || !pacer.isEmpty else { return next(context) }
    guard !isInTurn else { return }
    isInTurn = true
    turns.wait { [self] in
      isInTurn = false
      if state == .sending { next(context) }
    }
  }

  private func next(_ context: ChannelHandlerContext) {
    change(to: .idle)
    while state == .idle || state == .reading, let part = waiting.popFirst() {
      gather(part, context)
    }
    pacer.proceed()
    if state == .idle, pacer.isEmpty, isDrained || isInputClosed { end(context) }
  }

  /// Answers what is not a request.
  private func refuse(_ problem: Problem, _ context: ChannelHandlerContext) {
    isLast = true
    change(to: .answering)
    let body = ByteBuffer(bytes: problem.page(shared.state.model))
    var head = HTTPResponse(
      status: problem.status,
      headerFields: [.contentType: MediaType.page, .contentLength: "\(body.readableBytes)"])
    SecurityHeaders.add(to: &head.headerFields)
    shared.state.record(method: .get, route: nil, status: problem.status, duration: .zero)
    write(head, body, context)
  }

  /// Closes this side of the connection after what was written; the client or a time limit closes the other.
  private func end(_ context: ChannelHandlerContext) {
    change(to: .closing)
    waiting.removeAll()
    pacer.proceed()
    let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    // An empty write after all others: NIO would drop what is not sent yet once the client's side is closed.
    context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer())))).whenComplete { _ in
      let (handler, context) = bound.value
      handler.isOutputClosed = true
      context.close(mode: handler.isInputClosed ? .all : .output, promise: nil)
      // A connection that is closed with bytes unread is reset, and the client may lose its answer.
      if handler.isDrained { handler.closeSoon(context) }
    }
    context.read()
  }

  private func closeSoon(_ context: ChannelHandlerContext) {
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: Self.time(limits.drainSeconds)) {
      bound.value.close(promise: nil)
    }
  }

  // MARK: - Time limits and ends

  private func change(to state: State) {
    self.state = state
    lastChange = .now()
    switch state {
    case .idle:
      pacer.hasGiven = false
      pacer.pace = .pieces(ReadPacer.headSize)
    case .reading: break  // The pace is that of the body.
    case .answering, .sending: pacer.pace = .hold
    case .closing: pacer.pace = .discard
    }
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
    let unsent =
      context.channel.isWritable
      ? 0 : (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    if unsent < unsentCount { lastChange = .now() }
    unsentCount = unsent
    let isUnderWay =
      state == .reading || isOutputClosed || unsent > 0 || (state == .idle && hasPartOfHead)
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
    case .idle where hasPartOfHead: refuse(Self.tooSlow, context)
    case .reading: answer(Self.tooSlow, context)
    // Sending is over the limit when the client takes nothing.
    case .idle, .sending, .closing: context.close(promise: nil)
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
        if handler.isOutputClosed { handler.closeSoon(context) }
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
