import JSON
import ModelFiles

/// What the service can be asked: the source of `/openapi.json` and of the page that shows it.
///
/// - SeeAlso: https://spec.openapis.org/oas/v3.0.3
struct APIDescription {
  /// The model whose features it describes, once there is one.
  let model: ServedModel?
  /// The path at which clients find the service.
  var prefix = ""

  var json: JSONValue {
    var paths: [JSONValue.Member] = []
    for operation in operations {
      let entry = JSONValue.Member(
        operation.method.lowercased(), operation.json(query: queryParameters))
      if let place = paths.firstIndex(where: { $0.name == operation.path }) {
        paths[place] = .init(operation.path, .object((paths[place].value.members ?? []) + [entry]))
      } else {
        paths.append(.init(operation.path, .object([entry])))
      }
    }
    return [
      "openapi": "3.0.3",
      "info": [
        "title": "diamonds-prediction",
        "version": .string(ProgramVersion.current),
        "description": "Predicts with the model that is in production.",
      ],
      "servers": [["url": .string(prefix.isEmpty ? "/" : prefix)]],
      "paths": .object(paths),
      "components": ["schemas": schemas],
    ]
  }

  var operations: [APIOperation] { predicting + inferring + reading }

  private typealias Response = APIOperation.Response

  private var predicting: [APIOperation] {
    let tooLarge = Response(413, "The body is too large.", Self.problem)
    let wrongType = Response(415, "The content type is not supported.", Self.problem)
    let notReady = Response(503, "No model is loaded yet, or the service is busy.", Self.problem)
    let (row, prediction) = (Self.reference("Row"), Self.reference("Prediction"))
    let page = ["text/html", MediaType.json]
    let pageResponses = [
      Response(200, "The prediction.", prediction, page),
      Response(400, "The form cannot be read.", Self.problem, page),
      Response(422, "The form again, with the problems.", Self.problem, page),
    ]
    return [
      APIOperation(
        method: "POST", path: "/api/predict", name: "predict",
        summary: "Predicts one row, or up to \(ServiceState.rowLimit).",
        detail: "An object is answered with an object, an array with an array in the same order, "
          + "CSV with CSV. If a row cannot be predicted, the status is 422; in an array, the other "
          + "rows are predicted all the same.",
        bodies: [
          .init(
            mediaType: MediaType.json,
            schema: [
              "oneOf": [
                row, ["type": "array", "maxItems": .integer(ServiceState.rowLimit), "items": row],
              ]
            ]),
          .init(
            mediaType: MediaType.csv,
            schema: ["type": "string", "description": "A line of column names, then the rows."]),
        ],
        example: "curl -H 'content-type: application/json' -d '\(exampleJSON)' "
          + "localhost:5000\(prefix)/api/predict",
        responses: [
          Response(
            200, "Predictions.", Self.oneOrMany(prediction), [MediaType.json, MediaType.csv]),
          Response(400, "The body is neither JSON nor a CSV table.", Self.problem),
          Response(
            422, "A row cannot be predicted.",
            [
              "oneOf": [
                Self.problem,
                ["type": "array", "items": ["oneOf": [prediction, Self.problem]]],
              ]
            ]),
          tooLarge, wrongType, notReady,
        ]),
      APIOperation(
        method: "POST", path: "/predict", name: "predictForm",
        summary: "Answers the form with a page, or with JSON if the client prefers it.",
        bodies: [.init(mediaType: MediaType.form, schema: row)],
        responses: pageResponses + [wrongType, notReady, tooLarge]),
      APIOperation(
        method: "GET", path: "/predict", name: "predictQuery",
        summary: "The same with the fields in the query.",
        hasQuery: true, responses: pageResponses + [notReady]),
    ]
  }

  /// The Open Inference Protocol, which has a description of its own elsewhere.
  private var inferring: [APIOperation] {
    let model = "/v2/models/" + (model?.servedName ?? "model")
    let error = Self.object(required: ["error"], ["error": ["type": "string"]])
    let notReady = Response(503, "No model is loaded yet, or the service is busy.", error)
    func reading(_ path: String, _ name: String, _ summary: String) -> APIOperation {
      .reading(path, name, summary, [Response(200, "The answer."), notReady])
    }
    return [
      APIOperation(
        method: "POST", path: model + "/infer", name: "infer",
        summary: "Predicts by the Open Inference Protocol (V2): a tensor for each feature.",
        bodies: [
          .init(
            mediaType: MediaType.json,
            schema: Self.object(
              required: ["inputs"], ["inputs": ["type": "array", "items": ["type": "object"]]]))
        ],
        responses: [
          Response(200, "The outputs label and probabilities."),
          Response(400, "What is wrong with the request.", error),
          Response(413, "The body is too large.", error), notReady,
        ]),
      reading(model, "modelMetadata", "The model's inputs and outputs."),
      reading(model + "/ready", "modelReady", "Whether the model answers."),
      reading("/v2", "serverMetadata", "The server."),
      reading("/v2/health/live", "serverLive", "Whether the process is running."),
      reading("/v2/health/ready", "serverReady", "Whether a model is loaded."),
    ]
  }

