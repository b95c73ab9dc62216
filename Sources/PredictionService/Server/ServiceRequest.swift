public import NIOCore

/// A request that has arrived whole, as far as the service looks at it.
public struct ServiceRequest: Sendable {
  /// The method in capital letters.
  public let method: String
  /// The path without the query, still percent-encoded.
  public let path: Substring
  /// What stands behind the question mark; `nil` without one.
  public let query: Substring?
  public let contentType: String?
  /// What the client wants to read, as it says in the header `accept`.
  public let accept: String?
  /// The tag of a copy that the client has (`if-none-match`).
  public let knownTag: String?
  public let body: ByteBuffer

  /// - Parameter target: path and query, or a whole address as a proxy would send it.
  public init(
    method: String, target: String, contentType: String? = nil, accept: String? = nil,
    knownTag: String? = nil, body: ByteBuffer = ByteBuffer()
  ) {
    self.method = method
    var rest = target[...]
    if !rest.utf8.starts(with: "/".utf8), let scheme = rest.range(of: "://") {
      rest = rest[scheme.upperBound...]
      rest = rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
    }
    if let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?")) {
      path = rest[..<mark]
      query = rest[rest.utf8.index(after: mark)...]
    } else {
      path = rest
      query = nil
    }
    self.contentType = contentType
    self.accept = accept
    self.knownTag = knownTag
    self.body = body
  }

  /// The content type without its parameters, in small letters; empty where none is given.
  var mediaType: String {
    guard let contentType else { return "" }
    // What nearly every client sends needs no work.
    if contentType == MediaType.form || contentType == MediaType.json { return contentType }
    let type = contentType.prefix { $0 != ";" }
    return type.filter { $0 != " " && $0 != "\t" }.lowercased()
  }

  /// Whether the client would rather read JSON than a page.
  var prefersJSON: Bool {
    guard let accept else { return false }
    return accept.contains("json") && !accept.contains("text/html")
  }

  /// Whether the client asks for a page by name, as browsers do.
  var asksForPage: Bool { accept?.contains("text/html") == true }
}

/// The media types that the service reads and writes.
enum MediaType {
  static let form = "application/x-www-form-urlencoded"
  static let json = "application/json"
  static let csv = "text/csv"
  static let page = "text/html; charset=utf-8"
  static let jsonText = "application/json; charset=utf-8"
  static let csvText = "text/csv; charset=utf-8; header=present"
  static let metrics = "text/plain; version=0.0.4; charset=utf-8"
  static let style = "text/css; charset=utf-8"
  static let icon = "image/svg+xml"
}

extension Substring {
  /// Where the other text stands first.
  fileprivate func range(of other: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(other) {
        return start..<index(start, offsetBy: other.count)
      }
      start = index(after: start)
    }
    return nil
  }
}
