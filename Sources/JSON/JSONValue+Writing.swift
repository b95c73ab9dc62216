/// How a value is laid out as text.
private enum Style {
  /// Everything on one line, without spaces.
  case line
  /// Members on lines of their own, lists of plain values on one.
  case lists
  /// Members and elements on lines of their own, spaces around colons: as Foundation's encoder lays out,
  /// which wrote the documents of earlier runs.
  case document

  var colon: String {
    switch self {
    case .line: ":"
    case .lists: ": "
    case .document: " : "
    }
  }
}

extension JSONValue: CustomStringConvertible {
  public var description: String { String(decoding: bytes, as: UTF8.self) }

  /// The value on one line, without spaces.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  /// The value as a file, with members on lines of their own, and lists of plain values on one.
  public var file: [UInt8] { lines(.lists) }

  /// The value as a file, laid out as Foundation's encoder does it.
  public var document: [UInt8] { lines(.document) }

  private func lines(_ style: Style) -> [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes, style, indentation: 0)
    return bytes + [UInt8(ascii: "\n")]
  }

  /// Appends the value on one line, without spaces.
  ///
  /// Numbers are written in their shortest form that reads back to the same bits. A number that JSON
  /// cannot have becomes the string that Comet takes for it: `"NaN"`, `"Infinity"`, `"-Infinity"`.
  public func write(to bytes: inout [UInt8]) { write(to: &bytes, .line, indentation: 0) }

  /// - Parameter indentation: how many spaces stand before further lines.
  private func write(to bytes: inout [UInt8], _ style: Style, indentation: Int) {
    switch self {
    case .null: bytes += "null".utf8
    case .boolean(let truth): bytes += (truth ? "true" : "false").utf8
    case .integer(let number): bytes += number.description.utf8
    case .real(let number): Self.write(number, to: &bytes)
    case .string(let text): Self.write(text, to: &bytes)
    case .array(let elements):
      let isOneLine = style == .line || style == .lists && elements.allSatisfy(\.isPlain)
      Self.write(elements, "[", "]", isOneLine, style, indentation, to: &bytes) { element, bytes in
        element.write(to: &bytes, style, indentation: indentation + 2)
      }
    case .object(let members):
      let isOneLine = style == .line || style == .lists && members.isEmpty
      Self.write(members, "{", "}", isOneLine, style, indentation, to: &bytes) { member, bytes in
        Self.write(member.name, to: &bytes)
        bytes += style.colon.utf8
        member.value.write(to: &bytes, style, indentation: indentation + 2)
      }
    }
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func write<Element>(
    _ elements: [Element], _ start: String, _ end: String, _ isOneLine: Bool, _ style: Style,
    _ indentation: Int, to bytes: inout [UInt8], _ write: (Element, inout [UInt8]) -> Void
  ) {
    bytes += start.utf8
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes += (isOneLine && style != .line ? ", " : ",").utf8 }
      if !isOneLine { bytes += ("\n" + String(repeating: " ", count: indentation + 2)).utf8 }
      write(element, &bytes)
    }
    if !isOneLine {
      // An empty line stands in for elements where there are none.
      let lineEnds = elements.isEmpty ? "\n\n" : "\n"
      bytes += (lineEnds + String(repeating: " ", count: indentation)).utf8
    }
    bytes += end.utf8
  }

  private static func write(_ number: Double, to bytes: inout [UInt8]) {
    guard number.isFinite else {
      bytes += (number.isNaN ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\"").utf8
      return
    }
    bytes += number.description.utf8
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

  private static func escape(for byte: UInt8) -> String.UTF8View {
    switch byte {
    case UInt8(ascii: "\n"): "\\n".utf8
    case UInt8(ascii: "\r"): "\\r".utf8
    case UInt8(ascii: "\t"): "\\t".utf8
    case 0x08: "\\b".utf8
    case 0x0c: "\\f".utf8
    case ..<0x20: "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
    default: "\\\(Unicode.Scalar(byte))".utf8
    }
  }
}