  private var reading: [APIOperation] {
    let notReady = Response(503, "No model is loaded yet, or the service is busy.", Self.problem)
    let status = Self.object(required: ["status"], ["status": ["type": "string"]])
    func page(_ path: String, _ name: String, _ summary: String) -> APIOperation {
      .reading(path, name, summary, [Response(200, "The page.", nil, ["text/html"]), notReady])
    }
    return [
      .reading(
        "/api/model", "model", "The model: classifier, version, features, categories, metrics.",
        [Response(200, "The model."), notReady]),
      .reading(
        "/health", "health", "Whether the process is running.",
        [Response(200, "It is running.", status)]),
      .reading(
        "/ready", "ready", "Whether a model is loaded.",
        [
          Response(200, "A model is loaded.", status),
          Response(503, "No model is loaded yet, or the service is stopping.", status),
        ]),
      .reading(
        "/metrics", "metrics",
        "Requests, latencies, predictions, refreshes and drift, in Prometheus' format.",
        [Response(200, "The metrics.", nil, ["text/plain"])]),
      page("/", "form", "The form."),
      page("/monitor", "monitor", "How much the requests differ from the training data."),
      page("/docs", "docs", "This description, for people."),
      .reading(
        "/openapi.json", "openapi", "This description, for programs.",
        [Response(200, "OpenAPI 3.")]),
    ]
  }

  // MARK: - Schemas

  private static func reference(_ name: String) -> JSONValue {
    ["$ref": .string("#/components/schemas/" + name)]
  }

  private static func oneOrMany(_ schema: JSONValue) -> JSONValue {
    ["oneOf": [schema, ["type": "array", "items": schema]]]
  }

  private static func object(required: JSONValue, _ properties: JSONValue) -> JSONValue {
    ["type": "object", "required": required, "properties": properties]
  }

  private static let problem = reference("Problem")

  private var schemas: JSONValue {
    let text: JSONValue = ["type": "string"]
    let remarks: JSONValue = [
      "type": "array",
      "items": Self.object(required: ["field", "message"], ["field": text, "message": text]),
    ]
    let fields = model?.fields ?? []
    let required = fields.filter { !$0.isOptional }
    return [
      "Row": .members([
        "type": "object",
        "required": required.isEmpty ? nil : .array(required.map { .string($0.name) }),
        "additionalProperties": .boolean(fields.isEmpty),
        "properties": .object(fields.map { .init($0.name, Self.schema(of: $0)) }),
      ]),
      "Prediction": Self.object(
        required: ["label", "probabilities", "model"],
        [
          "label": text,
          "probabilities": [
            "type": "object",
            "additionalProperties": ["type": "number", "minimum": 0, "maximum": 1],
          ],
          "model": Self.object(required: ["name", "version"], ["name": text, "version": text]),
          "notices": remarks,
        ]),
      "Problem": Self.object(
        required: ["error"],
        [
          "error": Self.object(
            required: ["message"],
            [
              "message": text, "fields": remarks, "position": ["type": "integer", "minimum": 0],
            ])
        ]),
    ]
  }

  private static func schema(of field: FeatureField) -> JSONValue {
    switch field.kind {
    case .choice(let names):
      .members([
        "type": "string", "nullable": field.isOptional ? true : nil,
        "enum": .array(names.map(JSONValue.string) + (field.isOptional ? [.null] : [])),
      ])
    case .number:
      .members([
        "type": "number", "nullable": field.isOptional ? true : nil,
        "minimum": field.isNeverNegative ? 0 : nil,
        "description": .string(field.label + (field.unit.map { " in " + $0 } ?? "")),
      ])
    }
  }

  private var queryParameters: JSONValue {
    .array(
      (model?.fields ?? []).map { field in
        [
          "name": .string(field.name), "in": "query", "required": .boolean(!field.isOptional),
          "schema": Self.schema(of: field),
        ]
      })
  }

  /// A row as an example: the middle of the training rows.
  private var exampleJSON: String {
    guard let model else { return "{}" }
    return JSONValue.object(
      zip(model.pipeline.columns, FormPage.example(model.pipeline)).map { column, example in
        let number = column.categories == nil ? Double(example.value) : nil
        return .init(
          column.name,
          number.map { Int(exactly: $0).map(JSONValue.integer) ?? .real($0) }
            ?? .string(example.value))
      }
    ).description
  }
}
