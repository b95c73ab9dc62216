import CometStandIn
import TestSupport

/// As much of JSON Schema as docs/comparison.schema.json uses; any other keyword is an error, so that no
/// rule is passed over in silence.
struct JSONSchema {
  struct UnknownKeyword: Error { let keyword: String }

  private let root: JSONValue

  init(contentsOf path: String) throws {
    root = try JSONValue(parsing: readFile(path) ?? [])
  }

  /// Where a document breaks the schema, and how.
  func problems(in document: String) throws -> [String] {
    try problems(JSONValue(parsing: document), root, at: "$")
  }

  private func problems(
    _ value: JSONValue, _ schema: JSONValue, at place: String
  ) throws -> [String] {
    var found: [String] = []
    let members = value.members ?? []
    for member in schema.members ?? [] {
      let rule = member.value
      switch member.key {
      case "$schema", "$defs", "title", "description": break
      case "$ref":
        let name = rule.strings[0].split(separator: "/").last.map(String.init) ?? ""
        guard let target = root["$defs"]?[name] else {
          throw UnknownKeyword(keyword: name)
        }
        found += try problems(value, target, at: place)
      case "type":
        if !rule.strings.contains(where: value.isType) {
          found.append("\(place) is no \(rule.strings.joined(separator: " or "))")
        }
      case "required":
        for name in rule.strings where value[name] == nil {
          found.append("\(place) has no \(name)")
        }
      case "properties":
        for member in members {
          guard let rule = rule[member.key] else { continue }
          found += try problems(member.value, rule, at: "\(place).\(member.key)")
        }
      case "additionalProperties":
        for member in members where schema["properties"]?[member.key] == nil {
          if rule == false {
            found.append("\(place).\(member.key) is unknown")
          } else {
            found += try problems(member.value, rule, at: "\(place).\(member.key)")
          }
        }
      case "items":
        for (index, inner) in (value.array ?? []).enumerated() {
          found += try problems(inner, rule, at: "\(place)[\(index)]")
        }
      case "minItems":
        if value.array?.count ?? 0 < rule.int ?? 0 {
          found.append("\(place) has too few items")
        }
      case "enum":
        if rule.array?.contains(value) != true {
          found.append("\(place) is none of \(rule.strings)")
        }
      case "pattern":
        let text = value.strings.first ?? ""
        if try Regex(rule.strings[0]).firstMatch(in: text) == nil {
          found.append("\(place) is not like \(rule.strings[0])")
        }
      case "minimum":
        if let number = value.double, let least = rule.double, number < least {
          found.append("\(place) is below \(least)")
        }
      case "maximum":
        if let number = value.double, let most = rule.double, number > most {
          found.append("\(place) is above \(most)")
        }
      default: throw UnknownKeyword(keyword: member.key)
      }
    }
    return found
  }
}

extension JSONValue {
  fileprivate var strings: [String] { string.map { [$0] } ?? array?.compactMap(\.string) ?? [] }

  fileprivate func isType(_ name: String) -> Bool {
    switch self {
    case .null: name == "null"
    case .bool: name == "boolean"
    case .number: name == "number" || (name == "integer" && double == double?.rounded())
    case .string: name == "string"
    case .array: name == "array"
    case .object: name == "object"
    }
  }
}
