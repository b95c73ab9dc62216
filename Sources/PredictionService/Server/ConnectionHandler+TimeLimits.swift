import NIOCore

/// What ends because of its time.
extension ConnectionHandler {
  /// Ends what has exceeded its time limit, and schedules the next check.
  ///
  /// Nothing is scheduled or cancelled for a single request, whose cost would grow with the number of
  /// connections.
  func look(_ context: ChannelHandlerContext) {
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
    case .idle where hasPartOfHead: refuse(Problem.tooSlow, context)
    case .reading: answer(Problem.tooSlow, context)
    // Sending is over the limit when the client takes nothing.
    case .idle, .sending, .closing: context.close(promise: nil)
    case .answering: break
    }
  }

  static func time(_ seconds: Double) -> TimeAmount { .nanoseconds(Int64(seconds * 1e9)) }
}
