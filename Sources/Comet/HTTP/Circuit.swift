/// Distinguishes a server that is away from one that fails now and then.
///
/// It opens when enough exchanges have failed in a row and the row has lasted long enough; a burst of
/// failures at one moment is not enough, nor is a slow trickle with successes in between.
public struct Circuit: Hashable, Sendable {
  /// How many failures in a row it takes.
  public var failureLimit: Int
  /// How long the row must have lasted, in seconds.
  public var patience: Double

  public private(set) var isOpen = false
  private var failures = 0
  private var firstFailure = 0.0

  public init(failureLimit: Int = 5, patience: Double = 3) {
    self.failureLimit = failureLimit
    self.patience = patience
  }

  /// - Parameter now: seconds on any clock that does not go back.
  public mutating func recordFailure(at now: Double) {
    if failures == 0 { firstFailure = now }
    failures += 1
    if failures >= failureLimit, now - firstFailure >= patience { isOpen = true }
  }

  public mutating func recordSuccess() { failures = 0 }
}
