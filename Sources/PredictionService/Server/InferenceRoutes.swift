import JSON

/// The routes of the Open Inference Protocol, version 2 over REST, without extensions.
///
/// - SeeAlso: https://github.com/kserve/open-inference-protocol
extension PredictionResponder {
  /// What the protocol calls the model that is served, whichever it is.
  static let inferenceName = "diamonds"

  static let inferenceRoutes: [Route] = {
    let model = "/v2/models/" + inferenceName
    return [
      Route(
        "/v2",
        [
          "GET": { _, _ in
            .json([
              "name": "diamonds-prediction", "version": .string(programVersion), "extensions": [],
            ])
          }
        ]),
      Route("/v2/health/live", ["GET": { _, _ in .json(["live": true]) }]),
      Route("/v2/health/ready", ["GET": { $1.inferenceReady($0) }]),
      Route(model, ["GET": { $1.inferenceMetadata($0) }]),
      Route(model + "/ready", ["GET": { $1.inferenceReady($0) }]),
      Route(model + "/infer", ["POST": { $1.infer($0) }]),
    ]
  }()

  /// The path without the part that names the version, where that is the one that is served.
  static func withoutVersion(_ path: Substring, _ model: ServedModel?) -> Substring {
    let start = "/v2/models/\(inferenceName)/versions/"
    guard path.hasPrefix(start), let model else { return path }
    let rest = path.dropFirst(start.count)
    let version = rest.prefix { $0 != "/" }
    guard version == model.origin.version else { return path }
    return "/v2/models/\(inferenceName)" + rest.dropFirst(version.count)
  }

  private func inferenceReady(_ request: ServiceRequest) -> ServiceAnswer {
    let isReady = !isStopping && models.current != nil
    return .json(["ready": .boolean(isReady)], status: isReady ? 200 : 503)
  }

  private func inferenceMetadata(_ request: ServiceRequest) -> ServiceAnswer {
    withModel(request) { model in
      let inputs = model.pipeline.columns.map { column -> JSONValue in
        [
          "name": .string(column.name),
          "datatype": .string(column.categories == nil ? "FP64" : "BYTES"), "shape": [-1],
        ]
      }
      return .json([
        "name": .string(Self.inferenceName), "versions": [.string(model.origin.version)],
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
  }

  private func infer(_ request: ServiceRequest) -> ServiceAnswer {
    withModel(request) { model in
      do {
        let json = try JSONValue(parsing: request.body.readableBytesView)
        let inference = try InferenceRequest(json, model)
        return .json(inference.answer(model))
      } catch {
        let text = (error as? JSONError).map { "not JSON: \($0)" } ?? "\(error)"
        return .json(["error": .string(text)], status: 400)
      }
    }
  }
}
