import JSON

/// Why a request was not answered as it was meant, in the form that the API says it.
struct Problem {
  let message: String
  var fields: [FieldRemark] = []
  /// The byte of the body at which it shows, counted from 0.
  var position: Int?

  init(_ message: String, fields: [FieldRemark] = [], position: Int? = nil) {
    self.message = message
    self.fields = fields
    self.position = position
  }

  /// Problems of a row.
  init(_ fields: [FieldRemark]) {
    let first = fields.first.map { "\($0.field): \($0.message)" } ?? "the row cannot be predicted"
    let others = fields.count > 1 ? " (and \(fields.count - 1) more)" : ""
    self.init(first + others, fields: fields)
  }

  /// `{"error":{"message":…,"fields":[…],"position":…}}`, with what there is.
  var json: JSONValue {
    .object([
      .init(
        "error",
        .members([
          "message": .string(message),
          "fields": fields.isEmpty ? nil : Self.list(fields),
          "position": position.map(JSONValue.integer),
        ]))
    ])
  }

  static func list(_ remarks: [FieldRemark]) -> JSONValue {
    .array(
      remarks.map {
        .object([.init("field", .string($0.field)), .init("message", .string($0.message))])
      })
  }
}

extension ServiceAnswer {
  static func json(_ value: JSONValue, status: Int = 200) -> ServiceAnswer {
    ServiceAnswer(status, MediaType.jsonText, value.bytes + [UInt8(ascii: "\n")])
  }

  static func json(_ problem: Problem, status: Int) -> ServiceAnswer {
    json(problem.json, status: status)
  }
}
