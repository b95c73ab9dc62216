import Synchronization

/// The time after which nothing new is begun.
final class Deadline: Sendable {
  private let end: ContinuousClock.Instant?
  private let state = Mutex(State())

  private struct State {
    var hasStarted = false
    var leftOut: [String] = []
  }

  /// - Parameter budget: counted from now; `nil` for no limit.
  init(_ budget: TimeBudget?) { end = budget.map { .now + $0.duration } }

  /// Whether there is time for something new. There always is for the first.
  func allowsAnother() -> Bool {
    state.withLock { state in
      guard state.hasStarted, let end, .now >= end else {
        state.hasStarted = true
        return true
      }
      return false
    }
  }

  /// The same, and notes down what was left out.
  func allowsAnother(_ name: String) -> Bool {
    if allowsAnother() { return true }
    leave(name)
    return false
  }

  func leave(_ name: String) { state.withLock { $0.leftOut.append(name) } }

  var leftOut: [String] { state.withLock(\.leftOut) }
}
