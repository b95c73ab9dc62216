import JSON
import Support

extension JSONDocument {
  /// Reads a file that a run has written.
  package static func decode<Value: Decodable>(
    _ type: Value.Type, from path: String
  ) throws(FileError) -> Value {
    let bytes = try Files.read(path)
    do throws(JSONError) {
      let value = try JSONValue(parsing: bytes)
      guard value.areWholeNumbersPossible else {
        throw JSONError(.value(""), problem: "expected no whole number beyond 2⁴⁰")
      }
      return try value.decoded(as: type)
    } catch {
      throw FileError(.damaged, path, error.description)
    }
  }
}

extension JSONValue {
  /// Whether whole numbers are such as a run has: a million of them can be added.
  fileprivate var areWholeNumbersPossible: Bool {
    switch self {
    case .integer(let number): -(1 << 40)...1 << 40 ~= number
    case .real(let number):
      abs(number) < 0x1p40 || number.rounded() != number || abs(number) > 0x1p63
    case .array(let elements): elements.allSatisfy(\.areWholeNumbersPossible)
    case .object(let members): members.allSatisfy { $0.value.areWholeNumbersPossible }
    case .null, .boolean, .string: true
    }
  }
}

extension Files {
  /// A folder's path without the slash that a shell may have put at its end.
  static func withoutSlash(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }
}
