import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

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
  let budget: MemoryBudget
  let pool: PredictionPool
  /// Each event loop's own.
  private nonisolated(unsafe) let turns = ThreadSpecificVariable<RequestTurns>()

  init(_ state: ServiceState, _ limits: ConnectionLimits) {
    router = ServiceRouter.make(state)
    self.state = state
    self.limits = limits
    budget = MemoryBudget(limit: limits.heldBytes)
    pool = PredictionPool(limit: limits.largeRequestCount)
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
    channel.eventLoop.makeCompletedFuture {
      let options = channel.syncOptions
      // A connection holds as little as possible of what it cannot take on or pass on yet.
      try options?.setOption(.maxMessagesPerRead, value: 1)
      try options?.setOption(
        .recvAllocator,
        value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2048, maximum: 16_384))
      try options?.setOption(.writeBufferWaterMark, value: .init(low: 4096, high: 16_384))
      let held = HeldMemory(budget)
      let pacer = ReadPacer(held)
      try channel.pipeline.syncOperations.addHandlers([
        pacer, HTTPResponseEncoder(), ConnectionHandler.makeDecoder(),
        ConnectionHandler(self, pacer, held, eventLoop: channel.eventLoop),
      ])
      return Connection(channel: channel)
    }
  }

  /// The turns of the event loop, asked on it.
  func turns(of eventLoop: any EventLoop) -> RequestTurns {
    if let known = turns.currentValue { return known }
    let new = RequestTurns(eventLoop)
    turns.currentValue = new
    return new
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
