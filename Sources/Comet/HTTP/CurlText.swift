import CCurl

/// What libcurl knows about the texts of URLs and headers.
enum CurlText {
  /// `?name=value&…`, every byte but the unreserved ones as `%XX`; empty where there is nothing to ask.
  ///
  /// - SeeAlso: RFC 3986, section 2.
  static func query(_ items: [(name: String, value: String)]) -> String {
    items.isEmpty
      ? "" : "?" + items.map { escaped($0.name) + "=" + escaped($0.value) }.joined(separator: "&")
  }

  private static func escaped(_ text: String) -> String {
    var text = text
    return text.withUTF8 { bytes in
      // No length would mean the length of a C string.
      guard let start = bytes.baseAddress, !bytes.isEmpty else { return "" }
      return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
        guard let escaped = curl_easy_escape(nil, start, Int32(bytes.count)) else {
          preconditionFailure("there is memory for an address")
        }
        defer { curl_free(escaped) }
        return String(cString: escaped)
      }
    }
  }

  /// A date as HTTP headers have it, such as `Sun, 06 Nov 1994 08:49:37 GMT`, in seconds since 1970;
  /// `nil` where the text is no date.
  static func secondsSince1970(_ text: String) -> Double? {
    let seconds = curl_getdate(text, nil)
    return seconds < 0 ? nil : Double(seconds)
  }
}
