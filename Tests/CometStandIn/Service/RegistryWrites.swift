extension Endpoint {
  /// Registering models, and changing what is registered.
  static let registryWrites: [Endpoint] = [
    // The first version, as clients before 3.5.42 register it.
    .post(
      "write/registry-model",
      classicFields + [.nullable("isPublic", .flag), .nullable("description", .text)]
    ) { state, call throws(Refusal) in
      let (experiment, model) = try state.experimentModel(
        id: try call.required("experimentModelId"))
      let name = try call.required("registryModelName")
      if (try? state.registryIndex(workspace: experiment.workspace, name: name)) != nil {
        throw Refusal("registry model \(name) exists already")
      }
      return try state.register(
        NewVersion(call, experiment, model, comment: "comment", stages: "stages"), call,
        creates: true)
    },
    // A further version, likewise.
    .post("write/registry-model/item", classicFields) { state, call throws(Refusal) in
      let (experiment, model) = try state.experimentModel(
        id: try call.required("experimentModelId"))
      return try state.register(
        NewVersion(call, experiment, model, comment: "comment", stages: "stages"), call,
        creates: false)
    },
    .post(
      "write/registry-model/item/create",
      [
        .experimentKey, .required("experimentModelName", .name),
        .required("registryModelName", .name), .nullable("registryModelDescription", .text),
        .required("version", .name), .nullable("versionComment", .text), .nullable("tags", .texts),
        .nullable("status", .text), .nullable("publicModel", .flag),
      ]
    ) { state, call throws(Refusal) in
      let key = try call.required("experimentKey")
      guard let experiment = state.experiments[key] else { throw .noWriteAccess(key) }
      let name = try call.required("experimentModelName")
      guard experiment.models.contains(where: { $0.name == name }) else {
        throw Refusal("experiment \(key) has no model \(name)")
      }
      return try state.register(
        NewVersion(call, experiment, name, comment: "versionComment", stages: "tags"), call,
        creates: true)
    }.onNewBackends,
    .post(
      "write/registry-model/update",
      [
        .required("registryModelId", .name), .nullable("registryModelName", .name),
        .nullable("description", .text), .nullable("isPublic", .flag),
      ]
    ) { state, call throws(Refusal) in
      let id = try call.required("registryModelId")
      guard let index = state.registry.firstIndex(where: { $0.id == id }) else {
        throw .noRegistryModel(id)
      }
      if let name = call.text("registryModelName") { state.registry[index].name = name }
      if let text = call.text("description") { state.registry[index].description = text }
      if let flag = call.flag("isPublic") { state.registry[index].isPublic = flag }
      state.registry[index].updated = call.now
      return .saved
    },
    .post(
      "write/registry-model/item/update",
      [
        .required("registryModelItemId", .name), .nullable("comment", .text),
        .nullable("stages", .texts),
      ]
    ) { state, call throws(Refusal) in
      try state.changeVersion(try call.required("registryModelItemId"), call) { version in
        if let comment = call.text("comment") { version.comment = comment }
        if call.body["stages"]?.array != nil { version.stages = call.texts("stages") }
      }
    },
    .getThatWrites("write/registry-model/item/stage", stageFields) { state, call throws(Refusal) in
      let stage = try call.required("stage")
      return try state.changeVersion(
        try call.required("modelItemId"), call
      ) { version throws(Refusal) in
        guard !version.stages.contains(stage) else {
          throw Refusal("version \(version.number) is in stage \(stage) already")
        }
        version.stages.append(stage)
      }
    },
    .getThatWrites(
      "write/registry-model/item/stage/delete", stageFields
    ) { state, call throws(Refusal) in
      let stage = try call.required("stage")
      return try state.changeVersion(
        try call.required("modelItemId"), call
      ) { version throws(Refusal) in
        guard version.stages.contains(stage) else {
          throw Refusal("version \(version.number) is not in stage \(stage)")
        }
        version.stages.removeAll { $0 == stage }
      }
    },
    .post(
      "write/registry-model/item/status",
      [.required("modelItemId", .name), .required("status", .name)]
    ) { state, call throws(Refusal) in
      let status = try state.allowed(try call.required("status"))
      return try state.changeVersion(try call.required("modelItemId"), call) {
        $0.status = status
      }
    }.onNewBackends,
    .post(
      "write/registry-model/item/{}/metadata",
      [
        .required(
          "metadata", .objects([.required("key", .name), .required("value", .anything)]))
      ]
    ) { state, call throws(Refusal) in
      try state.changeVersion(call.pathParameter ?? "", call) {
        $0.metadata = call.body["metadata"] ?? []
      }
    }.onNewBackends,
    .post(
      "write/registry-model/notes",
      [workspaceField, .required("registryModelName", .name), .required("notes", .text)]
    ) { state, call throws(Refusal) in
      let index = try state.registryIndex(
        workspace: try call.required("workspaceName"),
        name: try call.required("registryModelName"))
      state.registry[index].notes = try call.required("notes")
      return .saved
    },
    .getThatWrites(
      "write/registry-model/item/delete", [.required("modelItemId", .name)]
    ) { state, call throws(Refusal) in
      let place = try state.versionIndex(try call.required("modelItemId"))
      state.registry[place.model].versions.remove(at: place.version)
      return .saved
    },
    .getThatWrites(
      "write/registry-model/delete", [workspaceField, .required("modelName", .name)]
    ) { state, call throws(Refusal) in
      state.registry.remove(
        at: try state.registryIndex(
          workspace: try call.required("workspaceName"), name: try call.required("modelName")))
      return .saved
    },
  ]

  private static let classicFields: [Field] = [
    .required("experimentModelId", .name), .required("registryModelName", .name),
    .required("version", .name), .nullable("comment", .text), .nullable("stages", .texts),
  ]
  private static let stageFields: [Field] = [
    .required("modelItemId", .name), .required("stage", .name),
  ]

  private var onNewBackends: Endpoint {
    var copy = self
    copy.isNew = true
    return copy
  }
}

