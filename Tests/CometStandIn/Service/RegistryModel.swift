/// A model of the registry with its versions.
struct RegistryModel: Sendable {
  struct Version: Sendable {
    let id: String
    let number: SemanticVersion
    var comment: String
    /// Stages, which newer clients call tags.
    var stages: [String]
    var status: String?
    var metadata: JSONValue = []
    let experimentKey: String
    let experimentModelID: String
    let experimentModelName: String
    let created: Int
    var updated: Int
  }

  let id: String
  let workspace: String
  var name: String
  var description: String
  var isPublic: Bool
  var notes = ""
  let created: Int
  var updated: Int
  /// In the order of their making.
  var versions: [Version] = []

  /// Newest first.
  var ordered: [Version] { versions.sorted { $0.number > $1.number } }
}

/// `X.Y.Z`, as the registry wants it.
struct SemanticVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  let major: Int
  let minor: Int
  let patch: Int

  init(_ text: String) throws(Refusal) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part -> Int? in
      guard !part.isEmpty, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        part == "0" || !part.hasPrefix("0")
      else { return nil }
      return Int(part)
    }
    guard parts.count == 3, numbers.count == 3 else { throw .badVersion(text) }
    (major, minor, patch) = (numbers[0], numbers[1], numbers[2])
  }

  var description: String { "\(major).\(minor).\(patch)" }

  static func < (one: SemanticVersion, other: SemanticVersion) -> Bool {
    (one.major, one.minor, one.patch) < (other.major, other.minor, other.patch)
  }
}

extension ServiceState {
  func registryIndex(workspace: String, name: String) throws(Refusal) -> Int {
    _ = try self.workspace(workspace)
    guard let index = registry.firstIndex(where: { $0.workspace == workspace && $0.name == name })
    else { throw .noRegistryModel(name) }
    return index
  }

  func registryModel(of call: Call) throws(Refusal) -> RegistryModel {
    registry[
      try registryIndex(
        workspace: try call.required("workspaceName"), name: try call.required("modelName"))]
  }

  /// Where a version is, by its identifier.
  func versionIndex(_ id: String) throws(Refusal) -> (model: Int, version: Int) {
    for (model, entry) in registry.enumerated() {
      if let version = entry.versions.firstIndex(where: { $0.id == id }) { return (model, version) }
    }
    throw Refusal("registry model item \(id) does not exist")
  }

  /// The logged model with this identifier.
  func experimentModel(id: String) throws(Refusal) -> (experiment: Experiment, name: String) {
    for key in experimentKeys {
      guard let experiment = experiments[key] else { continue }
      if let model = experiment.models.first(where: { $0.id == id }) {
        return (experiment, model.name)
      }
    }
    throw Refusal("experiment model \(id) does not exist")
  }

  /// The version that a download names: by number or by stage, never by both; else the newest.
  func selectedVersion(
    of model: RegistryModel, _ call: Call
  ) throws(Refusal) -> RegistryModel.Version {
    let (version, stage) = (call.text("version"), call.text("stage"))
    guard version == nil || stage == nil else {
      throw Refusal("version and stage exclude each other")
    }
    let number = try version.map { text throws(Refusal) in try SemanticVersion(text) }
    let found = model.ordered.first {
      (number == nil || $0.number == number) && (stage.map($0.stages.contains) ?? true)
    }
    guard let found else {
      let wanted = version.map { "version \($0)" } ?? stage.map { "version in stage \($0)" }
      throw Refusal("registry model \(model.name) has no \(wanted ?? "version")")
    }
    return found
  }
}
