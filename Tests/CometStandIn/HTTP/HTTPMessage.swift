import Foundation
import NIOHTTP1

struct HTTPRequest: Sendable {
  let head: HTTPRequestHead
  let target: HTTPTarget
  var body: [UInt8] = []

  var method: String { head.method.rawValue }
  var path: String { target.path }

  /// The value of the first header of this name, whatever its case.
  func header(_ name: String) -> String? { head.headers.first(name: name) }

  /// The part of `Content-Type` before its parameters, in lower case.
  var mediaType: String? {
    header("Content-Type")?.split(separator: ";").first.map {
      $0.trimmingCharacters(in: .whitespaces).lowercased()
    }
  }
}

struct HTTPResponse: Sendable {
  var status: Int
  var headers: [String: String] = [:]
  var contentType: String
  var body: [UInt8]

  /// The official Python client accepts `application/json` only without parameters.
  static func json(_ value: JSONValue, status: Int = 200) -> HTTPResponse {
    HTTPResponse(status: status, contentType: "application/json", body: Array(value.text.utf8))
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
    var text = "HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)\r\n"
    text += "Content-Type: \(contentType)\r\nContent-Length: \(length ?? body.count)\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    return Array((text + "Connection: \(isKeptAlive ? "keep-alive" : "close")\r\n\r\n").utf8)
  }
}
