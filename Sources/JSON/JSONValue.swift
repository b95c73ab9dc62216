/// A JSON value whose objects keep the order of their members.
///
/// - SeeAlso: RFC 8259.
public enum JSONValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  public struct Member: Hashable, Sendable {
    public let name: String
    public let value: JSONValue

    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The first member of that name; `nil` where there is none, or this is no object.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  public var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// A whole number, also where it is written as `3.0`.
  public var wholeNumber: Int? {
    switch self {
    case .integer(let number): number
    case .real(let number): Int(exactly: number)
    default: nil
    }
  }

  public var number: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .real(let number): number
    default: nil
    }
  }

  public var truth: Bool? {
    if case .boolean(let truth) = self { truth } else { nil }
  }

  public var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  public var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  // MARK: Members that must be there

  public func required(_ name: String) throws(JSONError) -> JSONValue {
    guard let value = self[name] else {
      throw JSONError(.value(name), problem: "expected a value, found none")
    }
    return value
  }

  public func requiredText(_ name: String) throws(JSONError) -> String {
    try required(name, "a text", \.text)
  }

  public func requiredInteger(_ name: String) throws(JSONError) -> Int {
    try required(name, "a whole number", \.wholeNumber)
  }

  public func requiredList(_ name: String) throws(JSONError) -> [JSONValue] {
    try required(name, "a list", \.elements)
  }

  private func required<Value>(
    _ name: String, _ expected: String, _ value: (JSONValue) -> Value?
  ) throws(JSONError) -> Value {
    guard let value = value(try required(name)) else {
      throw JSONError(.value(name), problem: "expected \(expected)")
    }
    return value
  }

  /// The texts of a member that is a list; what else is in it is passed over.
  public func texts(_ name: String) -> [String] { self[name]?.elements?.compactMap(\.text) ?? [] }

  // MARK: Values that may not be there

  /// The value, or `null`.
  public static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
  public static func optional(_ number: Int?) -> JSONValue {
    number.map(JSONValue.integer) ?? .null
  }

  /// An object whose members stand in the order of their names' scalars.
  public static func sorted(_ members: [String: JSONValue]) -> JSONValue {
    .object(
      members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { Member($0.key, $0.value) })
  }

  /// An object of the members that have a value.
  public static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    .object(members.compactMap { name, value in value.map { Member(name, $0) } })
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByFloatLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .real(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0, $1) })
  }
}
