import HTTPTypes
import Hummingbird

/// What all requests have in common: a problem becomes an answer, and every answer gets the security headers and is
/// counted.
struct ServiceMiddleware: RouterMiddleware {
  private static let host = HTTPField.Name("host")!

  let state: ServiceState

  func handle(
    _ request: Request, context: ServiceContext,
    next: (Request, ServiceContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    var response: Response
    do {
      try Self.check(request, context)
      response = try await next(request, context)
    } catch let problem as Problem {
      response = problem.response(to: request, state.model)
    } catch let error as HTTPError where error.status == .notFound {
      response = Self.problem(noRoute: request, context).response(to: request, state.model)
    }
    if request.method == .head {
      response = response.createHeadResponse()
    } else if let length = response.body.contentLength, length > MemoryBudget.smallSize,
      context.held?.add(length) == false
    {
      response = Problem.busy.response(to: request, state.model)
    }
    SecurityHeaders.add(to: &response.headers)
    state.record(
      method: request.method, route: context.endpointPath, status: response.status,
      duration: .now - start)
    return response
  }

  private static func check(_ request: Request, _ context: ServiceContext) throws(Problem) {
    if let refusal = context.refusal { throw refusal }
    // The first Host header is the authority; only further ones are among the headers.
    guard request.head.authority != nil, !request.headers.contains(host) else {
      throw Problem(.badRequest, "expected one header Host")
    }
    guard request.uri.string.utf8.count <= ServiceState.targetLimit else {
      throw Problem.addressTooLong
    }
    // The router would see no difference between /health, /health/ and //health.
    let path = request.uri.path.utf8
    let slash = UInt8(ascii: "/")
    guard
      path.count == 1
        || !(path.last == slash
          || zip(path, path.dropFirst()).contains { $0 == slash && $1 == slash })
    else { throw Problem.noSuchAddress }
  }

  /// The problem of a request whose path and method no route has.
  private static func problem(noRoute request: Request, _ context: ServiceContext) -> Problem {
    let routes = ServiceRouter.routes.filter { $0.matches(request.uri.path) }
    guard let first = routes.first else { return Problem.noSuchAddress }
    context.coreContext.endpointPath.value = first.name
    let allowed = routes.map { $0.method == .get ? "GET, HEAD" : $0.method.rawValue }
      .joined(separator: ", ")
    return Problem(
      .methodNotAllowed, "expected one of the methods \(allowed)", headers: [.allow: allowed])
  }
}

extension ServiceState {
  /// - Parameter route: the route's name; other names are counted as `other`.
  func record(
    method: HTTPRequest.Method, route: String?, status: HTTPResponse.Status, duration: Duration
  ) {
    let (seconds, attoseconds) = duration.components
    let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    let name = metrics.record(route: route, status: status.code, nanoseconds: nanoseconds)
    // Neither the query nor the body, which have the client's data.
    logger.debug(
      "request",
      metadata: [
        "method": "\(method.rawValue)", "route": "\(name)", "status": "\(status.code)",
        "microseconds": "\(nanoseconds / 1000)",
      ])
  }
}

/// The security headers of every answer.
enum SecurityHeaders {
  /// Pages load nothing from elsewhere and run no scripts, no other page may frame them, and their addresses, which
  /// may have the client's data, are not sent to other servers.
  static let fields = HTTPFields(
    [
      (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
          + "frame-ancestors 'none'"
      ),
      ("x-content-type-options", "nosniff"),
      ("x-frame-options", "DENY"),
      ("referrer-policy", "no-referrer"),
      ("cross-origin-resource-policy", "same-origin"),
    ].map { HTTPField(name: HTTPField.Name($0.0)!, value: $0.1) })

  static func add(to headers: inout HTTPFields) {
    headers.append(contentsOf: fields)
    if !headers.contains(.cacheControl) { headers[.cacheControl] = "no-store" }
  }
}
