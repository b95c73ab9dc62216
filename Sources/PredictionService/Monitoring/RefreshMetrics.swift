import Support

/// How taking over newer models has gone.
public final class RefreshMetrics: Sendable {
  /// What a look for a newer model came to.
  public enum Outcome: Int, CaseIterable, Sendable {
    case takenOver
    case unchanged
    case failed

    var name: String {
      switch self {
      case .takenOver: "taken_over"
      case .unchanged: "unchanged"
      case .failed: "failed"
      }
    }
  }

  private struct State {
    var counts = [Int](repeating: 0, count: Outcome.allCases.count)
    var failuresInARow = 0
    var lastSuccess: Timestamp?
  }

  private let state = Mutex(State())

  public init() {}

  /// Counts a look.
  public func record(_ outcome: Outcome) {
    state.withLock { state in
      state.counts[outcome.rawValue] += 1
      if outcome == .failed {
        state.failuresInARow += 1
      } else {
        state.failuresInARow = 0
        state.lastSuccess = .now
      }
    }
  }

  /// How many looks have failed since the last one that did not.
  var failuresInARow: Int { state.withLock { $0.failuresInARow } }

  func write(to text: inout MetricsText) {
    let state = state.withLock { $0 }
    text.family(
      "diamonds_model_refreshes_total", .counter, "Looks for a newer model, by what came of them.")
    for outcome in Outcome.allCases {
      text.sample(["outcome": outcome.name], Double(state.counts[outcome.rawValue]))
    }
    text.family(
      "diamonds_model_refresh_failures", .gauge, "Looks that failed since the last that did not.")
    text.sample(Double(state.failuresInARow))
    if let last = state.lastSuccess {
      text.family(
        "diamonds_model_refresh_success_timestamp_seconds", .gauge,
        "When a look for a newer model last went well.")
      text.sample(last.seconds)
    }
  }
}
