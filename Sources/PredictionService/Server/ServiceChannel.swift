import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// A connection as Hummingbird's server holds it.
struct ServiceConnection: ServerChildChannelValue {
  let channel: any Channel
}

/// Sets connections up: HTTP/1.1, one request at a time, each answered where it was read.
///
/// Hummingbird's own channel hands every part of a request through asynchronous streams to a task, which
/// costs more than all that a prediction needs; see `docs/service.md` for the figures.
struct ServiceChannel: ServerChildChannel {
  private let responder: PredictionResponder
  private let limits: ConnectionLimits

  init(_ responder: PredictionResponder, limits: ConnectionLimits) {
    self.responder = responder
    self.limits = limits
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<ServiceConnection> {
    channel.eventLoop.makeCompletedFuture {
      var decoder = NIOHTTPDecoderLimitConfiguration()
      decoder.maxHeaderFieldSize = 16_384
      decoder.maxHeaderListSize = 32_768
      decoder.maxHeaderFieldCount = 100
      let pipeline = channel.pipeline.syncOperations
      // A client that does not read its answers is not asked for more requests.
      try pipeline.addHandler(BackPressureHandler())
      try pipeline.configureHTTPServerPipeline(
        withPipeliningAssistance: true, withErrorHandling: true,
        withOutboundHeaderValidation: false, withEncoderConfiguration: .init(),
        withDecoderLimitConfiguration: decoder)
      try pipeline.addHandler(
        ConnectionHandler(responder, limits: limits, dates: .ofThisThread))
      return ServiceConnection(channel: channel)
    }
  }

  /// Waits for the connection's end; when there is no more time for that, ends it.
  func handle(value: ServiceConnection, logger: Logger) async {
    await withTaskCancellationHandler {
      try? await value.channel.closeFuture.get()
    } onCancel: {
      value.channel.close(promise: nil)
    }
  }
}
