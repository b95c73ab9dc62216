import NIOCore

/// Gives the decoder what arrives in pieces, and nothing while a request is answered.
///
/// The decoder takes a piece apart as a whole, and what it makes of requests that wait takes many times the memory of
/// their bytes. While there is something to give, nothing more is read.
final class ReadPacer: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer

  enum Pace: Equatable {
    case hold
    /// Pieces of at most that many bytes.
    case pieces(Int)
    /// Nothing that arrives is of interest.
    case discard
  }

  /// Enough for the head of most requests.
  static let headSize = 1024
  /// What may wait without being counted; only a client that has closed its side sends more.
  private static let freeSize = 65_536

  var pace = Pace.pieces(headSize)
  /// How much of a request's first line, which has its address, was given before the current piece; 0 in other lines.
  private(set) var firstLineLength = 0
  private var isInFirstLine = true
  /// Whether anything was given since the last request.
  var hasGiven = false
  /// Bytes that arrived and were not given yet.
  private var waiting = ByteBuffer()
  /// The piece that the decoder is reading.
  private(set) var piece: ByteBuffer?
  private var isReadHeld = false
  private var isInputClosed = false
  private var context: ChannelHandlerContext?
  private let held: HeldMemory
  private var heldCount = 0

  init(_ held: HeldMemory) { self.held = held }

  var isEmpty: Bool { waiting.readableBytes == 0 }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    if isEmpty, piece == nil, case .pieces(let size) = pace, bytes.readableBytes <= size {
      return give(bytes, context)
    }
    if isEmpty { waiting = bytes } else { waiting.writeBuffer(&bytes) }
    guard count() else { return context.close(promise: nil) }
    _ = giveAll(context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // Who hears that the client sends nothing more has had everything that it sent.
    if case ChannelEvent.inputClosed = event, !isEmpty {
      isInputClosed = true
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func read(context: ChannelHandlerContext) {
    if isEmpty, pace != .hold { context.read() } else { isReadHeld = true }
  }

  /// Continues after the pace has changed.
  func proceed() {
    guard let context else { return }
    if giveAll(context) { context.fireChannelReadComplete() }
    // What ends a piece may still be with the decoder, which led here.
    if isInputClosed, isEmpty, piece == nil {
      isInputClosed = false
      context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }
    guard isReadHeld, isEmpty, pace != .hold else { return }
    isReadHeld = false
    context.read()
  }

  /// Gives what the pace allows; false if that is nothing.
  private func giveAll(_ context: ChannelHandlerContext) -> Bool {
    var wasGiven = false
    // What the decoder makes of a piece may change the pace, and lead here again.
    while piece == nil, !isEmpty, let next = nextPiece() {
      wasGiven = true
      give(next, context)
    }
    if isEmpty { waiting = ByteBuffer() }
    _ = count()
    return wasGiven
  }

  private func give(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    hasGiven = true
    piece = bytes
    context.fireChannelRead(wrapInboundOut(bytes))
    piece = nil
    noteLine(bytes.readableBytesView)
  }

  private func noteLine(_ bytes: ByteBufferView) {
    guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
      firstLineLength += isInFirstLine ? bytes.count : 0
      return
    }
    // The line after an empty one is a request's first.
    isInFirstLine = bytes[..<end].last { $0 != UInt8(ascii: "\r") } == UInt8(ascii: "\n")
    firstLineLength = isInFirstLine ? bytes.endIndex - end - 1 : 0
  }

  private func nextPiece() -> ByteBuffer? {
    switch pace {
    case .hold: return nil
    case .pieces(let size): return waiting.readSlice(length: min(size, waiting.readableBytes))
    case .discard:
      waiting.clear()
      return nil
    }
  }

  /// Counts what waits, unless it is little; false if there is no room for it.
  private func count() -> Bool {
    let wanted = waiting.readableBytes > Self.freeSize ? waiting.readableBytes : 0
    if wanted < heldCount { held.remove(heldCount - wanted) }
    if wanted > heldCount, !held.add(wanted - heldCount) { return false }
    heldCount = wanted
    return true
  }
}
