import JSON

/// The value of a hyper-parameter, as it is written on a command line and in JSON.
public enum HyperparameterValue: Hashable, Sendable, CustomStringConvertible {
  case none
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  case list([Double])

  /// Reads a value: `none`, `true`, `12`, `0.5`, `a,b`-style lists of numbers such as `0.9,0.1`, or text.
  public init(parsing text: String) {
    switch text.lowercased() {
    case "none", "null": self = .none
    case "true": self = .boolean(true)
    case "false": self = .boolean(false)
    default:
      // Infinity and NaN have no meaning here, and JSON cannot have them.
      func number(_ text: some StringProtocol) -> Double? {
        Double(text).flatMap { $0.isFinite ? $0 : nil }
      }
      let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { number($0) }
      if let integer = Int(text) {
        self = .integer(integer)
      } else if let real = number(text) {
        self = .real(real)
      } else if parts.count > 1, !parts.contains(nil) {
        self = .list(parts.compactMap { $0 })
      } else {
        self = .text(text)
      }
    }
  }

  public var description: String {
    switch self {
    case .none: "none"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .text(let value): value
    case .list(let values): values.map(\.description).joined(separator: ",")
    }
  }
}

/// In JSON `1.0` stays apart from `1`: as `max_features`, one means all features and the other a single one.
extension HyperparameterValue: Codable {
  public init(from decoder: any Decoder) throws {
    guard let value = HyperparameterValue(try JSONValue(from: decoder)) else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "expected null, true, false, a number, a text or a list of numbers"))
    }
    self = value
  }

  public func encode(to encoder: any Encoder) throws { try JSONValue(self).encode(to: encoder) }
}

extension HyperparameterValue {
  /// The value that stands in a file; `nil` for objects, and for lists of anything but numbers.
  package init?(_ value: JSONValue) {
    switch value {
    case .null: self = .none
    case .boolean(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value)
    case .real(let value): self = .real(value)
    case .string(let value): self = .text(value)
    case .array:
      guard let numbers = value.list(of: \.number), !numbers.isEmpty else { return nil }
      self = .list(numbers)
    case .object: return nil
    }
  }
}

extension JSONValue {
  /// A hyper-parameter's value as it stands in files.
  package init(_ value: HyperparameterValue) {
    self =
      switch value {
      case .none: .null
      case .boolean(let value): .boolean(value)
      case .integer(let value): .integer(value)
      case .real(let value): .real(value)
      case .text(let value): .string(value)
      case .list(let values): .array(values.map { .real($0) })
      }
  }
}
