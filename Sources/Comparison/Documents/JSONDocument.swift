import Support

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A run's documents as files: indented, with sorted names.
enum JSONDocument {
  static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
  }

  /// Reads a file that a run has written.
  static func decode<Value: Decodable>(
    _ type: Value.Type, from path: String
  ) throws(FileError) -> Value {
    let bytes = try Files.read(path)
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw FileError(
        .cannotRead, path, "expected what a run has written, found: \(Self.words(error))")
    }
  }

  private static func words(_ error: any Error) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.map(\.stringValue).joined(separator: ".")
    }
    return switch error {
    case DecodingError.keyNotFound(let key, let context):
      "no \(place(context.codingPath + [key]))"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "another kind of value at \(place(context.codingPath))"
    default: "no JSON"
    }
  }
}
