import JSON

/// An operation of the API, as its description shows it.
struct APIOperation {
  /// A body that is sent.
  struct RequestBody {
    let mediaType: String
    let schema: JSONValue
  }

  /// A status with what comes with it.
  struct Response {
    let status: Int
    let meaning: String
    let mediaTypes: [String]
    let schema: JSONValue?

    /// - Parameter schema: that of an answer in JSON.
    init(
      _ status: Int, _ meaning: String, _ schema: JSONValue? = nil,
      _ mediaTypes: [String] = [MediaType.json]
    ) {
      self.status = status
      self.meaning = meaning
      self.mediaTypes = mediaTypes
      self.schema = schema
    }
  }

  let method: String
  let path: String
  let name: String
  let summary: String
  var detail: String?
  var bodies: [RequestBody] = []
  /// Whether the features are in the query.
  var hasQuery = false
  /// A call that can be pasted into a shell.
  var example: String?
  let responses: [Response]

  static func reading(
    _ path: String, _ name: String, _ summary: String, _ responses: [Response]
  ) -> APIOperation {
    APIOperation(method: "GET", path: path, name: name, summary: summary, responses: responses)
  }

  /// The operation as OpenAPI has it.
  ///
  /// - Parameter query: the parameters of operations with the features in their query.
  func json(query: JSONValue) -> JSONValue {
    .members([
      "operationId": .string(name),
      "summary": .string(summary),
      "description": detail.map(JSONValue.string),
      "parameters": hasQuery ? query : nil,
      "requestBody": bodies.isEmpty
        ? nil
        : [
          "required": true,
          "content": .object(
            bodies.map { .init($0.mediaType, ["schema": $0.schema]) }),
        ],
      "responses": .object(
        responses.map { response in
          .init(
            "\(response.status)",
            [
              "description": .string(response.meaning),
              "content": .object(
                response.mediaTypes.map { type in
                  let isJSON = type == MediaType.json
                  return .init(
                    type, ["schema": isJSON ? response.schema ?? ["type": "object"] : Self.text])
                }),
            ])
        }),
    ])
  }

  private static let text: JSONValue = ["type": "string"]
}
