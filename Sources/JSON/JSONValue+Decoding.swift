extension JSONValue {
  /// The value of a `Decodable` type that this is.
  ///
  /// - Throws: ``JSONError`` with the path to what is missing or of another kind.
  public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws(JSONError) -> Value
  {
    do {
      return try ValueDecoder(value: self, path: []).decode(type)
    } catch let error as DecodingError {
      throw JSONError(error)
    } catch {
      throw JSONError(.value(""), problem: "\(error)")
    }
  }

  /// The value as an error message names it.
  fileprivate var kind: String {
    switch self {
    case .string(let text): JSONReader.quoted(text)
    case .array: "a list"
    case .object: "an object"
    default: description
    }
  }
}

extension JSONError {
  fileprivate init(_ error: DecodingError) {
    switch error {
    case .keyNotFound(let key, let context):
      self.init(context, problem: "expected \(JSONReader.quoted(key.stringValue)), found none")
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      self.init(context, problem: context.debugDescription)
    @unknown default: self.init(.value(""), problem: "\(error)")
    }
  }

  private init(_ context: DecodingError.Context, problem: String) {
    let path = context.codingPath.reduce(into: "") { path, key in
      if let index = key.intValue {
        path += "[\(index)]"
      } else {
        path += (path.isEmpty ? "" : ".") + key.stringValue
      }
    }
    self.init(.value(path), problem: problem)
  }
}

/// A step of a path for which the value's type has no key.
struct PathKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init(intValue: Int) {
    stringValue = "\(intValue)"
    self.intValue = intValue
  }
}

extension JSONValue: Decodable {
  /// The value as it is, for a type that decides by what it finds.
  ///
  /// - Throws: `DecodingError` from a decoder that is not of this target.
  public init(from decoder: any Decoder) throws {
    guard let decoder = decoder as? ValueDecoder else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath, debugDescription: "only JSONDocument reads JSON's values")
      )
    }
    self = decoder.value
  }
}

/// Reads one value: a plain one itself, others through the containers that they ask for.
private struct ValueDecoder: Decoder, SingleValueDecodingContainer {
  let value: JSONValue
  /// The path to what it is in, and the step from there: most values never need the whole path.
  let path: [any CodingKey]
  var key: (any CodingKey)?

  var codingPath: [any CodingKey] { key.map { path + [$0] } ?? path }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let members = value.members else { throw mismatch(type, "an object") }
    return KeyedDecodingContainer(Members<Key>(members, codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let elements = value.elements else { throw mismatch([Any].self, "a list") }
    return Elements(elements: elements, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  func decodeNil() -> Bool { value == .null }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let plain: (expected: String, found: Any?)
    switch type {
    case is String.Type: plain = ("text", value.text)
    case is Double.Type: plain = ("a number", value.number)
    case is Bool.Type: plain = ("true or false", value.truth)
    case is Float.Type: plain = ("a number", value.number.map { Float($0) })
    case let type as any FixedWidthInteger.Type:
      // A number below zero is none of a type that has no sign.
      plain = ("a whole number", value.wholeNumber.flatMap { type.init(exactly: $0) })
    default: return try type.init(from: self)
    }
    guard let result = plain.found as? Value else { throw mismatch(type, plain.expected) }
    return result
  }

  private func mismatch(_ type: any Any.Type, _ expected: String) -> DecodingError {
    .typeMismatch(
      type,
      DecodingError.Context(
        codingPath: codingPath, debugDescription: "expected \(expected), found \(value.kind)"))
  }
}

private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let codingPath: [any CodingKey]
  private let members: [String: JSONValue]

  init(_ members: [JSONValue.Member], _ path: [any CodingKey]) {
    // The reader refuses names that stand there twice; of a value made by hand the first counts.
    self.members = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
    codingPath = path
  }

  var allKeys: [Key] { members.keys.compactMap(Key.init) }

  func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).decodeNil() }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try decoder(key).decode(type)
  }

  func nestedContainer<Inner>(
    keyedBy type: Inner.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Inner> { try decoder(key).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try decoder(PathKey(stringValue: "super")) }

  func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

  private func decoder(_ key: any CodingKey) throws -> ValueDecoder {
    guard let value = members[key.stringValue] else {
      throw DecodingError.keyNotFound(
        key, DecodingError.Context(codingPath: codingPath, debugDescription: "missing"))
    }
    return ValueDecoder(value: value, path: codingPath, key: key)
  }
}

private struct Elements: UnkeyedDecodingContainer {
  let elements: [JSONValue]
  let codingPath: [any CodingKey]
  private(set) var currentIndex = 0

  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex == elements.count }

  mutating func decodeNil() throws -> Bool {
    let isNil = try decoder().decodeNil()
    if isNil { currentIndex += 1 }
    return isNil
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try next { try $0.decode(type) }
  }

  mutating func nestedContainer<Inner>(
    keyedBy type: Inner.Type
  ) throws -> KeyedDecodingContainer<Inner> { try next { try $0.container(keyedBy: type) } }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next { try $0.unkeyedContainer() }
  }

  mutating func superDecoder() throws -> any Decoder { try next { $0 } }

  /// What the next element is read as; it stays the next one where it is not that.
  private mutating func next<Result>(_ read: (ValueDecoder) throws -> Result) throws -> Result {
    let result = try read(decoder())
    currentIndex += 1
    return result
  }

  private func decoder() throws -> ValueDecoder {
    let key = PathKey(intValue: currentIndex)
    guard currentIndex < elements.count else {
      throw DecodingError.valueNotFound(
        Any.self,
        DecodingError.Context(
          codingPath: codingPath + [key], debugDescription: "expected a value, found none"))
    }
    return ValueDecoder(value: elements[currentIndex], path: codingPath, key: key)
  }
}
