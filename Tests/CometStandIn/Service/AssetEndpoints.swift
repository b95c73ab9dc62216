extension Endpoint {
  /// Files of experiments, and the models that are made of them.
  static let assets: [Endpoint] = [
    Endpoint(
      method: "POST", path: "write/experiment/upload-asset",
      query: [.experimentKey] + AssetUpload.fields, body: .form,
      action: .write { state, call throws(Refusal) in
        let asset = try AssetUpload.asset(call)
        let isImmutable = state.hasImmutableAssets
        try state.change(call) { experiment throws(Refusal) in
          try experiment.store(
            asset, overwrite: call.flag("overwrite") ?? false, isImmutable: isImmutable)
        }
        return .json(["msg": "Saved", "code": 200, "assetId": .string(asset.id)])
      }),
    Endpoint(
      method: "POST", path: "write/experiment/git/patch", query: [.experimentKey], body: .form,
      action: .write { state, call throws(Refusal) in
        try state.change(call) { $0.gitPatch = call.parts.first?.bytes }
        return .saved
      }),
    .getThatWrites(
      "write/experiment/asset/delete", [.experimentKey, .required("assetId", .name)]
    ) { state, call throws(Refusal) in
      let id = try call.required("assetId")
      try state.change(call) { experiment throws(Refusal) in
        guard experiment.assets.contains(where: { $0.id == id }) else { throw noAsset(id) }
        experiment.assets.removeAll { $0.id == id }
      }
      return .saved
    },
    .get(
      "experiment/asset/list", [.experimentKey, .optional("type", .name)]
    ) { state, call throws(Refusal) in
      let experiment = try state.experiment(of: call)
      let type = call.text("type") ?? "all"
      return experiment.list(experiment.assets.filter { type == "all" || $0.type == type }, call)
    },
    .get(
      "experiment/asset/get-by-name",
      [.experimentKey, .required("assetName", .name), .optional("type", .name)]
    ) { state, call throws(Refusal) in
      let experiment = try state.experiment(of: call)
      let type = call.text("type") ?? "all"
      return experiment.list(
        experiment.assets.filter {
          $0.name == call.text("assetName") && (type == "all" || $0.type == type)
        }, call)
    },
    .get(
      "experiment/asset/get-asset",
      [
        .experimentKey, .required("assetId", .name), .optional("artifactVersionId", .name),
        .optional("allow301", .flag),
      ]
    ) { state, call throws(Refusal) in
      let id = try call.required("assetId")
      guard let asset = try state.experiment(of: call).assets.first(where: { $0.id == id }) else {
        throw noAsset(id)
      }
      return .bytes(asset.bytes)
    },
    .get("experiment/model", [.experimentKey]) { state, call throws(Refusal) in
      let experiment = try state.experiment(of: call)
      return .json(["models": .array(experiment.models.map { state.json(of: $0, experiment) })])
    },
    .get(
      "experiment/model/asset/list", [.experimentKey, .required("modelName", .name)]
    ) { state, call throws(Refusal) in
      let experiment = try state.experiment(of: call)
      return experiment.list(experiment.assets(ofModel: try call.required("modelName")), call)
    },
    .get(
      "experiment/model/download", [.experimentKey, .required("modelName", .name)]
    ) { state, call throws(Refusal) in
      .bytes(try state.experiment(of: call).modelArchive(try call.required("modelName")))
    },
  ]

  private static func noAsset(_ id: String) -> Refusal { Refusal("asset \(id) does not exist") }
}

extension Experiment {
  fileprivate func list(_ assets: [Asset], _ call: Call) -> HTTPResponse {
    .json(["assets": .array(assets.map { $0.json(experimentKey: key, root: call.root) })])
  }
}

extension ServiceState {
  /// A logged model with the versions that were registered from it.
  fileprivate func json(
    of model: (name: String, id: String), _ experiment: Experiment
  ) -> JSONValue {
    let records = registry.flatMap { entry in
      entry.versions.filter { $0.experimentModelID == model.id }.map { version -> JSONValue in
        [
          "registryModelId": .string(entry.id),
          "registryModelItemId": .string(version.id),
          "registryModelName": .string(entry.name),
          "version": .string(version.number.description),
          "createdAt": .init(version.created),
        ]
      }
    }
    return [
      "experimentModelId": .string(model.id),
      "experimentKey": .string(experiment.key),
      "modelName": .string(model.name),
      "registryRecords": .array(records),
    ]
  }
}
