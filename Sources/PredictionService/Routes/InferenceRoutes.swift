import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// The routes of the Open Inference Protocol, version 2 over REST, with Triton's extension for binary data.
///
/// - SeeAlso: https://github.com/kserve/open-inference-protocol
enum InferenceRoutes {
  static let path = "/v2/models/:model"
  private static let headerLength = HTTPField.Name("inference-header-content-length")!

  static let all =
    [
      Route(.get, "/v2") { _, _, _ in
        .json([
          "name": "diamonds-prediction", "version": .string(ServiceState.programVersion),
          "extensions": ["binary_tensor_data"],
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
    let plain = Route(
      method, Self.path + path
    ) { request, context, state throws(Problem) in
      let name = context.parameters.get("model")
      // Without a model it has no name, and the route says so.
      guard state.model == nil || name == state.model?.servedName else {
        throw Problem.noSuchAddress
      }
      return try handler(request, context, state)
    }
    let versioned = Route(
      method, Self.path + "/versions/:version" + path, name: plain.name
    ) { request, context, state throws(Problem) in
      guard context.parameters.get("version") == state.model?.origin.version else {
        throw Problem.noSuchAddress
      }
      context.coreContext.endpointPath.value = plain.name
      return try plain.handler(request, context, state)
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
      "name": .string(model.servedName), "versions": [.string(model.origin.version)],
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
    var length: Int?
    if let text = request.headers[headerLength] {
      guard let number = Int(text), number >= 0 else {
        throw Problem(.badRequest, "expected a number of bytes in \(headerLength)")
      }
      length = number
    }
    let answer = try InferenceRequest(context.body, headerLength: length, model).answer(model)
    guard answer.data.readableBytes > 0 else { return .json(answer.json) }
    let header = answer.json.bytes
    var body = ByteBuffer(bytes: header)
    body.writeImmutableBuffer(answer.data)
    var response = Response(.ok, MediaType.binary, body)
    response.headers[headerLength] = "\(header.count)"
    return response
  }
}
