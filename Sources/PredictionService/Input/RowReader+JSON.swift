import JSON

extension RowReader {
  /// Takes an object with a member for each feature as a row.
  ///
  /// - Throws: ``JSONError`` if the text is not JSON; a value that no feature can have is a problem of the
  ///   row.
  mutating func takeRow(_ reader: inout JSONReader) throws(JSONError) {
    guard reader.peek() == UInt8(ascii: "{") else {
      let found = try Self.described(&reader)
      return takeRow(problem: "expected an object with the fields, found \(found)")
    }
    try reader.object { name, reader throws(JSONError) in
      let cell = try Self.cell(&reader)
      if case .text(let text) = cell, let feature = feature(name), features.isNumber(feature) {
        takeQuoted(feature, text)
      } else {
        take(name, cell)
      }
    }
    endRow()
  }

  /// Reads the value of a field.
  static func cell(_ reader: inout JSONReader) throws(JSONError) -> Cell {
    switch reader.peek() {
    case UInt8(ascii: "\""): .text(try reader.string())
    case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
      .number(try reader.real())
    case UInt8(ascii: "t") where reader.word("true"): .boolean(true)
    case UInt8(ascii: "f") where reader.word("false"): .boolean(false)
    case UInt8(ascii: "n") where reader.word("null"): .missing
    default: .other(found: try described(&reader))
    }
  }

  /// Reads a value that no feature can have, and describes it.
  private static func described(_ reader: inout JSONReader) throws(JSONError) -> String {
    let first = reader.peek()
    try reader.skipValue()
    switch first {
    case UInt8(ascii: "\""): return "a text"
    case UInt8(ascii: "["): return "an array"
    case UInt8(ascii: "{"): return "an object"
    case UInt8(ascii: "t"): return "true"
    case UInt8(ascii: "f"): return "false"
    default: return "a number"
    }
  }
}
