import HTTPTypes
import Hummingbird

/// A method and a path, with what answers them.
struct Route: Sendable {
  typealias Handler =
    @Sendable (Request, ServiceContext, ServiceState) throws(Problem) -> Response

  let method: HTTPRequest.Method
  /// The path; parts that begin with a colon stand for any text.
  let path: String
  /// What metrics call the route.
  let name: String
  let handler: Handler

  init(
    _ method: HTTPRequest.Method, _ path: String, name: String? = nil, _ handler: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.name = name ?? path
    self.handler = handler
  }

  /// Whether a request's path is the route's.
  func matches(_ path: String) -> Bool {
    let parts = self.path.split(separator: "/", omittingEmptySubsequences: false)
    let others = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == others.count
      && zip(parts, others).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
  }
}

/// What is known of a request beside itself.
struct ServiceContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The request's body, whole.
  var body = ByteBuffer()
  /// Why the request is refused, whatever it asks for.
  var refusal: Problem?

  init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }
}
