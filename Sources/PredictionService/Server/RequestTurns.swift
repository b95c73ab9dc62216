import NIOCore

/// Requests that were sent before the last one of their connection was answered. They wait for the other connections of
/// their event loop.
///
/// An event loop runs all tasks that are due before it reads again, so that tasks which lead to each other without a pause
/// would keep it from all other connections.
final class RequestTurns {
  /// How long they may take at a time.
  private static let duration = TimeAmount.milliseconds(1)
  /// Long enough for the event loop to find that nothing is due, and to read.
  private static let pause = TimeAmount.microseconds(50)

  private let eventLoop: any EventLoop
  private var waiting = CircularBuffer<() -> Void>(initialCapacity: 0)
  private var isScheduled = false

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  /// Does something when it is its turn.
  func wait(_ body: @escaping () -> Void) {
    waiting.append(body)
    schedule()
  }

  private func schedule() {
    guard !isScheduled, !waiting.isEmpty else { return }
    isScheduled = true
    eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
      let end = NIODeadline.now() + Self.duration
      repeat { self.waiting.popFirst()?() } while !self.waiting.isEmpty && .now() < end
      self.isScheduled = false
      self.schedule()
    }
  }
}
