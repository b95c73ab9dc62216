import JSON

/// A request over HTTP.
public struct HTTPRequest: Sendable {
  public enum Method: String, Hashable, Sendable {
    case get = "GET"
    case post = "POST"
  }

  public enum Body: Hashable, Sendable {
    case none
    case bytes([UInt8], type: String)
    /// A form of several parts, as `multipart/form-data` (RFC 7578).
    case form([FormPart])

    static func json(_ value: JSONValue) -> Body {
      .bytes(value.bytes, type: "application/json;charset=utf-8")
    }
  }

  public struct FormPart: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
      case bytes([UInt8])
      /// The path of a file, which is read while it is sent.
      case file(String)
    }

    public let name: String
    public let fileName: String?
    public let content: Content

    public init(name: String, fileName: String? = nil, content: Content) {
      self.name = name
      self.fileName = fileName
      self.content = content
    }
  }

  /// Where the answer's bytes go.
  public enum Destination: Hashable, Sendable {
    /// Into ``HTTPResponse/body``, at most this many bytes.
    case memory(limit: Int)
    /// Into this file, which is made or emptied, at most this many bytes; the bodies of answers that
    /// are not 2xx go into ``HTTPResponse/body``.
    case file(String, limit: Int)
  }

  public var method: Method
  public var url: String
  public var headers: [HTTPHeader]
  public var body: Body
  public var destination: Destination
  /// The longest that the whole exchange may take, in seconds; `nil` for the transport's own.
  public var timeout: Double?

  public init(
    _ method: Method, _ url: String, headers: [HTTPHeader] = [], body: Body = .none,
    destination: Destination = .memory(limit: 64 << 20), timeout: Double? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.destination = destination
    self.timeout = timeout
  }

  /// Method and path, as errors name a request: neither host nor query, which may say too much.
  public var summary: String {
    var path = Substring(url)
    if let scheme = url.firstRange(of: "://") {
      let rest = url[scheme.upperBound...]
      path = rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
    }
    return method.rawValue + " " + (path.firstIndex(of: "?").map { path[..<$0] } ?? path)
  }
}

/// A header's name and value.
public struct HTTPHeader: Hashable, Sendable {
  public let name: String
  public let value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// What a server answered.
public struct HTTPResponse: Hashable, Sendable {
  public let status: Int
  public let headers: [HTTPHeader]
  public let body: [UInt8]

  public init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  public var isSuccess: Bool { 200..<300 ~= status }

  /// Whether it is a web page. An interface for programs never answers with one: it comes from a proxy,
  /// or from a network that asks for a log-in.
  public var isPage: Bool {
    header("Content-Type")?.lowercased().hasPrefix("text/html") ?? false
  }

  /// Whether the same request may succeed a little later.
  public var isTemporaryFailure: Bool {
    [500, 502, 503, 504].contains(status) || isSuccess && isPage
  }

  /// The first header of that name, in any case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
