extension Endpoint {
  /// Registered models and their versions.
  static let registryReads: [Endpoint] = [
    .get("registry-model", [workspaceField]) { state, call throws(Refusal) in
      let models = try state.registryModels(call).map { state.overview(of: $0, call) }
      return .json(["registryModels": .array(models)])
    },
    .get("registry-model/count", [workspaceField]) { state, call throws(Refusal) in
      .json(["registryModelCount": .init(try state.registryModels(call).count)])
    },
    .get("registry-model/details", modelFields) { state, call throws(Refusal) in
      .json(state.details(of: try state.registryModel(of: call), call))
    },
    .get("registry-model/compact-details", modelFields) { state, call throws(Refusal) in
      let model = try state.registryModel(of: call)
      return .json(["registryModelId": .string(model.id), "modelName": .string(model.name)])
    },
    .get(
      "registry-model/items",
      modelFields + [
        .optional("versionPrefix", .text), .optional("status", .text), .optional("tag", .text),
      ]
    ) { state, call throws(Refusal) in
      let versions = try state.registryModel(of: call).ordered.filter { version in
        version.number.description.hasPrefix(call.text("versionPrefix") ?? "")
          && (call.text("status").map { version.status == $0 } ?? true)
          && (call.text("tag").map(version.stages.contains) ?? true)
      }
      return .json(["items": .array(versions.map { state.json(of: $0, call) })])
    },
    .get(
      "registry-model/item/details", modelFields + [.required("version", .name)]
    ) { state, call throws(Refusal) in
      let model = try state.registryModel(of: call)
      return .json(state.json(of: try state.selectedVersion(of: model, call), call))
    },
    .get(
      "registry-model/latest_version",
      modelFields + [
        .optional("versionMajor", .integer), .optional("versionMinor", .integer),
        .optional("stage", .name),
      ]
    ) { state, call throws(Refusal) in
      let model = try state.registryModel(of: call)
      let version = model.ordered.first { version in
        (call.int("versionMajor").map { $0 == version.number.major } ?? true)
          && (call.int("versionMinor").map { $0 == version.number.minor } ?? true)
          && (call.text("stage").map(version.stages.contains) ?? true)
      }
      guard let version else { throw Refusal("no version of \(model.name) matches") }
      return .json(state.json(of: version, call))
    },
    .get("registry-model/item/download", selectionFields) { state, call throws(Refusal) in
      let model = try state.registryModel(of: call)
      let version = try state.selectedVersion(of: model, call)
      guard let experiment = state.experiments[version.experimentKey] else {
        throw .noExperiment(version.experimentKey)
      }
      return .bytes(try experiment.modelArchive(version.experimentModelName))
    },
    .get(
      "registry-model/item/download-instructions", selectionFields
    ) { state, call throws(Refusal) in
      let model = try state.registryModel(of: call)
      let version = try state.selectedVersion(of: model, call)
      return .json(["s3DownloadEnabled": false, "versions": [state.json(of: version, call)]])
    },
    .get("registry-model/notes", modelFields) { state, call throws(Refusal) in
      .json(["notes": .string(try state.registryModel(of: call).notes)])
    },
    .get("registry-model/allowed_status_values", [workspaceField]) { state, call throws(Refusal) in
      _ = try state.workspace(try call.required("workspaceName"))
      return .json(["allowedStatus": .init(state.allowedStatuses)])
    },
    .get("registry-model/item/{}/metadata") { state, call throws(Refusal) in
      let place = try state.versionIndex(call.pathParameter ?? "")
      return .json(["metadata": state.registry[place.model].versions[place.version].metadata])
    },
  ]

  static let workspaceField = Field.required("workspaceName", .name)
  private static let modelFields = [workspaceField, .required("modelName", .name)]
  private static let selectionFields =
    modelFields + [.optional("version", .name), .optional("stage", .name)]
}

extension ServiceState {
  fileprivate func registryModels(_ call: Call) throws(Refusal) -> [RegistryModel] {
    let workspace = try workspace(try call.required("workspaceName"))
    return registry.filter { $0.workspace == workspace }
  }

  private func members(of model: RegistryModel) -> [JSONValue.Member] {
    [
      .init("registryModelId", .string(model.id)),
      .init("modelName", .string(model.name)),
      .init("description", .string(model.description)),
      .init("numberOfVersions", .init(model.versions.count)),
      .init("isPublic", .init(model.isPublic)),
      .init("createdAt", .init(model.created)),
      .init("lastUpdated", .init(model.updated)),
      .init("userName", "demo"),
      .init("imagePath", nil),
    ]
  }

  fileprivate func overview(of model: RegistryModel, _ call: Call) -> JSONValue {
    let latest = model.ordered.first.map { version -> JSONValue in
      let members = json(of: version, call).members ?? []
      let metadata = files(of: version).map { JSONValue($0.metadata) }
      return .object(
        members.filter { $0.key != "assets" && $0.key != "restApiUrl" }
          + [.init("metadata", .array(metadata))])
    }
    return .object(members(of: model) + [.init("latestVersion", latest ?? .null)])
  }

  fileprivate func details(of model: RegistryModel, _ call: Call) -> JSONValue {
    .object(
      [
        .init("workspaceId", .string(model.workspace)), .init("isAutoGenerated", false),
        .init("isMonitored", false),
      ] + members(of: model) + [
        .init("versions", .array(model.ordered.map { json(of: $0, call) }))
      ])
  }

  private func files(of version: RegistryModel.Version) -> [Asset] {
    experiments[version.experimentKey]?.assets(ofModel: version.experimentModelName) ?? []
  }

  fileprivate func json(of version: RegistryModel.Version, _ call: Call) -> JSONValue {
    let assets = files(of: version).map {
      $0.json(experimentKey: version.experimentKey, root: call.root)
    }
    return [
      "registryModelItemId": .string(version.id),
      "experimentModel": [
        "experimentModelId": .string(version.experimentModelID),
        "experimentModelName": .string(version.experimentModelName),
        "experimentKey": .string(version.experimentKey),
      ],
      "experimentKey": .string(version.experimentKey),
      "version": .string(version.number.description),
      "comment": .string(version.comment),
      "stages": .init(version.stages),
      "tags": .init(version.stages),
      "status": .init(version.status),
      "assets": .array(assets),
      "userName": "demo",
      "createdAt": .init(version.created),
      "lastUpdated": .init(version.updated),
      "updatedAt": .init(version.updated),
      "restApiUrl": .string(
        call.root + "/api/rest/v2/registry-model/item/download?version=\(version.number)"),
    ]
  }
}
