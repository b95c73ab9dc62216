/// One of the service's calls: where it is, what it takes, what it does.
struct Endpoint: Sendable {
  enum Body: Sendable {
    case none
    case json([Field])
    /// A JSON object with any fields.
    case anyJSON
    case form
  }

  enum Action: Sendable {
    case read(@Sendable (ServiceState, Call) throws(Refusal) -> HTTPResponse)
    case write(@Sendable (inout ServiceState, Call) throws(Refusal) -> HTTPResponse)
  }

  let method: String
  /// Relative to the prefix; `{}` stands for one part that can be anything.
  let path: String
  let query: [Field]
  let body: Body
  let action: Action
  /// Whether a backend from before 3.5.42 answers 404.
  var isNew = false

  static func get(
    _ path: String, _ query: [Field] = [],
    _ read: @escaping @Sendable (ServiceState, Call) throws(Refusal) -> HTTPResponse
  ) -> Endpoint {
    Endpoint(method: "GET", path: path, query: query, body: .none, action: .read(read))
  }

  /// Several of Comet's changes are GET requests.
  static func getThatWrites(
    _ path: String, _ query: [Field],
    _ write: @escaping @Sendable (inout ServiceState, Call) throws(Refusal) -> HTTPResponse
  ) -> Endpoint {
    Endpoint(method: "GET", path: path, query: query, body: .none, action: .write(write))
  }

  static func post(
    _ path: String, _ fields: [Field],
    _ write: @escaping @Sendable (inout ServiceState, Call) throws(Refusal) -> HTTPResponse
  ) -> Endpoint {
    Endpoint(method: "POST", path: path, query: [], body: .json(fields), action: .write(write))
  }

  func matches(path other: String) -> Bool {
    let parts = path.split(separator: "/")
    let others = other.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == others.count
      && zip(parts, others).allSatisfy { $0 == "{}" ? !$1.isEmpty : $0 == $1 }
  }
}

/// A checked request, as an endpoint sees it.
struct Call: Sendable {
  let query: [String: String]
  let body: JSONValue
  let parts: [FormPart]
  /// The part of the path that `{}` stands for.
  let pathParameter: String?
  /// For links: `http://127.0.0.1:18090`.
  let root: String
  /// Milliseconds since 1970.
  let now: Int

  /// A text of the query or the body; endpoints ask only for what their fields promise.
  func text(_ name: String) -> String? { query[name] ?? body[name]?.string }

  func required(_ name: String) throws(Refusal) -> String {
    guard let text = text(name) else { throw Refusal("required field \(name) is missing") }
    return text
  }

  func int(_ name: String) -> Int? { query[name].flatMap { Int($0) } ?? body[name]?.int }

  func flag(_ name: String) -> Bool? {
    query[name].map { $0.lowercased() == "true" } ?? body[name]?.bool
  }
}

extension HTTPResponse {
  static let saved = HTTPResponse.json(["msg": "Saved"])
}
