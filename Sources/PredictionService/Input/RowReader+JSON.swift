import JSON

extension RowReader {
  /// Reads an object with a member for each feature.
  ///
  /// - Throws: ``JSONError`` where the text is not JSON; a member that no feature can have is a problem
  ///   of the row.
  static func row(
    _ reader: inout JSONReader, _ model: ServedModel
  ) throws(JSONError) -> ReadRow {
    var row = model.reader
    guard reader.peek() == UInt8(ascii: "{") else {
      let found = try RowReader.described(&reader)
      return .problems([
        FieldRemark(field: "", message: "expected an object with the fields, found \(found)")
      ])
    }
    try reader.object { name, reader throws(JSONError) in
      switch reader.peek() {
      case UInt8(ascii: "\""):
        let text = try reader.string()
        if model.pipeline.columns.first(where: { $0.name == name })?.categories != nil {
          row.take(name, .text(text))
        } else {
          row.takeQuoted(name, text)
        }
      case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
        row.take(name, .number(try reader.real()))
      default: row.take(name, .other(found: try RowReader.described(&reader)))
      }
    }
    return row.finish()
  }

  /// Reads a value that is of no use, and says what it is.
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
