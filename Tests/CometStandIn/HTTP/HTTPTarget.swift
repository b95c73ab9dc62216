/// The path and the query of a request.
public struct HTTPTarget: Hashable, Sendable {
  public let path: String
  /// Names and values, decoded, in the order in which they came.
  public let query: [HTTPHeader]

  /// - Returns: `nil` when it does not start with a slash, or a percent sign is not followed by two
  ///   hexadecimal digits, or the decoded bytes are not UTF-8.
  init?(_ text: String) {
    guard text.hasPrefix("/") else { return nil }
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard let path = Self.decoded(parts[0], plusIsSpace: false) else { return nil }
    var query: [HTTPHeader] = []
    if parts.count == 2 {
      for pair in parts[1].split(separator: "&") {
        let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = Self.decoded(sides[0], plusIsSpace: true),
          let value = Self.decoded(sides.count == 2 ? sides[1] : "", plusIsSpace: true)
        else { return nil }
        query.append(HTTPHeader(name, value))
      }
    }
    self.path = path
    self.query = query
  }

  private static func decoded(_ text: Substring, plusIsSpace: Bool) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard rest.count >= 2,
          rest.prefix(2).allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
          let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
        else { return nil }
        bytes.append(value)
        rest = rest.dropFirst(2)
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
