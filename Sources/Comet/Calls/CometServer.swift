import JSON
public import Support

/// Where Comet is: scheme, host and port.
public struct CometServer: Hashable, Sendable, CustomStringConvertible {
  public static let standard = CometServer(root: "https://www.comet.com")

  /// Without a slash at the end.
  public let root: String

  private init(root: String) { self.root = root }

  /// Reads an address and keeps scheme, host and port of it, as Comet's SDK does for its REST calls.
  ///
  /// Comet's old name `www.comet.ml` becomes the current one: a redirect from there would lose the key.
  /// `nil` where the text is no address of a web server, or carries a name and password.
  public init?(_ address: String) {
    guard let scheme = address.firstRange(of: "://") else { return nil }
    let name = address[..<scheme.lowerBound].lowercased()
    let authority = address[scheme.upperBound...].prefix { !"/?#\\".contains($0) }
    guard name == "https" || name == "http", !authority.isEmpty,
      authority.allSatisfy({ $0.isASCII && !$0.isWhitespace && $0 != "@" })
    else { return nil }
    let host = authority.lowercased()
    root = "\(name)://" + (host == "www.comet.ml" ? "www.comet.com" : host)
  }

  /// The server to use: the one that was asked for, else the key's own, else Comet's.
  public init?(override: String?, key: APIKey?) {
    if let override {
      self.init(override)
    } else if let server = key.flatMap({ Self.address(in: $0) }).flatMap({ CometServer($0) }) {
      self = server
    } else {
      self = .standard
    }
  }

  /// The server that a key belongs to, where it says so: behind a `*`, a JSON object in Base64.
  private static func address(in key: APIKey) -> String? {
    let parts = key.reveal().split(separator: "*", maxSplits: 1)
    guard parts.count == 2, let bytes = base64(parts[1]) else { return nil }
    return (try? JSONValue(parsing: bytes))?["baseUrl"]?.text
  }

  /// The common Base64 alphabet and the one for URLs, padded or not.
  ///
  /// - SeeAlso: RFC 4648.
  private static func base64(_ text: Substring) -> [UInt8]? {
    let digits = Array(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var bytes: [UInt8] = []
    var (bits, bitCount) = (0, 0)
    for character in text.replacing("-", with: "+").replacing("_", with: "/").utf8
    where character != UInt8(ascii: "=") {
      guard let value = digits.firstIndex(of: character) else { return nil }
      bits = (bits << 6 | value) & 0xffff
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
      }
    }
    return bytes
  }

  public var description: String { root }
}
