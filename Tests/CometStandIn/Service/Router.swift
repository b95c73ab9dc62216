import Foundation

/// Finds a request's endpoint and checks all that can be checked without the store.
struct Router: Sendable {
  /// Whether the calls that came with version 3.5.42 are missing.
  let isOldBackend: Bool
  let apiKey: String

  private static let prefixes = ["/api/rest/v2/", "/clientlib/rest/v2/"]
  private static let clientlib = "/clientlib/"
  private static let rest: [Endpoint] =
    Endpoint.account + Endpoint.experimentReads + Endpoint.experimentWrites
    + Endpoint.experimentStatus + Endpoint.assets + Endpoint.registryReads
    + Endpoint.registryWrites

  /// The path below the prefix: what faults are given by.
  static func relativePath(_ path: String) -> String {
    for prefix in prefixes + [clientlib] where path.hasPrefix(prefix) {
      return String(path.dropFirst(prefix.count))
    }
    return path
  }

  /// The endpoint and the checked call of a request.
  func route(_ request: HTTPRequest) throws(Refusal) -> (Endpoint, Call) {
    let path = request.path
    let isREST = Self.prefixes.contains { path.hasPrefix($0) }
    let relative = Self.relativePath(path)
    let endpoint = try endpoint(
      request.method, relative, of: isREST ? Self.rest : Endpoint.clientlib,
      isKnownPrefix: isREST || path.hasPrefix(Self.clientlib))
    let (body, parts) = try content(of: request, endpoint)
    if isREST {
      try authorize(request.header("Authorization") ?? request.header("Comet-Sdk-Api"))
    } else if relative != "health/ping", let key = body["apiKey"] {
      try authorize(key.string)
    }
    if case .json(let fields) = endpoint.body { try fields.check(body) }
    try endpoint.query.check(query: request.target.query)
    let call = Call(
      query: request.target.values, body: body, parts: parts,
      pathParameter: parameter(of: endpoint, relative),
      root: "http://" + (request.header("Host") ?? "127.0.0.1"),
      now: Int(Date().timeIntervalSince1970 * 1000))
    return (endpoint, call)
  }

  private func endpoint(
    _ method: String, _ path: String, of endpoints: [Endpoint], isKnownPrefix: Bool
  ) throws(Refusal) -> Endpoint {
    let known = endpoints.filter { endpoint in
      (endpoint.path == path || endpoint.matches(path: path)) && !(endpoint.isNew && isOldBackend)
    }
    guard isKnownPrefix, !known.isEmpty else { throw Refusal("\(path): not found", status: 404) }
    guard let endpoint = known.first(where: { $0.method == method }) else {
      throw Refusal("\(path): \(method) is not allowed", status: 405)
    }
    return endpoint
  }

  /// A key can carry a base URL after an asterisk; it is sent whole.
  private func authorize(_ key: String?) throws(Refusal) {
    guard let key, key.split(separator: "*").first.map(String.init) == apiKey else {
      throw .unknownKey
    }
  }

  private func content(
    of request: HTTPRequest, _ endpoint: Endpoint
  ) throws(Refusal) -> (JSONValue, [FormPart]) {
    var request = request
    if let encoding = request.header("Content-Encoding") {
      guard encoding == "gzip" else {
        throw Refusal("unknown Content-Encoding \(encoding)", status: 415)
      }
      do {
        request.body = try Gzip.expanded(request.body)
      } catch {
        throw Refusal(error.description)
      }
    }
    switch endpoint.body {
    case .none:
      guard request.body.isEmpty else { throw Refusal("a body where none is expected") }
      return (.null, [])
    case .json, .anyJSON:
      guard request.mediaType == "application/json" else {
        throw Refusal("expected Content-Type application/json", status: 415)
      }
      do {
        return (try JSONValue(parsing: request.body), [])
      } catch {
        throw Refusal(error.description)
      }
    case .form:
      do {
        return (.null, try Multipart.parts(of: request))
      } catch {
        throw Refusal(error.description)
      }
    }
  }

  private func parameter(of endpoint: Endpoint, _ path: String) -> String? {
    guard let index = endpoint.path.split(separator: "/").firstIndex(of: "{}") else { return nil }
    return String(path.split(separator: "/")[index])
  }
}