/// A version that is to be registered, from either kind of call.
private struct NewVersion {
  let experiment: Experiment
  let experimentModelName: String
  let comment: String
  let stages: [String]

  init(
    _ call: Call, _ experiment: Experiment, _ modelName: String, comment: String, stages: String
  ) {
    self.experiment = experiment
    experimentModelName = modelName
    self.comment = call.text(comment) ?? ""
    self.stages = call.texts(stages)
  }
}

extension ServiceState {
  fileprivate func allowed(_ status: String) throws(Refusal) -> String {
    guard allowedStatuses.contains(status) else {
      throw Refusal("status \"\(status)\" is none of \(allowedStatuses.joined(separator: ", "))")
    }
    return status
  }

  fileprivate mutating func register(
    _ new: NewVersion, _ call: Call, creates: Bool
  ) throws(Refusal) -> HTTPResponse {
    let number = try SemanticVersion(try call.required("version"))
    let name = try call.required("registryModelName")
    let status = try call.text("status").map { text throws(Refusal) in try allowed(text) }
    guard Set(new.stages).count == new.stages.count else { throw Refusal("a stage is given twice") }
    let model = new.experiment.models.first { $0.name == new.experimentModelName }
    let version = RegistryModel.Version(
      id: Identifier.random(), number: number, comment: new.comment, stages: new.stages,
      status: status, experimentKey: new.experiment.key, experimentModelID: model?.id ?? "",
      experimentModelName: new.experimentModelName, created: call.now, updated: call.now)
    let workspace = new.experiment.workspace
    let known = registry.firstIndex { $0.workspace == workspace && $0.name == name }
    guard known != nil || creates else { throw .noRegistryModel(name) }
    if let known, registry[known].versions.contains(where: { $0.number == number }) {
      throw Refusal("registry model \(name) has a version \(number) already")
    }
    if known == nil {
      registry.append(
        RegistryModel(
          id: Identifier.random(), workspace: workspace, name: name,
          description: call.text("registryModelDescription") ?? call.text("description") ?? "",
          isPublic: call.flag("publicModel") ?? call.flag("isPublic") ?? false, created: call.now,
          updated: call.now))
    }
    let index = known ?? registry.count - 1
    registry[index].versions.append(version)
    registry[index].updated = call.now
    return .json([
      "registryModelId": .string(registry[index].id), "registryModelItemId": .string(version.id),
    ])
  }

  fileprivate mutating func changeVersion(
    _ id: String, _ call: Call, _ change: (inout RegistryModel.Version) throws(Refusal) -> Void
  ) throws(Refusal) -> HTTPResponse {
    let place = try versionIndex(id)
    try change(&registry[place.model].versions[place.version])
    registry[place.model].versions[place.version].updated = call.now
    return .saved
  }
}
