import Support

/// Counts the checks for newer models.
public final class RefreshMetrics: Sendable {
  /// The outcome of a check for a newer model.
  public enum Outcome: String, CaseIterable, Sendable {
    case takenOver = "taken_over"
    case unchanged
    case failed
  }

  private struct State {
    var counts: [Outcome: Int] = [:]
    var failuresInARow = 0
    var lastSuccess: Timestamp?
  }

  private let state = Mutex(State())

  public init() {}

  /// Counts a check.
  public func record(_ outcome: Outcome) {
    state.withLock { state in
      state.counts[outcome, default: 0] += 1
      if outcome == .failed {
        state.failuresInARow += 1
      } else {
        state.failuresInARow = 0
        state.lastSuccess = .now
      }
    }
  }

  /// The number of failed checks since the last one that did not fail.
  var failuresInARow: Int { state.withLock { $0.failuresInARow } }

  func write(to text: inout MetricsText) {
    let state = state.withLock { $0 }
    text.family(
      "diamonds_model_refreshes_total", .counter, "Checks for a newer model, by outcome.")
    for outcome in Outcome.allCases {
      text.sample(["outcome": outcome.rawValue], Double(state.counts[outcome] ?? 0))
    }
    text.family(
      "diamonds_model_refresh_failures", .gauge,
      "Failed checks since the last one that did not fail.", Double(state.failuresInARow))
    if let last = state.lastSuccess {
      text.family(
        "diamonds_model_refresh_success_timestamp_seconds", .gauge,
        "When a check for a newer model last succeeded.", last.seconds)
    }
  }
}
