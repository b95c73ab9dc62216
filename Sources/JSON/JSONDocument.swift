/// `Codable` values as the text of a file, and back.
public enum JSONDocument {
  /// A file laid out as ``JSONValue/document``, with a line's end.
  public static func encode(_ value: some Encodable) throws -> [UInt8] {
    try JSONValue(encoding: value).document
  }

  /// - Throws: ``JSONError`` with the byte at which it is no JSON, or the path to what is missing or of
  ///   another kind.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from bytes: some Sequence<UInt8>
  ) throws(JSONError) -> Value {
    try JSONValue(parsing: bytes).decoded(as: type)
  }
}
