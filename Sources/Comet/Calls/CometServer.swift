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
    } else if let server = key?.baseURL.flatMap({ CometServer($0) }) {
      self = server
    } else {
      self = .standard
    }
  }

  public var description: String { root }
}
