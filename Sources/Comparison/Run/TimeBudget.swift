import Support

/// The time after which nothing new is begun, and what was skipped since.
public final class TimeBudget: Sendable {
  private let limit: Duration?
  private let now: @Sendable () -> ContinuousClock.Instant
  private let start: ContinuousClock.Instant
  private let state = Mutex(State())

  private struct State {
    var hasStarted = false
    var skipped: [String] = []
  }

  /// - Parameters:
  ///   - limit: counted from now; `nil` for none.
  ///   - now: the clock.
  public init(
    _ limit: Duration?, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.limit = limit
    self.now = now
    start = now()
  }

  /// Whether there is time for something new. There always is for the first.
  public func allowsAnother() -> Bool {
    state.withLock { state in
      guard state.hasStarted, let limit, start.duration(to: now()) >= limit else {
        state.hasStarted = true
        return true
      }
      return false
    }
  }

  /// Notes what there was no time for.
  public func skip(_ name: String) { state.withLock { $0.skipped.append(name) } }

  public var skipped: [String] { state.withLock(\.skipped) }
}

/// A length of time, as people write it.
public struct TimeLimit: Hashable, Sendable {
  public let duration: Duration

  /// Reads such as `90`, `60s`, `5m` or `2h`; `nil` for another text.
  public init?(argument text: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    let unit = text.last.flatMap { units[$0] }
    guard let number = Double(unit == nil ? text : String(text.dropLast())),
      number.isFinite, number >= 0, number < 1e9
    else { return nil }
    duration = .seconds(number * (unit ?? 1))
  }
}
