/// How a value is laid out as text.
public enum JSONStyle: Hashable, Sendable {
  /// Everything on one line, without spaces.
  case line
  /// Members on lines of their own, lists of plain values on one.
  case lists
  /// Members and elements on lines of their own, spaces around colons, whole numbers without `.0`: as
  /// Foundation's encoder lays out, which wrote the documents of earlier runs.
  case document

  fileprivate var colon: String {
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

  /// The value as a file of the style ``JSONStyle/lists``.
  public var file: [UInt8] { lines(.lists) }

  /// The value as a file of the style ``JSONStyle/document``.
  public var document: [UInt8] { lines(.document) }

  private func lines(_ style: JSONStyle) -> [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes, style)
    return bytes + [UInt8(ascii: "\n")]
  }

  /// Appends the value.
  ///
  /// Numbers are written in their shortest form that reads back to the same bits. A number that JSON
  /// cannot have becomes the string that Comet takes for it: `"NaN"`, `"Infinity"`, `"-Infinity"`.
  ///
  /// - Parameter indentation: how many spaces stand before further lines.
  public func write(to bytes: inout [UInt8], _ style: JSONStyle = .line, indentation: Int = 0) {
    switch self {
    case .null: bytes += "null".utf8
    case .boolean(let truth): bytes += (truth ? "true" : "false").utf8
    case .integer(let number): bytes += number.description.utf8
    case .real(let number): Self.write(number, to: &bytes, style)
    case .string(let text): Self.write(text, to: &bytes)
    case .array(let elements):
      let isOneLine = style == .line || style == .lists && elements.allSatisfy(\.isPlain)
      let separator = style == .line ? "," : ", "
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if isOneLine, index > 0 { bytes += separator.utf8 }
        if !isOneLine { Self.beginLine(&bytes, indentation + 2, isFirst: index == 0) }
        element.write(to: &bytes, style, indentation: indentation + 2)
      }
      if !isOneLine { Self.endLines(&bytes, indentation, areNone: elements.isEmpty) }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if style == .line {
          if index > 0 { bytes.append(UInt8(ascii: ",")) }
        } else {
          Self.beginLine(&bytes, indentation + 2, isFirst: index == 0)
        }
        Self.write(member.name, to: &bytes)
        bytes += style.colon.utf8
        member.value.write(to: &bytes, style, indentation: indentation + 2)
      }
      if style == .document || style == .lists && !members.isEmpty {
        Self.endLines(&bytes, indentation, areNone: members.isEmpty)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func beginLine(_ bytes: inout [UInt8], _ indentation: Int, isFirst: Bool) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\n"))
    bytes += repeatElement(UInt8(ascii: " "), count: indentation)
  }

  /// An empty line stands in for what there is none of.
  private static func endLines(_ bytes: inout [UInt8], _ indentation: Int, areNone: Bool) {
    bytes += repeatElement(UInt8(ascii: "\n"), count: areNone ? 2 : 1)
    bytes += repeatElement(UInt8(ascii: " "), count: indentation)
  }

  private static func write(_ number: Double, to bytes: inout [UInt8], _ style: JSONStyle) {
    guard number.isFinite else {
      bytes += (number.isNaN ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\"").utf8
      return
    }
    var text = number.description
    if style == .document, text.hasSuffix(".0") { text.removeLast(2) }
    bytes += text.utf8
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
    case 0x08: Array("\\b".utf8)
    case 0x0c: Array("\\f".utf8)
    case ..<0x20:
      Array("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
    default: [UInt8(ascii: "\\"), byte]
    }
  }
}
