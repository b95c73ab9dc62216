import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOHTTPTypesHTTP1
import Support

/// A connection: gathers each request, lets the router answer it, and writes the answer.
///
/// One request is answered at a time, and nothing more is read until the client takes the answer. The connection ends
/// when the client, a refused body or the end of the service asks for it: the answer says so, and what still arrives is
/// read and discarded, since a client that is sending would not see an answer on a connection that is closed at once. It
/// sends `100 Continue`, continues after requests for another protocol, and enforces time limits. What is not a request
/// is answered here, everything else by the router.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = Never
  typealias OutboundOut = HTTPServerResponsePart

  typealias ReadPart = Result<HTTPServerRequestPart, any Error>

  enum State {
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

  let shared: ServiceChannel
  var limits: ConnectionLimits { shared.limits }
  let pacer: ReadPacer
  let executor: EventLoopExecutor
  var state = State.idle
  /// The request that is read or answered.
  var request: HTTPRequest?
  var body: RequestBody
  /// What the last piece of input has beyond the request that is being answered.
  var waiting = CircularBuffer<ReadPart>(initialCapacity: 0)
  let turns: RequestTurns
  var isInTurn = false
  let held: HeldMemory
  /// How much of that is for an answer that is being sent.
  var heldForAnswer = 0
  /// Whether the connection ends with the answer to the current request.
  var isLast = false
  var isStopping = false
  var isDrained = false
  /// Bytes of answers that the client had not taken at the last check.
  var unsentCount = 0
  var isInputClosed = false
  var isOutputClosed = false
  var isUpgrade = false
  var unpacker: NIOHTTPRequestDecompressor?
  var isHTTP10 = false
  var hasPartOfHead = false
  /// When something last began or ended here.
  var lastChange = NIODeadline.now()
  var watch: Scheduled<Void>?

  init(_ shared: ServiceChannel, _ pacer: ReadPacer, _ held: HeldMemory, eventLoop: any EventLoop) {
    self.shared = shared
    self.pacer = pacer
    self.held = held
    body = RequestBody(held)
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

  func channelReadComplete(context: ChannelHandlerContext) {
    if state == .idle, pacer.hasGiven, !hasPartOfHead {
      hasPartOfHead = true
      lastChange = .now()
    }
    if state == .closing { context.read() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if state == .sending { proceed(context) }
    if state == .closing { releaseAnswer(context) }
    context.fireChannelWritabilityChanged()
  }

  func change(to state: State) {
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
}
