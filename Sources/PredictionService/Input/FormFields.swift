/// The fields of a form, or of a query, in the order in which they were sent.
///
/// - SeeAlso: https://url.spec.whatwg.org/#application/x-www-form-urlencoded
struct FormFields {
  /// Text that is not a form: a percent sign without two digits, or bytes that are no UTF-8.
  struct FormatError: Error {
    let problem: String
  }

  private(set) var fields: [(name: String, value: String)] = []

  init(_ text: [UInt8]) throws(FormatError) {
    fields.reserveCapacity(12)
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: UInt8(ascii: "&")) ?? text.count
      let field = text[start..<end]
      start = end + 1
      guard !field.isEmpty else { continue }
      let nameEnd = field.firstIndex(of: UInt8(ascii: "=")) ?? field.endIndex
      fields.append(
        (try Self.decoded(field[..<nameEnd]), try Self.decoded(field[nameEnd...].dropFirst())))
    }
  }

  private static func decoded(_ text: ArraySlice<UInt8>) throws(FormatError) -> String {
    var bytes = text
    if text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) {
      bytes = try unescaped(text)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FormatError(problem: "expected text in UTF-8")
    }
    return text
  }

  private static func unescaped(
    _ text: ArraySlice<UInt8>
  ) throws(FormatError) -> ArraySlice<UInt8> {
    var bytes: ArraySlice<UInt8> = []
    var rest = text
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit)
        else { throw FormatError(problem: "expected two hexadecimal digits after a percent sign") }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    return bytes
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
    var bytes: [UInt8] = []
    for (name, value) in fields {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
      encode(name, to: &bytes)
      bytes.append(UInt8(ascii: "="))
      encode(value, to: &bytes)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func encode(_ text: String, to bytes: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        bytes.append(byte)
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        bytes += (byte < 16 ? "%0" + digits : "%" + digits).utf8
      }
    }
  }
}
