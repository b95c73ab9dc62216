/// A header line.
public struct HTTPHeader: Hashable, Sendable {
  public let name: String
  public let value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

extension [HTTPHeader] {
  /// The value of the first header of this name, whatever its case.
  public subscript(name: String) -> String? {
    first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// A request's first line and headers.
struct HTTPRequestHead: Sendable {
  let method: String
  let target: HTTPTarget
  let version: String
  let headers: [HTTPHeader]

  /// Whether the client wants the connection to stay open.
  var isKeptAlive: Bool {
    let connection = headers["Connection"]?.lowercased()
    return version == "HTTP/1.1" ? connection != "close" : connection == "keep-alive"
  }
}

struct HTTPRequest: Sendable {
  let head: HTTPRequestHead
  let body: [UInt8]

  /// The part of a header such as `Content-Type` before its parameters, in lower case.
  var mediaType: String? {
    head.headers["Content-Type"]?.split(separator: ";").first
      .map { String($0).trimmingSpaces().lowercased() }
  }
}

struct HTTPResponse: Sendable {
  var status: Int
  var headers: [HTTPHeader] = []
  var contentType: String
  var body: [UInt8]

  /// The official Python client accepts `application/json` only without parameters.
  static func json(_ value: JSONValue, status: Int = 200) -> HTTPResponse {
    HTTPResponse(
      status: status, contentType: "application/json", body: Array(value.text.utf8))
  }

  static func bytes(_ bytes: [UInt8]) -> HTTPResponse {
    HTTPResponse(status: 200, contentType: "application/octet-stream", body: bytes)
  }

  static func html(_ text: String, status: Int) -> HTTPResponse {
    HTTPResponse(status: status, contentType: "text/html", body: Array(text.utf8))
  }

  var isSuccess: Bool { (200..<300).contains(status) }

  /// Status line and headers.
  ///
  /// - Parameter length: the `Content-Length` to announce, where it is not the body's.
  func head(announcing length: Int? = nil, isKeptAlive: Bool) -> [UInt8] {
    var text = "HTTP/1.1 \(status) \(Self.reason(of: status))\r\n"
    text += "Content-Type: \(contentType)\r\nContent-Length: \(length ?? body.count)\r\n"
    for header in headers { text += "\(header.name): \(header.value)\r\n" }
    text += "Connection: \(isKeptAlive ? "keep-alive" : "close")\r\n\r\n"
    return Array(text.utf8)
  }

  private static func reason(of status: Int) -> String {
    switch status {
    case 200: "OK"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 413: "Content Too Large"
    case 415: "Unsupported Media Type"
    case 429: "Too Many Requests"
    case 500: "Internal Server Error"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    default: "Status"
    }
  }
}

extension StringProtocol {
  /// Without the spaces and tabs at both ends.
  func trimmingSpaces() -> String {
    var rest = Substring(self)
    while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return String(rest)
  }
}
