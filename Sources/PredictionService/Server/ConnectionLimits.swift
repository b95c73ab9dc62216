/// The limits of connections.
public struct ConnectionLimits: Sendable {
  /// The longest time from a request's first byte to the end of its head, and from there to the end of its body, in
  /// seconds.
  public var requestSeconds = 20.0
  /// Seconds after which an idle connection is closed.
  public var idleSeconds = 60.0
  /// Seconds for which connections are still read when the service stops, so that requests which were
  /// already sent are answered.
  public var drainSeconds = 0.5
  /// The most connections at a time; further ones wait to be accepted.
  public var connectionCount = 12_000

  /// The most bytes of bodies and answers that are held at a time, by all connections together.
  public var heldBytes = 32 << 20
  /// The most requests with large bodies that are answered, or wait for it, at a time.
  public var largeRequestCount = 32

  public init() {}
}
