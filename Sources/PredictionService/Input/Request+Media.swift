import HTTPTypes
import Hummingbird

extension Request {
  /// The content type without its parameters, in lower case; empty if there is none.
  var mediaType: String {
    guard let type = headers[.contentType] else { return "" }
    // The types that nearly every client sends need no work.
    if type == MediaType.form || type == MediaType.json { return type }
    return type.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
  }

  /// Whether the client would rather read JSON than a page.
  var prefersJSON: Bool { headers[.accept]?.contains("json") == true && !asksForPage }

  /// Whether the client asks for a page by name, as browsers do.
  var asksForPage: Bool { headers[.accept]?.contains("text/html") == true }
}

/// The media types that the service reads and writes.
enum MediaType {
  static let form = "application/x-www-form-urlencoded"
  static let json = "application/json"
  static let csv = "text/csv"
  static let binary = "application/octet-stream"
  static let page = "text/html; charset=utf-8"
  static let jsonText = "application/json; charset=utf-8"
  static let csvText = "text/csv; charset=utf-8; header=present"
  static let metrics = "text/plain; version=0.0.4; charset=utf-8"
  static let style = "text/css; charset=utf-8"
  static let icon = "image/svg+xml"
}
