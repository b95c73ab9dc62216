public import Support

/// A client of Comet's REST API.
///
///     let client = CometClient(server: .standard, key: key, transport: transport)
///     let names = try await client.answer(to: .workspaces)
public struct CometClient: Sendable {
  public let server: CometServer
  private let key: APIKey
  private let transport: any HTTPTransport

  public init(server: CometServer, key: APIKey, transport: any HTTPTransport) {
    self.server = server
    self.key = key
    self.transport = transport
  }

  /// The request that a call becomes.
  public func request<Answer>(for call: CometCall<Answer>) -> HTTPRequest {
    HTTPRequest(
      call.method, server.root + "/api/rest/v2/" + call.path + CurlText.query(call.query),
      headers: [HTTPHeader("Authorization", key.reveal())], body: call.body,
      destination: call.destination, timeout: call.timeout)
  }

  /// Begins a call and returns at once.
  ///
  /// - Parameter completion: called exactly once, on any thread; it must not block.
  public func start<Answer>(
    _ call: CometCall<Answer>,
    completion: @escaping @Sendable (Result<Answer, CometError>) -> Void
  ) {
    let key = key
    transport.start(request(for: call)) { completion(call.answer(from: $0, hiding: key)) }
  }

  /// Makes a call and suspends until its answer is there.
  public func answer<Answer>(to call: CometCall<Answer>) async throws(CometError) -> Answer {
    let outcome = await transport.outcome(of: request(for: call))
    return try call.answer(from: outcome, hiding: key).get()
  }
}
