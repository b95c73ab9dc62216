/// A request that the server answered, or meant to.
public struct RequestRecord: Sendable {
  /// Counts the requests of a server from 1, in the order in which their heads arrived.
  public let number: Int
  /// Seconds since the server started, when the head had arrived and when the answer went out.
  public let began: Double
  public let ended: Double
  public let method: String
  /// Below `rest/v2/` or `clientlib/`.
  public let path: String
  public let query: [HTTPHeader]
  /// Without the key.
  public let headers: [HTTPHeader]
  /// What was sent: JSON as it is; a form as its parts' names and sizes.
  public let body: JSONValue
  public let status: Int
  /// Whether the store has seen it and did not refuse it.
  public let isTaken: Bool
  /// Whether it was taken and the whole answer, a success, was handed to the system.
  public internal(set) var isAcknowledged: Bool

  public var json: JSONValue {
    func object(_ pairs: [HTTPHeader]) -> JSONValue {
      var names: Set<String> = []
      let first = pairs.filter { names.insert($0.name).inserted }
      return .object(first.map { JSONValue.Member($0.name, .string($0.value)) })
    }
    return [
      "number": .init(number), "began": .number("\(began)"), "ended": .number("\(ended)"),
      "method": .string(method), "path": .string(path), "query": object(query),
      "headers": object(headers), "body": body, "status": .init(status),
      "taken": .init(isTaken), "acknowledged": .init(isAcknowledged),
    ]
  }
}
