import Dispatch
import Support

/// Time and chance as retries see them, so that tests can set both.
public struct RetryClock: Sendable {
  /// Seconds since 1970.
  public let now: @Sendable () -> Double
  /// A number from 0 up to 1.
  public let random: @Sendable () -> Double
  /// Calls `body` after that many seconds.
  public let schedule: @Sendable (_ seconds: Double, _ body: @escaping @Sendable () -> Void) -> Void

  public init(
    now: @escaping @Sendable () -> Double, random: @escaping @Sendable () -> Double,
    schedule:
      @escaping @Sendable (_ seconds: Double, _ body: @escaping @Sendable () -> Void) -> Void
  ) {
    self.now = now
    self.random = random
    self.schedule = schedule
  }

  public static let system = RetryClock(
    now: { Timestamp.now.seconds },
    random: { Double.random(in: 0..<1) },
    schedule: { seconds, body in
      DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: body)
    })
}
