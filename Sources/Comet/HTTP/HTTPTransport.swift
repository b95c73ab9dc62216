/// A way to send requests to a server.
public protocol HTTPTransport: Sendable {
  typealias Outcome = Result<HTTPResponse, TransportError>

  /// Begins an exchange and returns at once.
  ///
  /// - Parameter completion: called exactly once, on any thread; it must not block.
  func start(_ request: HTTPRequest, completion: @escaping @Sendable (Outcome) -> Void)

  /// Ends every exchange under way, and refuses new ones.
  func cancel()

  /// Does what ``cancel()`` does, and returns when every completion has been called and the transport's
  /// thread has ended.
  ///
  /// Not to be called from a completion.
  func close()
}

extension HTTPTransport {
  /// Sends a request and suspends until its outcome is there.
  public func outcome(of request: HTTPRequest) async -> Outcome {
    await withCheckedContinuation { continuation in
      start(request) { continuation.resume(returning: $0) }
    }
  }
}

/// Why there is no answer.
public struct TransportError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// The server could not be reached, or the connection broke.
    case connection
    /// It took too long.
    case timeout
    /// The server's certificate is not trusted.
    case certificate
    /// The request itself cannot be sent: a malformed URL, a file that cannot be read or written.
    case request
    /// The answer has more bytes than were asked for.
    case tooLarge
    /// The exchange was ended from this side.
    case cancelled
  }

  public let kind: Kind
  /// The request's method and path, what went wrong, and the library's code.
  public let description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// Whether the same request may succeed a little later.
  public var isTemporary: Bool { kind == .connection || kind == .timeout }
}
