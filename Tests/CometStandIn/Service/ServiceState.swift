/// All that the service stores. A value, so that yesterday's state is a copy.
struct ServiceState: Sendable {
  struct Project: Sendable {
    let id: String
    var name: String
    let workspace: String
    var description = ""
    var notes = ""
    var isPublic = false
    var lastUpdated: Int
  }

  /// Names of the workspaces that the key's owner belongs to; the first one is the default.
  var workspaces: [String]
  var projects: [Project] = []
  /// By key.
  var experiments: [String: Experiment] = [:]
  /// Keys in the order of their making.
  var experimentKeys: [String] = []
  var registry: [RegistryModel] = []
  /// Whether a second asset of a name is refused where `overwrite` is false, as newer backends do.
  let hasImmutableAssets: Bool
  let allowedStatuses: [String]
}

extension ServiceState {
  func workspace(_ name: String) throws(Refusal) -> String {
    guard workspaces.contains(name) else { throw .noWorkspace(name) }
    return name
  }

  func project(id: String) throws(Refusal) -> Project {
    guard let project = projects.first(where: { $0.id == id }) else {
      throw Refusal("project \(id) does not exist")
    }
    return project
  }

  func project(workspace: String, name: String) throws(Refusal) -> Project {
    _ = try self.workspace(workspace)
    guard let project = projects.first(where: { $0.workspace == workspace && $0.name == name })
    else { throw Refusal("project \(workspace)/\(name) does not exist") }
    return project
  }

  /// The project that a call names by `projectId`, or by `workspaceName` and `projectName`.
  func project(of call: Call) throws(Refusal) -> Project {
    if let id = call.text("projectId") { return try project(id: id) }
    return try project(
      workspace: try call.required("workspaceName"), name: try call.required("projectName"))
  }

  /// The project of this name, made when it is not there.
  mutating func ensureProject(
    workspace: String, name: String, now: Int
  ) throws(Refusal) -> Project {
    _ = try self.workspace(workspace)
    if let index = projects.firstIndex(where: { $0.workspace == workspace && $0.name == name }) {
      projects[index].lastUpdated = now
      return projects[index]
    }
    let project = Project(
      id: Identifier.random(), name: name, workspace: workspace, lastUpdated: now)
    projects.append(project)
    return project
  }

  /// The experiment that a call reads.
  func experiment(of call: Call) throws(Refusal) -> Experiment {
    let key = try call.required("experimentKey")
    guard let experiment = experiments[key] else { throw .noExperiment(key) }
    return experiment
  }

  /// Changes the experiment that a call names.
  mutating func change<Result>(
    _ call: Call, _ change: (inout Experiment) throws(Refusal) -> Result
  ) throws(Refusal) -> Result {
    try self.change(experiment: try call.required("experimentKey"), change)
  }

  mutating func change<Result>(
    experiment key: String, _ change: (inout Experiment) throws(Refusal) -> Result
  ) throws(Refusal) -> Result {
    guard experiments[key] != nil else { throw .noWriteAccess(key) }
    return try change(&experiments[key]!)
  }

  mutating func insert(_ experiment: Experiment) throws(Refusal) {
    guard experiments[experiment.key] == nil else {
      throw Refusal("experiment \(experiment.key) exists already", code: 90999)
    }
    experiments[experiment.key] = experiment
    experimentKeys.append(experiment.key)
  }
}

enum Identifier {
  /// 32 hexadecimal digits.
  static func random() -> String {
    (0..<2).map { _ in
      let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
