import Dispatch
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import Support

/// Sets up connections: Hummingbird's HTTP/1.1 with a ``ConnectionHandler`` before it.
struct ServiceChannel: ServerChildChannel, HTTPChannelHandler {
  let responder: HTTPChannelHandler.Responder
  let state: ServiceState
  let limits: ConnectionLimits

  func setup(
    channel: any Channel, logger: Logger
  ) -> EventLoopFuture<AcceptedConnection> {
    channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandlers([
        HTTPResponseEncoder(), ConnectionHandler.makeDecoder(),
        ConnectionHandler(limits, refusal: state.refusal), HTTP1ToHTTPServerCodec(secure: false),
      ])
      return AcceptedConnection(
        try NIOAsyncChannel(
          wrappingChannelSynchronously: channel,
          configuration: .init(isOutboundHalfClosureEnabled: true)))
    }
  }

  func handle(value: AcceptedConnection, logger: Logger) async {
    await withTaskExecutorPreference(EventLoopExecutor(loop: value.channel.eventLoop)) {
      await handleHTTP(asyncChannel: value.takeParts(), logger: logger)
    }
  }
}

/// A connection that was accepted. Hummingbird drops those that it accepted while it was stopping, and NIO ends the
/// process where a channel's parts are given up without having been closed.
final class AcceptedConnection: ServerChildChannelValue {
  typealias Parts = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

  private let parts: Parts
  private let isTaken = Atomic(false)

  var channel: any Channel { parts.channel }

  init(_ parts: Parts) { self.parts = parts }

  deinit {
    guard !isTaken.load(ordering: .acquiring) else { return }
    let parts = parts
    Task { try? await parts.executeThenClose { _, _ in } }
  }

  /// For whoever closes them.
  func takeParts() -> Parts {
    isTaken.store(true, ordering: .releasing)
    return parts
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
