import Classifiers
import Datasets

/// A JSON value to be written, its names sorted.
///
/// Numbers are written in their shortest form that reads back to the same bits.
enum JSONText {
  case null
  case boolean(Bool)
  case integer(Int)
  /// Finite.
  case real(Double)
  case string(String)
  case array([JSONText])
  case object([String: JSONText])

  init(_ value: HyperparameterValue) {
    self =
      switch value {
      case .none: .null
      case .boolean(let value): .boolean(value)
      case .integer(let value): .integer(value)
      case .real(let value): .real(value)
      case .text(let value): .string(value)
      case .list(let values): .array(values.map { .real($0) })
      }
  }

  /// The value on one line.
  var compact: String {
    var text = ""
    write(to: &text, indentation: nil)
    return text
  }

  /// The value over several lines, as a file: arrays of plain values on one line.
  var file: [UInt8] {
    var text = ""
    write(to: &text, indentation: 0)
    return Array((text + "\n").utf8)
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private func write(to text: inout String, indentation: Int?) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .integer(let value): text += "\(value)"
    case .real(let value):
      precondition(value.isFinite, "JSON has no infinite numbers")
      text += "\(value)"
    case .string(let value): Self.write(value, to: &text)
    case .array(let elements):
      let inner = elements.allSatisfy(\.isPlain) ? nil : indentation.map { $0 + 2 }
      let isSpaced = indentation != nil && inner == nil
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += isSpaced ? ", " : "," }
        Self.breakLine(&text, inner)
        element.write(to: &text, indentation: inner)
      }
      if !elements.isEmpty, inner != nil { Self.breakLine(&text, indentation) }
      text += "]"
    case .object(let members):
      let inner = indentation.map { $0 + 2 }
      text += "{"
      for (index, name) in members.keys.sorted(by: LabelEncoder.precedes).enumerated() {
        if index > 0 { text += "," }
        Self.breakLine(&text, inner)
        Self.write(name, to: &text)
        text += indentation == nil ? ":" : ": "
        (members[name] ?? .null).write(to: &text, indentation: inner)
      }
      if !members.isEmpty { Self.breakLine(&text, indentation) }
      text += "}"
    }
  }

  private static func breakLine(_ text: inout String, _ indentation: Int?) {
    guard let indentation else { return }
    text += "\n" + String(repeating: " ", count: indentation)
  }

  private static func write(_ string: String, to text: inout String) {
    let digits = Array("0123456789abcdef".unicodeScalars)
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        text += "\\u00"
        text.unicodeScalars.append(digits[Int(scalar.value >> 4)])
        text.unicodeScalars.append(digits[Int(scalar.value & 15)])
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
