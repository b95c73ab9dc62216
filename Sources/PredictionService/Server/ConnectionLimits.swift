/// How patient the service is with a connection.
public struct ConnectionLimits: Sendable {
  /// A request's head must have arrived this long after its first byte, and its body this long after its
  /// head, in seconds.
  public var requestSeconds = 20.0
  /// A connection on which nothing happens is closed after that many seconds.
  public var idleSeconds = 60.0
  /// How long connections are still read when the service ends: requests that were sent before the
  /// client could know are answered.
  public var drainSeconds = 0.5
  /// The most connections at a time; others wait to be accepted.
  public var connectionCount = 12_000

  public init() {}
}
