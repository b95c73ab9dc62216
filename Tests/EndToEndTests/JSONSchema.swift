import Foundation

/// Any JSON value.
enum JSONValue: Decodable, Equatable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  var strings: [String] {
    switch self {
    case .string(let value): [value]
    case .array(let values): values.flatMap(\.strings)
    default: []
    }
  }

  var items: [JSONValue] { if case .array(let values) = self { values } else { [] } }
  var members: [String: JSONValue] { if case .object(let values) = self { values } else { [:] } }
  var number: Double? { if case .number(let value) = self { value } else { nil } }

  func isType(_ name: String) -> Bool {
    switch self {
    case .null: name == "null"
    case .boolean: name == "boolean"
    case .number(let value): name == "number" || (name == "integer" && value == value.rounded())
    case .string: name == "string"
    case .array: name == "array"
    case .object: name == "object"
    }
  }
}

/// As much of JSON Schema as docs/comparison.schema.json uses; any other keyword is an error, so that no
/// rule is passed over in silence.
struct JSONSchema {
  struct UnknownKeyword: Error { let keyword: String }

  private let root: JSONValue

  init(contentsOf path: String) throws {
    root = try JSONDecoder().decode(
      JSONValue.self, from: Data(contentsOf: URL(filePath: path)))
  }

  /// Where a document breaks the schema, and how.
  func problems(in document: String) throws -> [String] {
    let value = try JSONDecoder().decode(JSONValue.self, from: Data(document.utf8))
    return try problems(value, root, at: "$")
  }

  private func problems(
    _ value: JSONValue, _ schema: JSONValue, at place: String
  ) throws -> [String] {
    var found: [String] = []
    let known = schema.members["properties"]?.members ?? [:]
    for (keyword, rule) in schema.members {
      switch keyword {
      case "$schema", "$defs", "title", "description": break
      case "$ref":
        let name = rule.strings[0].split(separator: "/").last.map(String.init) ?? ""
        guard let target = root.members["$defs"]?.members[name] else {
          throw UnknownKeyword(keyword: name)
        }
        found += try problems(value, target, at: place)
      case "type":
        if !rule.strings.contains(where: value.isType) {
          found.append("\(place) is no \(rule.strings.joined(separator: " or "))")
        }
      case "required":
        for name in rule.strings where value.members[name] == nil {
          found.append("\(place) has no \(name)")
        }
      case "properties":
        for (name, inner) in value.members {
          guard let rule = known[name] else { continue }
          found += try problems(inner, rule, at: "\(place).\(name)")
        }
      case "additionalProperties":
        for (name, inner) in value.members where known[name] == nil {
          if rule == .boolean(false) {
            found.append("\(place).\(name) is unknown")
          } else {
            found += try problems(inner, rule, at: "\(place).\(name)")
          }
        }
      case "items":
        for (index, inner) in value.items.enumerated() {
          found += try problems(inner, rule, at: "\(place)[\(index)]")
        }
      case "minItems":
        if Double(value.items.count) < rule.number ?? 0 {
          found.append("\(place) has too few items")
        }
      case "enum":
        if !rule.items.contains(value) { found.append("\(place) is none of \(rule.strings)") }
      case "pattern":
        let text = value.strings.first ?? ""
        if try Regex(rule.strings[0]).firstMatch(in: text) == nil {
          found.append("\(place) is not like \(rule.strings[0])")
        }
      case "minimum":
        if let number = value.number, let least = rule.number, number < least {
          found.append("\(place) is below \(least)")
        }
      case "maximum":
        if let number = value.number, let most = rule.number, number > most {
          found.append("\(place) is above \(most)")
        }
      default: throw UnknownKeyword(keyword: keyword)
      }
    }
    return found
  }
}
