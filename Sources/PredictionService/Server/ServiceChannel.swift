import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Sets up connections: NIO's HTTP/1.1 with a ``ConnectionHandler`` behind it, which asks the router.
///
/// Hummingbird's own channels pass the parts of a request through an asynchronous sequence, and answers through another;
/// with these a request for one row took 1.4 times as long.
struct ServiceChannel: ServerChildChannel {
  struct Connection: ServerChildChannelValue {
    let channel: any Channel
  }

  let router: RouterResponder<ServiceContext>
  let state: ServiceState
  let limits: ConnectionLimits

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
    channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandlers([
        HTTPResponseEncoder(), ConnectionHandler.makeDecoder(),
        ConnectionHandler(router, state, limits, eventLoop: channel.eventLoop),
      ])
      return Connection(channel: channel)
    }
  }

  /// Ends with the connection.
  func handle(value connection: Connection, logger: Logger) async {
    await withTaskCancellationHandler {
      try? await connection.channel.closeFuture.get()
    } onCancel: {
      connection.channel.close(promise: nil)
    }
  }
}
