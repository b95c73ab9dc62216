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
    // Answers of the registry have the second name.
    guard let name = (json["modelName"] ?? json["experimentModelName"])?.text else {
      throw AnswerError(problem: "model \(id) has no name")
    }
    self.name = name
  }
}

/// A model of the registry, as lists of them have it.
public struct RegistryModel: Hashable, Sendable {
  public let id: String?
  public let name: String
  public let description: String?
  public let versionCount: Int?
  public let isPublic: Bool?

  init(_ json: JSONValue) throws {
    id = json["registryModelId"]?.text
    name = try json.requiredText("modelName")
    description = json["description"]?.text
    versionCount = json["numberOfVersions"]?.wholeNumber
    isPublic = (json["isPublic"] ?? json["public"])?.truth
  }
}

/// A model of the registry with all its versions, in Comet's order.
public struct RegistryModelDetails: Hashable, Sendable {
  public let model: RegistryModel
  public let versions: [RegistryModelVersion]

  init(_ json: JSONValue) throws {
    model = try RegistryModel(json)
    versions = try json.requiredList("versions").map(RegistryModelVersion.init)
  }
}

/// A version of a model of the registry.
public struct RegistryModelVersion: Hashable, Sendable {
  public let id: String
  public let version: String?
  public let comment: String?
  /// What older Comets call stages and newer ones tags: both, in order, each once.
  public let stages: [String]
  public let status: String?
  public let experimentKey: String?
  public let assets: [CometAsset]

  init(_ json: JSONValue) throws {
    id = try json.requiredText("registryModelItemId")
    version = json["version"]?.text
    comment = json["comment"]?.text
    var stages = json.texts("stages")
    for tag in json.texts("tags") where !stages.contains(tag) { stages.append(tag) }
    self.stages = stages
    status = json["status"]?.text
    experimentKey = (json["experimentModel"]?["experimentKey"] ?? json["experimentKey"])?.text
    assets = try (json["assets"]?.elements ?? []).map(CometAsset.init)
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

  var query: [(name: String, value: String)] {
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
    Self(.experimentModels, query: [("experimentKey", key)]) {
      try $0.requiredList("models").map(ExperimentModel.init)
    }
  }
}

extension CometCall where Answer == [RegistryModel] {
  public static func registryModels(ofWorkspace workspace: String) -> Self {
    Self(.registryModels, query: [("workspaceName", workspace)]) {
      try $0.requiredList("registryModels").map(RegistryModel.init)
    }
  }
}

extension CometCall where Answer == RegistryModelDetails {
  public static func registryModel(_ name: String, workspace: String) -> Self {
    Self(
      .registryModelDetails, query: [("workspaceName", workspace), ("modelName", name)],
      json: RegistryModelDetails.init)
  }
}

extension CometCall where Answer == String {
  /// Makes a version, and the model where it is new; the answer is the version's identifier.
  ///
  /// Comets before 3.5.42 do not know it (404); there use ``createRegistryModel(_:model:)`` and
  /// ``createRegistryModelVersion(_:model:)``.
  public static func register(_ registration: ModelRegistration) -> Self {
    Self(
      .registerModel,
      body: .json([
        "experimentKey": .string(registration.experimentKey),
        "experimentModelName": .string(registration.modelName),
        "registryModelName": .string(registration.registryName),
        "registryModelDescription": .optional(registration.description),
        "version": .string(registration.version),
        "versionComment": .optional(registration.comment),
        "tags": .array(registration.stages.map(JSONValue.string)),
        // A list of the organisation's own, which cannot be guessed.
        "status": .null,
        "publicModel": false,
      ]), json: { try $0.requiredText("registryModelItemId") })
  }

  /// Makes a model with its first version, on older Comets.
  public static func createRegistryModel(
    _ registration: ModelRegistration, model: ExperimentModel
  ) -> Self {
    Self(
      .createRegistryModel,
      body: .json(
        .members([
          "experimentModelId": .string(model.id),
          "registryModelName": .string(registration.registryName),
          "version": .string(registration.version), "isPublic": false,
          "description": registration.description.map(JSONValue.string),
          "comment": registration.comment.map(JSONValue.string),
          "stages": .array(registration.stages.map(JSONValue.string)),
        ])), json: { try $0.requiredText("registryModelItemId") })
  }

  /// Makes a further version of a model, on older Comets.
  public static func createRegistryModelVersion(
    _ registration: ModelRegistration, model: ExperimentModel
  ) -> Self {
    Self(
      .createRegistryModelVersion,
      body: .json(
        .members([
          "experimentModelId": .string(model.id),
          "registryModelName": .string(registration.registryName),
          "version": .string(registration.version),
          "comment": registration.comment.map(JSONValue.string),
          "stages": .array(registration.stages.map(JSONValue.string)),
        ])), json: { try $0.requiredText("registryModelItemId") })
  }
}

extension CometCall where Answer == Void {
  /// Adds a stage to a version; Comet refuses one that is there already.
  public static func addStage(_ stage: String, toVersion id: String) -> Self {
    Self(.addStage, query: [("modelItemId", id), ("stage", stage)])
  }

  public static func removeStage(_ stage: String, fromVersion id: String) -> Self {
    Self(.removeStage, query: [("modelItemId", id), ("stage", stage)])
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
      .downloadRegistryModel,
      query: [("workspaceName", workspace), ("modelName", name)] + version.query,
      destination: .file(path, limit: limit), timeout: 600
    ) { _ in }
  }
}
