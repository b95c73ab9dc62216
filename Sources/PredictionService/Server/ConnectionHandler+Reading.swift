import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOHTTPTypesHTTP1

/// Gathering a request.
extension ConnectionHandler {
  func gather(_ part: ReadPart, _ context: ChannelHandlerContext) {
    switch (part, state) {
    case (.success(.head(let head)), _):
      if !head.headers.contains(name: "content-encoding") || unpacker != nil {
        begin(head, context)
      } else {
        addUnpacker(head, context)
      }
    case (.success(.body(var part)), .reading):
      do throws(Problem) {
        try body.append(&part)
        pacer.pace = .pieces(max(ReadPacer.headSize, body.missingCount))
      } catch {
        answer(error, context)
      }
    case (.success(.end), .reading):
      answer(nil, context)
      if isUpgrade { restartDecoder(context) }
    case (.failure(let error), .reading): answer(Problem(ofBody: error), context)
    case (.failure(let error), _): refuse(Problem(noRequest: error, pacer), context)
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
      return refuse(Problem.noRequest, context)
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
    do throws(Problem) {
      if let redirection { throw redirection }
      try beginBody(head.headers)
    } catch {
      return answer(error, context)
    }
    if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
      let head = HTTPResponseHead(version: .http1_1, status: .continue)
      context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }
    pacer.pace = .pieces(max(ReadPacer.headSize, body.missingCount))
  }

  private func beginBody(_ headers: HTTPHeaders) throws(Problem) {
    // The decoder has checked that it is a whole number, which may be too large for an `Int`.
    let length = headers.first(name: "content-length").map { Int($0) ?? .max } ?? 0
    guard length <= ServiceState.bodyLimit else { throw .bodyTooLarge }
    let encoding = headers.first(name: "content-encoding")?.lowercased() ?? "identity"
    guard ["identity", "gzip", "deflate"].contains(encoding) else { throw .wrongEncoding }
    // How long it is when it is unpacked is not announced.
    try body.begin(length: encoding == "identity" ? length : 0)
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
}
