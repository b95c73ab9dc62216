import JSON

/// The key of a Comet account: printed in any way, it is a row of stars.
public struct APIKey: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let raw: String

  /// - Parameter raw: the key as Comet shows it, which may carry its server's address behind a `*`.
  public init(_ raw: String) { self.raw = raw }

  /// What the `Authorization` header says: all of it, the address included.
  var headerValue: String { raw }

  /// The server that the key belongs to, where it says so: behind a `*`, a JSON object in Base64.
  var baseURL: String? {
    guard let star = raw.firstIndex(of: "*"),
      let bytes = Base64.decoded(raw[raw.index(after: star)...])
    else { return nil }
    return (try? JSONValue(parsing: bytes))?["baseUrl"]?.text
  }

  /// The text with every occurrence of the key replaced by stars.
  public func redacting(_ text: String) -> String {
    raw.isEmpty ? text : text.replacing(raw, with: description)
  }

  public var description: String { "********" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The common Base64 alphabet and the one for URLs, padded or not.
///
/// - SeeAlso: RFC 4648.
enum Base64 {
  static func decoded(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var bitCount = 0
    for character in text.utf8 {
      let value: UInt8
      switch character {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0") + 52
      case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
      case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
      case UInt8(ascii: "="): continue
      default: return nil
      }
      bits = bits << 6 | UInt32(value)
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
      }
    }
    return bytes
  }
}
