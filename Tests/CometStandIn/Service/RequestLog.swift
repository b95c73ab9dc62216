/// A request that the server answered, or meant to.
public struct RequestRecord: Sendable {
  /// Counts the requests of a server from 1, in the order in which their heads arrived.
  public let number: Int
  /// Seconds since the server started, when the head had arrived and when the answer went out.
  public let began: Double
  public internal(set) var ended = 0.0
  public let method: String
  /// Below `rest/v2/` or `clientlib/`.
  public let path: String
  public let query: [String: String]
  /// Without the key.
  public let headers: [String: String]
  /// What was sent: JSON as it is; a form as its parts' names and sizes.
  public internal(set) var body = JSONValue.null
  /// 0 where there was no answer.
  public internal(set) var status = 0
  /// Whether the store has seen it and did not refuse it.
  public internal(set) var isTaken = false
  /// Whether it was taken and the whole answer, a success, was handed to the system.
  public internal(set) var isAcknowledged = false

  init(number: Int, began: Double, _ request: HTTPRequest) {
    self.number = number
    self.began = began
    method = request.method
    path = Router.relativePath(request.path)
    query = request.target.values
    let headers = request.head.headers.filter {
      !["authorization", "comet-sdk-api"].contains($0.name.lowercased())
    }
    self.headers = Dictionary(headers.map { ($0.name, $0.value) }) { first, _ in first }
  }

  public var json: JSONValue {
    func object(_ values: [String: String]) -> JSONValue {
      .object(values.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
    }
    return [
      "number": .init(number), "began": .number("\(began)"), "ended": .number("\(ended)"),
      "method": .string(method), "path": .string(path), "query": object(query),
      "headers": object(headers), "body": body, "status": .init(status),
      "taken": .init(isTaken), "acknowledged": .init(isAcknowledged),
    ]
  }
}
