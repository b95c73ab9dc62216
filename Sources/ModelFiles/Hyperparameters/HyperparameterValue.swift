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

extension HyperparameterValue: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .none
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .real(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else {
      self = .list(try container.decode([Double].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .none: try container.encodeNil()
    case .boolean(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .real(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    }
  }
}
