import HTTPTypes
import Hummingbird
import JSON

/// The routes of the Open Inference Protocol, version 2 over REST, without extensions.
///
/// - SeeAlso: https://github.com/kserve/open-inference-protocol
enum InferenceRoutes {
  /// The protocol's name for the served model, whichever it is.
  static let modelName = "diamonds"
  static let path = "/v2/models/" + modelName

  static let all =
    [
      Route(.get, "/v2") { _, _, _ in
        .json([
          "name": "diamonds-prediction", "version": .string(ServiceState.programVersion),
          "extensions": [],
        ])
      },
      Route(.get, "/v2/health/live") { _, _, _ in .json(["live": true]) },
      Route(.get, "/v2/health/ready", ready),
    ]
    + ofModel(.get, "", metadata) + ofModel(.get, "/ready", ready) + ofModel(.post, "/infer", infer)

  /// A route about the model, without and with the version in its address.
  private static func ofModel(
    _ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Route.Handler
  ) -> [Route] {
    let plain = Route(method, Self.path + path, handler)
    let versioned = Route(
      method, Self.path + "/versions/:version" + path, name: plain.name
    ) { request, context, state throws(Problem) in
      guard context.parameters.get("version") == state.model?.origin.version else {
        throw Problem.noSuchAddress
      }
      context.coreContext.endpointPath.value = plain.name
      return try handler(request, context, state)
    }
    return [plain, versioned]
  }

  private static func ready(
    _ request: Request, _ context: ServiceContext, _ state: ServiceState
  ) -> Response {
    .json(["ready": .boolean(state.isReady)], status: state.isReady ? .ok : .serviceUnavailable)
  }

  private static func metadata(
    _ request: Request, _ context: ServiceContext, _ state: ServiceState
  ) throws(Problem) -> Response {
    let model = try state.loadedModel()
    let inputs = model.pipeline.columns.map { column -> JSONValue in
      [
        "name": .string(column.name),
        "datatype": .string(column.categories == nil ? "FP64" : "BYTES"), "shape": [-1],
      ]
    }
    return .json([
      "name": .string(modelName), "versions": [.string(model.origin.version)],
      "platform": "diamonds-prediction", "inputs": .array(inputs),
      "outputs": [
        ["name": "label", "datatype": "BYTES", "shape": [-1]],
        [
          "name": "probabilities", "datatype": "FP64",
          "shape": [-1, .integer(model.classNames.count)],
        ],
      ],
    ])
  }

  private static func infer(
    _ request: Request, _ context: ServiceContext, _ state: ServiceState
  ) throws(Problem) -> Response {
    let model = try state.loadedModel()
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: context.body.readableBytesView)
    } catch {
      throw Problem(error)
    }
    return .json(try InferenceRequest(json, model).answer(model))
  }
}
