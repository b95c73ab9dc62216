/// A field that a request may have: its name, its type, and whether it has to be there.
struct Field: Sendable {
  enum Kind: Sendable {
    /// Any string.
    case text
    /// A string of at least one character.
    case name
    case integer
    case flag
    /// A metric's value: a number, or a string that holds one, `NaN`, `Infinity` or `-Infinity`.
    case measure
    /// A parameter's value: text, number or truth value.
    case scalar
    case anything
    case texts
    case objects([Field])
    case object
  }

  let name: String
  let kind: Kind
  let isRequired: Bool
  let acceptsNull: Bool

  static func required(_ name: String, _ kind: Kind) -> Field {
    Field(name: name, kind: kind, isRequired: true, acceptsNull: false)
  }

  static func optional(_ name: String, _ kind: Kind) -> Field {
    Field(name: name, kind: kind, isRequired: false, acceptsNull: false)
  }

  /// May be missing, and may be `null`.
  static func nullable(_ name: String, _ kind: Kind) -> Field {
    Field(name: name, kind: kind, isRequired: false, acceptsNull: true)
  }

  static let experimentKey = required("experimentKey", .name)
}

extension [Field] {
  /// Checks a JSON object: every key known, every type right, nothing required missing.
  func check(_ body: JSONValue) throws(Refusal) {
    guard let members = body.members else { throw Refusal("expected a JSON object") }
    try check(members.map { ($0.key, $0.value) }) { field, value throws(Refusal) in
      try field.check(value)
    }
  }

  /// Checks a query string by the same rules.
  func check(query: [(name: String, value: String)]) throws(Refusal) {
    // The Python SDK's upload repeats the keys of the metadata, which is a form part, in its query.
    let query = query.filter { $0.name != "metadata" || !contains { $0.name == "fileName" } }
    var names: Set<String> = []
    for item in query where !names.insert(item.name).inserted {
      throw Refusal("query parameter \(item.name) is given twice")
    }
    try check(query) { field, value throws(Refusal) in
      try field.check(queryValue: value)
    }
  }

  private func check<Value>(
    _ given: [(name: String, value: Value)], _ check: (Field, Value) throws(Refusal) -> Void
  ) throws(Refusal) {
    for field in self where field.isRequired && !given.contains(where: { $0.name == field.name }) {
      throw field.name == "experimentKey"
        ? .missingExperimentKey : Refusal("required field \(field.name) is missing")
    }
    for (name, value) in given {
      guard let field = first(where: { $0.name == name }) else {
        throw Refusal("unknown field \(name)")
      }
      try check(field, value)
    }
  }
}

extension Field {
  fileprivate func check(_ value: JSONValue) throws(Refusal) {
    if value.isNull, acceptsNull { return }
    let isRight =
      switch kind {
      case .text: value.string != nil
      case .name: value.string.map { !$0.isEmpty } ?? false
      case .integer: value.int != nil
      case .flag: value.bool != nil
      case .measure: Self.isMeasure(value)
      case .scalar: value.string != nil || value.double != nil || value.bool != nil
      case .anything: true
      case .texts: value.array?.allSatisfy { $0.string != nil } ?? false
      case .object: value.members != nil
      case .objects: value.array != nil
      }
    guard isRight else {
      throw Refusal("field \(name): expected \(expectation), found \(value.text.prefix(40))")
    }
    if case .objects(let fields) = kind {
      for element in value.array ?? [] { try fields.check(element) }
    }
  }

  fileprivate func check(queryValue: String) throws(Refusal) {
    let isRight =
      switch kind {
      case .name: !queryValue.isEmpty
      case .integer: Int(queryValue) != nil
      // The Python SDK writes True and False.
      case .flag: ["true", "false"].contains(queryValue.lowercased())
      default: true
      }
    guard isRight else {
      throw Refusal("query parameter \(name): expected \(expectation), found \"\(queryValue)\"")
    }
  }

  private static func isMeasure(_ value: JSONValue) -> Bool {
    switch value {
    case .number: true
    case .string("NaN"), .string("Infinity"), .string("-Infinity"): true
    case .string(let text): Double(text) != nil
    default: false
    }
  }

  private var expectation: String {
    switch kind {
    case .text: "a string"
    case .name: "a string that is not empty"
    case .integer: "an integer"
    case .flag: "true or false"
    case .measure: "a number"
    case .scalar: "a string, a number or a truth value"
    case .anything: "a value"
    case .texts: "an array of strings"
    case .object: "an object"
    case .objects: "an array of objects"
    }
  }
}
