/// The fields of a form, or of a query, in the order in which they were sent.
///
/// - SeeAlso: https://url.spec.whatwg.org/#application/x-www-form-urlencoded
struct FormFields {
  /// Text that is not a form: a percent sign without two digits, or bytes that are no UTF-8.
  struct FormatError: Error {
    let problem: String
  }

  private(set) var fields: [(name: String, value: String)] = []

  init(_ text: some Collection<UInt8>) throws(FormatError) {
    fields.reserveCapacity(12)
    for field in text.split(separator: UInt8(ascii: "&")) {
      let parts = field.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      let name = try Self.decoded(parts[0])
      fields.append((name, parts.count > 1 ? try Self.decoded(parts[1]) : ""))
    }
  }

  private static func decoded(_ text: some Collection<UInt8>) throws(FormatError) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var index = text.startIndex
    while index != text.endIndex {
      let byte = text[index]
      index = text.index(after: index)
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        var value: UInt8 = 0
        for _ in 0..<2 {
          guard index != text.endIndex, let digit = Self.digit(text[index]) else {
            throw FormatError(problem: "expected two hexadecimal digits after a percent sign")
          }
          value = value << 4 | digit
          index = text.index(after: index)
        }
        bytes.append(value)
      default: bytes.append(byte)
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FormatError(problem: "expected text in UTF-8")
    }
    return text
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// The fields as a query.
  static func query(_ fields: [(name: String, value: String)]) -> String {
    fields.map { encoded($0.name) + "=" + encoded($0.value) }.joined(separator: "&")
  }

  private static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += byte < 16 ? "%0" + digits : "%" + digits
      }
    }
    return result
  }
}
