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
      switch reader.peek() {
      case UInt8(ascii: "\""):
        let text = try reader.string()
        if let feature = feature(name), features.isNumber(feature) {
          takeQuoted(feature, text)
        } else {
          take(name, .text(text))
        }
      case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
        take(name, .number(try reader.real()))
      case UInt8(ascii: "n"):
        _ = try reader.value()
        take(name, .missing)
      default: take(name, .other(found: try Self.described(&reader)))
      }
    }
    endRow()
  }

  /// Reads a value that no feature can have, and describes it.
  private static func described(_ reader: inout JSONReader) throws(JSONError) -> String {
    switch try reader.value() {
    case .null: "null"
    case .boolean(let truth): "\(truth)"
    case .integer, .real: "a number"
    case .string: "a text"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
