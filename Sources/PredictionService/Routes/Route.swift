import HTTPTypes
import Hummingbird

/// A method and a path, with the handler that answers them.
struct Route: Sendable {
  typealias Handler =
    @Sendable (Request, ServiceContext, ServiceState) throws(Problem) -> Response

  let method: HTTPRequest.Method
  /// The path; parts that begin with a colon stand for any text.
  let path: String
  /// The route's name in metrics.
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

/// The context of a request.
struct ServiceContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The complete body of the request.
  var body = ByteBuffer()
  /// Why the request is refused before it is routed.
  var refusal: Problem?
  /// Where the memory of a large answer is counted.
  var held: HeldMemory?

  init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }
}
