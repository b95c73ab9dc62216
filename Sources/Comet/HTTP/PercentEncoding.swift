/// Text in the query of a URL.
public enum PercentEncoding {
  /// Every byte but the unreserved ones as `%XX`.
  ///
  /// - SeeAlso: RFC 3986, section 2.
  public static func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var result: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        result.append(byte)
      default:
        result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// `?name=value&…`; empty where there is nothing to ask.
  public static func query(_ items: [(name: String, value: String)]) -> String {
    items.isEmpty
      ? ""
      : "?" + items.map { encoded($0.name) + "=" + encoded($0.value) }.joined(separator: "&")
  }
}
