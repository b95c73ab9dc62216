import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import Support

/// Answering a request, and ending the connection after the last answer.
extension ConnectionHandler {
  /// Lets the router answer the request that was read.
  ///
  /// - Parameter problem: why it was not read to its end; the rest is discarded.
  func answer(_ problem: Problem?, _ context: ChannelHandlerContext) {
    guard let head = request else { return }
    if problem != nil { isLast = true }
    change(to: .answering)
    let task = RequestTask(
      shared.router, head, body.take(), problem, channel: context.channel,
      logger: shared.state.logger, held: held)
    let answer = context.eventLoop.makePromise(of: RequestTask.Answer.self)
    answer.futureResult.assumeIsolated().whenSuccess { self.write($0.head, $0.body, context) }
    task.start(executor, shared.pool, answer)
  }

  private func write(_ head: HTTPResponse, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
    guard state == .answering else { return }
    let isEnding = isInputClosed || isStopping || shared.state.isStopping
    if isEnding, pacer.piece != nil {
      // Whether this is the last request is known when the decoder has read all of its piece.
      let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
      return context.eventLoop.execute {
        bound.value.handler.write(head, body, bound.value.context)
      }
    }
    var head = HTTPResponseHead(head)
    isLast = isLast || isDrained || (isEnding && waiting.isEmpty && pacer.isEmpty)
    self.body.releaseRoom()
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

  /// Gives back the room of an answer once the client has taken nearly all of it.
  func releaseAnswer(_ context: ChannelHandlerContext) {
    guard heldForAnswer > 0, context.channel.isWritable else { return }
    held.remove(heldForAnswer)
    heldForAnswer = 0
  }

  /// Continues with the next request once the client has taken the last answer.
  func proceed(_ context: ChannelHandlerContext) {
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
  func refuse(_ problem: Problem, _ context: ChannelHandlerContext) {
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
  func end(_ context: ChannelHandlerContext) {
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

  func closeSoon(_ context: ChannelHandlerContext) {
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: Self.time(limits.drainSeconds)) {
      bound.value.close(promise: nil)
    }
  }
}
