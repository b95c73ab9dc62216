import Dispatch
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Sets up connections: Hummingbird's HTTP/1.1 with a ``ConnectionHandler`` before it.
struct ServiceChannel: ServerChildChannel, HTTPChannelHandler {
  let responder: HTTPChannelHandler.Responder
  let state: ServiceState
  let limits: ConnectionLimits

  func setup(
    channel: any Channel, logger: Logger
  ) -> EventLoopFuture<NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>> {
    channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandlers([
        HTTPResponseEncoder(), ConnectionHandler.makeDecoder(),
        ConnectionHandler(limits, refusal: state.refusal), HTTP1ToHTTPServerCodec(secure: false),
      ])
      return try NIOAsyncChannel(
        wrappingChannelSynchronously: channel,
        configuration: .init(isOutboundHalfClosureEnabled: true))
    }
  }

  func handle(
    value: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>, logger: Logger
  ) async {
    await withTaskExecutorPreference(EventLoopExecutor(loop: value.channel.eventLoop)) {
      await handleHTTP(asyncChannel: value, logger: logger)
    }
  }
}

/// Runs a connection's task on the event loop that reads it, so that a request stays on one thread.
private final class EventLoopExecutor: TaskExecutor {
  private let loop: any EventLoop

  init(loop: any EventLoop) { self.loop = loop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}

/// Runs what takes too long for an event loop, on which other connections would wait.
final class LargeRequestExecutor: TaskExecutor {
  static let shared = LargeRequestExecutor()

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    DispatchQueue.global().async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}

extension ServiceState {
  /// The answer to what is not a request.
  @Sendable func refusal(_ problem: Problem) -> [HTTPServerResponsePart] {
    let body = ByteBuffer(bytes: problem.page)
    var head = HTTPResponse(
      status: problem.status,
      headerFields: [.contentType: MediaType.page, .contentLength: "\(body.readableBytes)"])
    SecurityHeaders.add(to: &head.headerFields)
    record(method: .get, route: nil, status: problem.status, duration: .zero)
    return [.head(HTTPResponseHead(head)), .body(.byteBuffer(body)), .end(nil)]
  }
}
