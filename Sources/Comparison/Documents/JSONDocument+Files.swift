import JSON
import Support

extension JSONDocument {
  /// Reads a file that a run has written.
  static func decode<Value: Decodable>(
    _ type: Value.Type, from path: String
  ) throws(FileError) -> Value {
    let bytes = try Files.read(path)
    do throws(JSONError) {
      return try decode(type, from: bytes)
    } catch {
      throw FileError(.cannotRead, path, error.description)
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
