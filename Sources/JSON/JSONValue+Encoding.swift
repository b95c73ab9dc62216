extension JSONValue {
  /// What an `Encodable` value writes, each object's members in the order of their names.
  ///
  /// - Throws: `EncodingError` for numbers that JSON does not have, or that do not fit an `Int`.
  public init(encoding value: some Encodable) throws {
    self = try Self.encoded(value, at: [])
  }

  fileprivate static func encoded<Value: Encodable>(
    _ value: Value, at path: @autoclosure () -> [any CodingKey]
  ) throws -> JSONValue {
    func isImpossible(_ problem: String) -> EncodingError {
      .invalidValue(value, EncodingError.Context(codingPath: path(), debugDescription: problem))
    }
    switch value {
    case let value as String: return .string(value)
    case let value as Bool: return .boolean(value)
    case let value as Double:
      guard value.isFinite else { throw isImpossible("JSON has no \(value)") }
      return .real(value)
    case let value as Int: return .integer(value)
    case let value as any FixedWidthInteger & Encodable:
      guard let number = Int(exactly: value) else { throw isImpossible("\(value) is too large") }
      return .integer(number)
    case let value as Float: return try encoded(Double(value.description) ?? .nan, at: path())
    default:
      let encoder = ValueEncoder(path())
      try value.encode(to: encoder)
      return encoder.value
    }
  }
}

extension JSONValue: Encodable {
  /// Writes the value as it is.
  ///
  /// - Throws: `EncodingError` to an encoder that is not of this target.
  public func encode(to encoder: any Encoder) throws {
    guard let encoder = encoder as? ValueEncoder else {
      throw EncodingError.invalidValue(
        self,
        EncodingError.Context(
          codingPath: encoder.codingPath, debugDescription: "only JSONDocument writes JSON's values"
        ))
    }
    encoder.set(self)
  }
}

/// Collects what one value writes. Whoever asks for a container twice goes on in the first one.
private final class ValueEncoder: Encoder, SingleValueEncodingContainer {
  enum Part {
    case value(JSONValue)
    /// What is asked for ahead of its content.
    case later(ValueEncoder)

    var value: JSONValue {
      switch self {
      case .value(let value): value
      case .later(let encoder): encoder.value
      }
    }
  }

  private enum Content {
    case single(JSONValue)
    case array([Part])
    case object([String: Part])
  }

  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }
  private var content: Content?

  init(_ path: [any CodingKey]) { codingPath = path }

  /// A value that writes nothing, such as one without properties, is an empty object.
  var value: JSONValue {
    switch content {
    case .single(let value): value
    case .array(let parts): .array(parts.map(\.value))
    case .object(let members): .sorted(members.mapValues(\.value))
    case nil: .object([])
    }
  }

  func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if content == nil { content = .object([:]) }
    return KeyedEncodingContainer(Members<Key>(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if content == nil { content = .array([]) }
    return Elements(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  func encodeNil() { set(.null) }

  func encode(_ value: some Encodable) throws { set(try JSONValue.encoded(value, at: codingPath)) }

  fileprivate func set(_ value: JSONValue) { content = .single(value) }

  fileprivate func set(_ part: Part, at key: any CodingKey) {
    guard case .object(var members) = content.take() else {
      preconditionFailure("an object's members are written into an object")
    }
    members[key.stringValue] = part
    content = .object(members)
  }

  fileprivate func append(_ part: Part) {
    guard case .array(var parts) = content.take() else {
      preconditionFailure("an array's elements are written into an array")
    }
    parts.append(part)
    content = .array(parts)
  }

  fileprivate var elementCount: Int {
    if case .array(let parts) = content { parts.count } else { 0 }
  }

  /// One that writes a member or an element.
  fileprivate func nested(_ key: any CodingKey) -> ValueEncoder { ValueEncoder(codingPath + [key]) }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: ValueEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }

  func encodeNil(forKey key: Key) { encoder.set(.value(.null), at: key) }

  func encode(_ value: some Encodable, forKey key: Key) throws {
    encoder.set(.value(try JSONValue.encoded(value, at: codingPath + [key])), at: key)
  }

  func nestedContainer<Inner>(
    keyedBy type: Inner.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Inner> { later(key).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    later(key).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { later(PathKey(stringValue: "super")) }

  func superEncoder(forKey key: Key) -> any Encoder { later(key) }

  private func later(_ key: any CodingKey) -> ValueEncoder {
    let nested = encoder.nested(key)
    encoder.set(.later(nested), at: key)
    return nested
  }
}

private struct Elements: UnkeyedEncodingContainer {
  let encoder: ValueEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }
  var count: Int { encoder.elementCount }

  func encodeNil() { encoder.append(.value(.null)) }

  func encode(_ value: some Encodable) throws {
    encoder.append(
      .value(try JSONValue.encoded(value, at: codingPath + [PathKey(intValue: count)])))
  }

  func nestedContainer<Inner>(keyedBy type: Inner.Type) -> KeyedEncodingContainer<Inner> {
    later().container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { later().unkeyedContainer() }

  func superEncoder() -> any Encoder { later() }

  private func later() -> ValueEncoder {
    let nested = encoder.nested(PathKey(intValue: count))
    encoder.append(.later(nested))
    return nested
  }
}
