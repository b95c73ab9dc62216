public import Comet
import Support

/// A transport that keeps every request and answers as it is told.
public final class RecordingTransport: HTTPTransport {
  private let recorded = Mutex<[HTTPRequest]>([])
  private let respond: @Sendable (HTTPRequest, _ number: Int) -> Outcome

  /// - Parameter respond: the outcome of a request, and of the how-manieth it is, counted from 0.
  public init(_ respond: @escaping @Sendable (HTTPRequest, _ number: Int) -> Outcome) {
    self.respond = respond
  }

  /// Answers everything with the same JSON.
  public convenience init(json: String = "{}") {
    self.init { _, _ in .success(HTTPResponse(status: 200, body: Array(json.utf8))) }
  }

  public var requests: [HTTPRequest] { recorded.withLock { $0 } }

  public func start(_ request: HTTPRequest, completion: @escaping @Sendable (Outcome) -> Void) {
    let number = recorded.withLock { requests in
      requests.append(request)
      return requests.count - 1
    }
    completion(respond(request, number))
  }

  public func cancel() {}

  public func close() {}
}
