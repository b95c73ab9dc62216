import Foundation

/// Why a text is no JSON, and at which byte.
public struct JSONError: Error, Hashable, CustomStringConvertible {
  public let offset: Int
  public let problem: String

  public var description: String { "invalid JSON at byte \(offset): \(problem)" }
}

extension JSONValue {
  /// Reads JSON by the letter of RFC 8259, and refuses what readers understand differently: a key
  /// given twice, half a surrogate pair, bytes that are not UTF-8, more than 200 levels.
  public init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
    var parser = JSONParser(bytes: Array(bytes))
    self = try parser.document()
  }

  public init(parsing text: String) throws(JSONError) {
    try self.init(parsing: text.utf8)
  }

  /// Compact JSON.
  public var text: String {
    switch self {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .number(let text): text
    case .string(let text): Self.quoted(text)
    case .array(let elements): "[\(elements.map(\.text).joined(separator: ","))]"
    case .object(let members):
      "{\(members.map { "\(Self.quoted($0.key)):\($0.value.text)" }.joined(separator: ","))}"
    }
  }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: try! encoder.encode(text), as: UTF8.self)
  }
}

/// Takes JSON apart, and has Foundation read the strings and numbers. Foundation's own reading of a
/// whole text shows neither keys that are there twice nor how a number was written.
private struct JSONParser {
  let bytes: [UInt8]
  private let decoder = JSONDecoder()
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONError) -> JSONValue {
    let value = try value(depth: 0)
    guard next == nil else { throw error("something follows the value") }
    return value
  }

  private func error(_ problem: String) -> JSONError {
    JSONError(offset: position, problem: problem)
  }

  /// The next character that is no white space.
  private var next: Unicode.Scalar? {
    mutating get {
      while position < bytes.count, " \t\n\r".utf8.contains(bytes[position]) { position += 1 }
      return position < bytes.count ? Unicode.Scalar(bytes[position]) : nil
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == character else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < 200 else { throw error("nested too deeply") }
    switch next {
    case "{": return .object(try members(depth: depth))
    case "[": return .array(try elements(depth: depth))
    case "\"": return .string(try string())
    default: return try word()
    }
  }

  private mutating func members(depth: Int) throws(JSONError) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    var keys: Set<String> = []
    position += 1
    if take("}") { return [] }
    repeat {
      guard next == "\"" else { throw error("expected a key in quotes") }
      let key = try string()
      guard keys.insert(key).inserted else { throw error("the key \"\(key)\" is there twice") }
      guard take(":") else { throw error("expected a colon") }
      members.append(JSONValue.Member(key, try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw error("expected a comma or the object's end") }
    return members
  }

  private mutating func elements(depth: Int) throws(JSONError) -> [JSONValue] {
    var elements: [JSONValue] = []
    position += 1
    if take("]") { return [] }
    repeat { elements.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw error("expected a comma or the array's end") }
    return elements
  }

  private mutating func string() throws(JSONError) -> String {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard position < bytes.count else { throw error("the text ends inside a string") }
    position += 1
    return try decoded(String.self, from: bytes[start..<position])
  }

  /// A number, `true`, `false` or `null`.
  private mutating func word() throws(JSONError) -> JSONValue {
    let word = bytes[position...].prefix { byte in
      "+-.".utf8.contains(byte) || Character(Unicode.Scalar(byte)).isLetterOrDigit
    }
    position += word.count
    switch String(decoding: word, as: UTF8.self) {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    case let text:
      _ = try decoded(Double.self, from: word)
      return .number(text)
    }
  }

  private func decoded<Value: Decodable>(
    _: Value.Type, from bytes: ArraySlice<UInt8>
  ) throws(JSONError) -> Value {
    do {
      return try decoder.decode(Value.self, from: Data(bytes))
    } catch {
      throw self.error("\(error)")
    }
  }
}

extension Character {
  fileprivate var isLetterOrDigit: Bool { isASCII && (isLetter || isNumber) }
}
