import JSON

/// A model that an experiment has.
public struct ExperimentModel: Hashable, Sendable {
  public let id: String
  public let name: String

  public init(id: String, name: String) {
    self.id = id
    self.name = name
  }

  init(_ json: JSONValue) throws {
    id = try json.requiredText("experimentModelId")
    // The registry's answers have the second name.
    name = try json["modelName"]?.text ?? json.requiredText("experimentModelName")
  }
}

/// A model of the registry with all its versions, in Comet's order.
public struct RegistryModelDetails: Hashable, Sendable {
  public let name: String
  public let versions: [RegistryModelVersion]

  init(_ json: JSONValue) throws {
    name = try json.requiredText("modelName")
    versions = try json.requiredList("versions").map(RegistryModelVersion.init)
  }
}

/// A version of a model of the registry.
public struct RegistryModelVersion: Hashable, Sendable {
  public let id: String
  public let version: String?
  public let comment: String?
  /// Older Comets call them stages and newer ones tags: both, in order, each once.
  public let stages: [String]
  public let experimentKey: String?

  init(_ json: JSONValue) throws {
    id = try json.requiredText("registryModelItemId")
    version = json["version"]?.text
    comment = json["comment"]?.text
    var stages = json.texts("stages")
    for tag in json.texts("tags") where !stages.contains(tag) { stages.append(tag) }
    self.stages = stages
    experimentKey = (json["experimentModel"]?["experimentKey"] ?? json["experimentKey"])?.text
  }
}

/// What is to become a version of a model of the registry.
public struct ModelRegistration: Hashable, Sendable {
  public let experimentKey: String
  /// The name under which the experiment logged the model.
  public let modelName: String
  /// Already in the registry's spelling: see ``RegistryName/normalized(_:)``.
  public let registryName: String
  /// Semantic, such as `1.0.0`.
  public let version: String
  public let description: String?
  public let comment: String?
  public let stages: [String]

  public init(
    experimentKey: String, modelName: String, registryName: String, version: String,
    description: String? = nil, comment: String? = nil, stages: [String] = []
  ) {
    self.experimentKey = experimentKey
    self.modelName = modelName
    self.registryName = registryName
    self.version = version
    self.description = description
    self.comment = comment
    self.stages = stages
  }
}

/// The spelling of names in the registry.
public enum RegistryName {
  /// Lower case, with single hyphens for everything that is neither letter nor digit, as Comet's SDKs
  /// do before they ask.
  public static func normalized(_ name: String) -> String {
    name.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
  }
}

/// Which version of a registered model is meant.
public enum VersionSelector: Hashable, Sendable {
  case latest
  case version(String)
  case stage(String)

  fileprivate var query: [(name: String, value: String)] {
    switch self {
    case .latest: []
    case .version(let version): [("version", version)]
    case .stage(let stage): [("stage", stage)]
    }
  }
}

extension CometCall where Answer == [ExperimentModel] {
  /// The models that an experiment has; empty for a moment after they were logged.
  public static func models(ofExperiment key: String) -> Self {
    Self("experiment/model", query: [("experimentKey", key)]) {
      try $0.requiredList("models").map(ExperimentModel.init)
    }
  }
}

extension CometCall where Answer == [String] {
  /// The names of the registry's models.
  public static func registryModels(ofWorkspace workspace: String) -> Self {
    Self("registry-model", query: [("workspaceName", workspace)]) {
      try $0.requiredList("registryModels").map { try $0.requiredText("modelName") }
    }
  }
}

extension CometCall where Answer == RegistryModelDetails {
  public static func registryModel(_ name: String, workspace: String) -> Self {
    Self(
      "registry-model/details", query: [("workspaceName", workspace), ("modelName", name)],
      json: RegistryModelDetails.init)
  }
}

extension CometCall where Answer == String {
  /// Makes a version, and the model where it is new; the answer is the version's identifier.
  ///
  /// Comets before 3.5.42 do not know it (404); there use
  /// ``registerOnOlderComet(_:model:isNew:)``.
  public static func register(_ registration: ModelRegistration) -> Self {
    Self(
      "write/registry-model/item/create",
      body: .json([
        "experimentKey": .string(registration.experimentKey),
        "experimentModelName": .string(registration.modelName),
        "registryModelName": .string(registration.registryName),
        "registryModelDescription": .optional(registration.description),
        "version": .string(registration.version),
        "versionComment": .optional(registration.comment),
        "tags": .array(registration.stages.map(JSONValue.string)),
        // Each organisation has statuses of its own, which cannot be guessed.
        "status": .null,
        "publicModel": false,
      ]), json: { try $0.requiredText("registryModelItemId") })
  }

  /// Makes a version on older Comets, which have one call for a new model and another for a further
  /// version.
  public static func registerOnOlderComet(
    _ registration: ModelRegistration, model: ExperimentModel, isNew: Bool
  ) -> Self {
    Self(
      isNew ? "write/registry-model" : "write/registry-model/item",
      body: .json(
        .members([
          "experimentModelId": .string(model.id),
          "registryModelName": .string(registration.registryName),
          "version": .string(registration.version), "isPublic": isNew ? false : nil,
          "description": isNew ? registration.description.map(JSONValue.string) : nil,
          "comment": registration.comment.map(JSONValue.string),
          "stages": .array(registration.stages.map(JSONValue.string)),
        ])), json: { try $0.requiredText("registryModelItemId") })
  }
}

// Stages are changed by GET, too.
extension CometCall where Answer == Void {
  /// Adds a stage to a version; Comet refuses one that is there already.
  public static func addStage(_ stage: String, toVersion id: String) -> Self {
    Self(
      "write/registry-model/item/stage", method: .get,
      query: [("modelItemId", id), ("stage", stage)])
  }

  public static func removeStage(_ stage: String, fromVersion id: String) -> Self {
    Self(
      "write/registry-model/item/stage/delete", method: .get,
      query: [("modelItemId", id), ("stage", stage)])
  }

  /// Downloads a version's files as a ZIP archive.
  ///
  /// - Parameters:
  ///   - path: the file to write.
  ///   - limit: the most bytes to take.
  public static func download(
    _ name: String, _ version: VersionSelector, workspace: String, to path: String,
    limit: Int = 4 << 30
  ) -> Self {
    Self(
      "registry-model/item/download",
      query: [("workspaceName", workspace), ("modelName", name)] + version.query,
      destination: .file(path, limit: limit), timeout: 600
    ) { _ in }
  }
}
