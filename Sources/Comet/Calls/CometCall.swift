import JSON
import Support

/// One call of Comet's REST API, version 2: what is asked, and how its answer is read.
public struct CometCall<Answer: Sendable>: Sendable {
  public let method: HTTPRequest.Method
  /// The endpoint, below `/api/rest/v2/`.
  public let path: String
  public let query: [(name: String, value: String)]
  public let body: HTTPRequest.Body
  let destination: HTTPRequest.Destination
  /// In seconds.
  let timeout: Double
  private let read: @Sendable (HTTPResponse) throws -> Answer

  /// - Parameters:
  ///   - method: where it is `nil`, POST for what writes and GET for what reads.
  ///   - read: throws `JSONError` where the answer is not what it must be.
  init(
    _ path: String, method: HTTPRequest.Method? = nil,
    query: [(name: String, value: String)] = [], body: HTTPRequest.Body = .none,
    destination: HTTPRequest.Destination = .memory(limit: 256 << 20), timeout: Double = 60,
    read: @escaping @Sendable (HTTPResponse) throws -> Answer
  ) {
    self.method = method ?? (path.hasPrefix("write/") ? .post : .get)
    self.path = path
    self.query = query
    self.body = body
    self.destination = destination
    self.timeout = timeout
    self.read = read
  }

  /// A call whose answer is JSON.
  init(
    _ path: String, method: HTTPRequest.Method? = nil,
    query: [(name: String, value: String)] = [], body: HTTPRequest.Body = .none,
    json: @escaping @Sendable (JSONValue) throws -> Answer
  ) {
    self.init(path, method: method, query: query, body: body) {
      try json(JSONValue(parsing: $0.body))
    }
  }

  /// What the outcome of the exchange means.
  ///
  /// - Parameter key: is removed from errors, since a server may repeat it.
  func answer(
    from outcome: HTTPTransport.Outcome, hiding key: APIKey
  ) -> Result<Answer, CometError> {
    let failure: CometError
    do {
      let response = try outcome.get()
      guard response.isSuccess else { throw CometError(response, path: path) }
      if response.isPage { throw unexpected("a web page") }
      return .success(try read(response))
    } catch let error as TransportError {
      failure = CometError(error, path: path)
    } catch let error as CometError {
      failure = error
    } catch {
      failure = unexpected("\(error)")
    }
    return .failure(failure.hiding(key))
  }

  private func unexpected(_ what: String) -> CometError {
    CometError(.unexpectedAnswer, path: path, problem: "unexpected answer: \(what)")
  }
}

extension CometCall where Answer == Void {
  /// A call that only has to succeed: Comet does not document its answer well enough to read it.
  init(
    _ path: String, method: HTTPRequest.Method? = nil,
    query: [(name: String, value: String)] = [], body: HTTPRequest.Body = .none,
    timeout: Double = 60
  ) {
    self.init(path, method: method, query: query, body: body, timeout: timeout) { response in
      // Some deployments answer 200 and put the failure into the body.
      guard let body = try? JSONValue(parsing: response.body) else { return }
      let code = (body["sdk_error_code"] ?? body["sdkErrorCode"])?.wholeNumber ?? 0
      let status = body["code"]?.wholeNumber ?? 200
      guard code == 0, 200..<300 ~= status else {
        throw CometError(
          .refused, path: path, status: status, code: code,
          problem: "\(body["msg"]?.text ?? "no message") (\(code == 0 ? status : code))")
      }
    }
  }
}
