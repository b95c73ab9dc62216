import JSON
import ModelFiles

/// What the service can be asked: the source of `/openapi.json` and of the page that shows it.
///
/// - SeeAlso: https://spec.openapis.org/oas/v3.0.3
struct APIDescription {
  /// The model whose features it describes, once there is one.
  let model: ServedModel?

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
      "paths": .object(paths),
      "components": ["schemas": schemas],
    ]
  }

  var operations: [APIOperation] { predicting + inferring + reading }

  private var predicting: [APIOperation] {
    let refusals: [APIOperation.Response] = [
      .init(413, "The body is too large.", [MediaType.json], schema: Self.problem),
      .init(415, "The content type is none that is read.", [MediaType.json], schema: Self.problem),
      .init(503, "No model is loaded yet.", [MediaType.json], schema: Self.problem),
    ]
    return [
      APIOperation(
        method: "POST", path: "/api/predict", name: "predict",
        summary: "Predicts one row, or up to \(ServiceState.rowLimit).",
        detail:
          "One object is answered by one object, an array by an array in the same order, CSV by "
          + "CSV. Where a row cannot be predicted, the status is 422; in an array, the others' "
          + "predictions are there all the same.",
        bodies: [
          .init(
            mediaType: MediaType.json,
            schema: [
              "oneOf": [
                Self.reference("Row"),
                [
                  "type": "array", "maxItems": .integer(ServiceState.rowLimit),
                  "items": Self.reference("Row"),
                ],
              ]
            ]),
          .init(
            mediaType: MediaType.csv,
            schema: ["type": "string", "description": "A line of column names, then the rows."]),
        ],
        example: "curl -H 'content-type: application/json' -d '\(exampleJSON)' "
          + "localhost:5000/api/predict",
        responses: [
          .init(
            200, "Predictions.", [MediaType.json, MediaType.csv],
            schema: Self.oneOrMany(Self.reference("Prediction"))),
          .init(
            400, "The body is not JSON, or no table.", [MediaType.json], schema: Self.problem),
          .init(
            422, "A row cannot be predicted.", [MediaType.json],
            schema: [
              "oneOf": [
                Self.problem,
                [
                  "type": "array",
                  "items": ["oneOf": [Self.reference("Prediction"), Self.problem]],
                ],
              ]
            ]),
        ] + refusals),
      APIOperation(
        method: "POST", path: "/predict", name: "predictForm",
        summary: "Answers the form with a page, or with JSON where that is preferred.",
        bodies: [.init(mediaType: MediaType.form, schema: Self.reference("Row"))],
        responses: Self.pageResponses + refusals.dropFirst()
          + [.init(413, "The body is too large.", [MediaType.json], schema: Self.problem)]),
      APIOperation(
        method: "GET", path: "/predict", name: "predictQuery",
        summary: "The same with the fields in the query.",
        hasQuery: true, responses: Self.pageResponses + [refusals[2]]),
    ]
  }

  private static let pageResponses: [APIOperation.Response] = [
    .init(
      200, "The prediction.", ["text/html", MediaType.json], schema: reference("Prediction")),
    .init(400, "Not a form.", ["text/html", MediaType.json], schema: problem),
    .init(
      422, "The form again, with what is wrong with it.", ["text/html", MediaType.json],
      schema: problem),
  ]

  /// The Open Inference Protocol, which has a description of its own elsewhere.
  private var inferring: [APIOperation] {
    let model = InferenceRoutes.path
    let error: JSONValue = [
      "type": "object", "required": ["error"], "properties": ["error": ["type": "string"]],
    ]
    let unready = APIOperation.Response(
      503, "No model is loaded yet.", [MediaType.json], schema: error)
    func reading(_ path: String, _ name: String, _ summary: String) -> APIOperation {
      APIOperation(
        method: "GET", path: path, name: name, summary: summary,
        responses: [.init(200, "The answer.", [MediaType.json]), unready])
    }
    return [
      APIOperation(
        method: "POST", path: model + "/infer", name: "infer",
        summary: "Predicts as the Open Inference Protocol (V2) has it: a tensor for each feature.",
        bodies: [
          .init(
            mediaType: MediaType.json,
            schema: [
              "type": "object", "required": ["inputs"],
              "properties": ["inputs": ["type": "array", "items": ["type": "object"]]],
            ])
        ],
        responses: [
          .init(200, "Outputs label and probabilities.", [MediaType.json]),
          .init(400, "What is wrong with the request.", [MediaType.json], schema: error),
          .init(413, "The body is too large.", [MediaType.json], schema: error), unready,
        ]),
      reading(model, "modelMetadata", "The model's inputs and outputs."),
      reading(model + "/ready", "modelReady", "Whether the model answers."),
      reading("/v2", "serverMetadata", "The server."),
      reading("/v2/health/live", "serverLive", "Whether the process lives."),
      reading("/v2/health/ready", "serverReady", "Whether a model is loaded."),
    ]
  }

  private var reading: [APIOperation] {
    let notReady = APIOperation.Response(
      503, "No model is loaded yet.", [MediaType.json], schema: Self.problem)
    func page(_ path: String, _ name: String, _ summary: String) -> APIOperation {
      APIOperation(
        method: "GET", path: path, name: name, summary: summary,
        responses: [.init(200, "The page.", ["text/html"]), notReady])
    }
    let status: JSONValue = [
      "type": "object", "required": ["status"], "properties": ["status": ["type": "string"]],
    ]
    return [
      APIOperation(
        method: "GET", path: "/api/model", name: "model",
        summary: "Tells what is served: classifier, version, features, categories, metrics.",
        responses: [.init(200, "The model.", [MediaType.json]), notReady]),
      APIOperation(
        method: "GET", path: "/health", name: "health", summary: "Tells that the process lives.",
        responses: [.init(200, "It does.", [MediaType.json], schema: status)]),
      APIOperation(
        method: "GET", path: "/ready", name: "ready", summary: "Tells whether a model is loaded.",
        responses: [
          .init(200, "Requests are welcome.", [MediaType.json], schema: status),
          .init(503, "No model yet, or the service ends.", [MediaType.json], schema: status),
        ]),
      APIOperation(
        method: "GET", path: "/metrics", name: "metrics",
        summary: "Requests, latencies, predictions, refreshes and drift, in Prometheus' format.",
        responses: [.init(200, "The metrics.", ["text/plain"])]),
      page("/", "form", "The form."),
      page("/monitor", "monitor", "How far what is asked is from what training saw."),
      page("/docs", "docs", "This description, to be read."),
      APIOperation(
        method: "GET", path: "/openapi.json", name: "openapi",
        summary: "This description, for programs.",
        responses: [.init(200, "OpenAPI 3.", [MediaType.json])]),
    ]
  }

  // MARK: - Schemas

  private static func reference(_ name: String) -> JSONValue {
    ["$ref": .string("#/components/schemas/" + name)]
  }

  private static func oneOrMany(_ schema: JSONValue) -> JSONValue {
    ["oneOf": [schema, ["type": "array", "items": schema]]]
  }

  private static let problem = reference("Problem")

  private var schemas: JSONValue {
    let remarks: JSONValue = [
      "type": "array",
      "items": [
        "type": "object", "required": ["field", "message"],
        "properties": ["field": ["type": "string"], "message": ["type": "string"]],
      ],
    ]
    let names = model?.fields.map { JSONValue.string($0.name) } ?? []
    return [
      "Row": .members([
        "type": "object",
        "required": names.isEmpty ? nil : .array(names),
        "additionalProperties": .boolean(names.isEmpty),
        "properties": .object(
          (model?.fields ?? []).map { .init($0.name, Self.schema(of: $0)) }),
      ]),
      "Prediction": [
        "type": "object", "required": ["label", "probabilities", "model"],
        "properties": [
          "label": ["type": "string"],
          "probabilities": [
            "type": "object",
            "additionalProperties": ["type": "number", "minimum": 0, "maximum": 1],
          ],
          "model": [
            "type": "object", "required": ["name", "version"],
            "properties": ["name": ["type": "string"], "version": ["type": "string"]],
          ],
          "notices": remarks,
        ],
      ],
      "Problem": [
        "type": "object", "required": ["error"],
        "properties": [
          "error": [
            "type": "object", "required": ["message"],
            "properties": [
              "message": ["type": "string"], "fields": remarks,
              "position": ["type": "integer", "minimum": 0],
            ],
          ]
        ],
      ],
    ]
  }

  private static func schema(of field: FeatureField) -> JSONValue {
    switch field.kind {
    case .choice(let names):
      ["type": "string", "enum": .array(names.map(JSONValue.string))]
    case .number:
      .members([
        "type": "number", "minimum": field.isNeverNegative ? 0 : nil,
        "description": .string(field.label + (field.unit.map { " in " + $0 } ?? "")),
      ])
    }
  }

  private var queryParameters: JSONValue {
    .array(
      (model?.fields ?? []).map { field in
        [
          "name": .string(field.name), "in": "query", "required": true,
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
