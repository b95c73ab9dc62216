/// A path, with what answers it.
struct Route: Sendable {
  typealias Handler = @Sendable (ServiceRequest, PredictionResponder) -> ServiceAnswer

  /// The path; in metrics it stands for all paths that the route matches.
  let path: String
  /// What answers each method; HEAD is answered as GET is, without the body.
  let handlers: [(method: String, handler: Handler)]

  init(_ path: String, _ handlers: KeyValuePairs<String, Handler>) {
    self.path = path
    self.handlers = handlers.map { ($0.key, $0.value) }
  }

  func handler(for method: String) -> Handler? {
    let method = method == "HEAD" ? "GET" : method
    return handlers.first { $0.method == method }?.handler
  }

  /// The methods for the header `allow`.
  var allowed: String {
    handlers.map { $0.method == "GET" ? "GET, HEAD" : $0.method }.joined(separator: ", ")
  }
}
