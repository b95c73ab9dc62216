import JSON

/// One call of Comet's API: what is asked, and how its answer is read.
public struct CometCall<Answer: Sendable>: Sendable {
  public enum Body: Sendable {
    case none
    case json(JSONValue)
    case form(MultipartForm)
  }

  public let endpoint: CometEndpoint
  public let query: [(name: String, value: String)]
  public let body: Body
  let destination: HTTPRequest.Destination
  /// In seconds.
  let timeout: Double
  private let read: @Sendable (HTTPResponse) throws -> Answer

  /// - Parameter read: throws ``AnswerError`` where the answer is not what it must be.
  init(
    _ endpoint: CometEndpoint, query: [(name: String, value: String)] = [], body: Body = .none,
    destination: HTTPRequest.Destination = .memory(limit: 256 << 20), timeout: Double = 60,
    read: @escaping @Sendable (HTTPResponse) throws -> Answer
  ) {
    self.endpoint = endpoint
    self.query = query
    self.body = body
    self.destination = destination
    self.timeout = timeout
    self.read = read
  }

  /// A call whose answer is JSON.
  init(
    _ endpoint: CometEndpoint, query: [(name: String, value: String)] = [], body: Body = .none,
    json: @escaping @Sendable (JSONValue) throws -> Answer
  ) {
    self.init(endpoint, query: query, body: body) { response in
      do {
        return try json(JSONValue(parsing: response.body))
      } catch let error as JSONError {
        throw AnswerError(problem: "the answer is no JSON: \(error)")
      }
    }
  }

  /// What the outcome of the exchange means.
  ///
  /// - Parameter key: what no error may repeat, should a server send it back.
  func answer(
    from outcome: HTTPTransport.Outcome, hiding key: APIKey
  ) -> Result<Answer, CometError> {
    do {
      let response = try outcome.get()
      guard response.isSuccess else { throw CometError(response, path: endpoint.rawValue) }
      if response.isPage { throw AnswerError(problem: "a web page") }
      return .success(try read(response))
    } catch let error as TransportError {
      return .failure(CometError(error, path: endpoint.rawValue).hiding(key))
    } catch let error as CometError {
      return .failure(error.hiding(key))
    } catch {
      let problem = "unexpected answer: \(error)"
      return .failure(
        CometError(.unexpectedAnswer, path: endpoint.rawValue, problem: problem).hiding(key))
    }
  }
}

extension CometCall where Answer == Void {
  /// A call that only has to succeed: what Comet says to it is not documented well enough to read.
  init(
    _ endpoint: CometEndpoint, query: [(name: String, value: String)] = [], body: Body = .none,
    timeout: Double = 60
  ) {
    self.init(endpoint, query: query, body: body, timeout: timeout) { response in
      // Some deployments say 200 and put the failure into the body.
      guard let body = try? JSONValue(parsing: response.body) else { return }
      let code = (body["sdk_error_code"] ?? body["sdkErrorCode"])?.wholeNumber ?? 0
      let status = body["code"]?.wholeNumber ?? 200
      guard code == 0, 200..<300 ~= status else {
        throw CometError(
          .refused, path: endpoint.rawValue, status: status, code: code,
          problem: "\(body["msg"]?.text ?? "no message") (\(code == 0 ? status : code))")
      }
    }
  }
}

/// An answer that lacks what it must have.
struct AnswerError: Error, CustomStringConvertible {
  let problem: String
  var description: String { problem }
}

extension JSONValue {
  /// A member that must be there, as text.
  func requiredText(_ name: String) throws -> String {
    guard let text = self[name]?.text else {
      throw AnswerError(problem: "the answer has no text \"\(name)\"")
    }
    return text
  }

  /// The elements of a list that must be there.
  func requiredList(_ name: String) throws -> [JSONValue] {
    guard let elements = self[name]?.elements else {
      throw AnswerError(problem: "the answer has no list \"\(name)\"")
    }
    return elements
  }

  /// The texts of a list; others in it are left out.
  func texts(_ name: String) -> [String] { self[name]?.elements?.compactMap(\.text) ?? [] }
}
