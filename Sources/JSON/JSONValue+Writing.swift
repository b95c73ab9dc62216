extension JSONValue: CustomStringConvertible {
  public var description: String { String(decoding: bytes, as: UTF8.self) }

  /// The value on one line, without spaces.
  ///
  /// Numbers are written in their shortest form that reads back to the same bits. A number that JSON
  /// cannot have becomes the string that Comet takes for it: `"NaN"`, `"Infinity"`, `"-Infinity"`.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  /// The value over several lines, as a file: arrays of plain values on one line.
  public var file: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes, indentation: 0)
    return bytes + [UInt8(ascii: "\n")]
  }

  /// Appends the value: on one line, or over several that are indented by `indentation` spaces.
  public func write(to bytes: inout [UInt8], indentation: Int? = nil) {
    switch self {
    case .null: bytes += "null".utf8
    case .boolean(let truth): bytes += (truth ? "true" : "false").utf8
    case .integer(let number): bytes += number.description.utf8
    case .real(let number):
      if number.isFinite {
        bytes += number.description.utf8
      } else {
        bytes += (number.isNaN ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\"").utf8
      }
    case .string(let text): Self.write(text, to: &bytes)
    case .array(let elements):
      let inner = elements.allSatisfy(\.isPlain) ? nil : indentation.map { $0 + 2 }
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        if index > 0, indentation != nil, inner == nil { bytes.append(UInt8(ascii: " ")) }
        Self.breakLine(&bytes, inner)
        element.write(to: &bytes, indentation: inner)
      }
      if !elements.isEmpty, inner != nil { Self.breakLine(&bytes, indentation) }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      let inner = indentation.map { $0 + 2 }
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.breakLine(&bytes, inner)
        Self.write(member.name, to: &bytes)
        bytes += (indentation == nil ? ":" : ": ").utf8
        member.value.write(to: &bytes, indentation: inner)
      }
      if !members.isEmpty { Self.breakLine(&bytes, indentation) }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func breakLine(_ bytes: inout [UInt8], _ indentation: Int?) {
    guard let indentation else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes += repeatElement(UInt8(ascii: " "), count: indentation)
  }

  /// Appends a text in quotes.
  public static func write(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { characters in
      var start = 0
      for (index, byte) in characters.enumerated() {
        guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
          continue
        }
        bytes += characters[start..<index]
        bytes += escape(for: byte)
        start = index + 1
      }
      bytes += characters[start...]
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func escape(for byte: UInt8) -> [UInt8] {
    switch byte {
    case UInt8(ascii: "\n"): Array("\\n".utf8)
    case UInt8(ascii: "\r"): Array("\\r".utf8)
    case UInt8(ascii: "\t"): Array("\\t".utf8)
    case ..<0x20:
      Array("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
    default: [UInt8(ascii: "\\"), byte]
    }
  }
}
