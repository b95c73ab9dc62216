import JSON

/// A project of a workspace.
public struct CometProject: Hashable, Sendable {
  public let id: String
  public let name: String
  public let workspace: String?
  public let isPublic: Bool?

  init(_ json: JSONValue) throws {
    id = try json.requiredText("projectId")
    name = try json.requiredText("projectName")
    workspace = json["workspaceName"]?.text
    // The documentation has one name, real answers have the other.
    isPublic = (json["public"] ?? json["isPublic"])?.truth
  }
}

/// What Comet knows about an experiment as a whole. Times are milliseconds since 1970.
public struct ExperimentMetadata: Hashable, Sendable {
  public let key: String
  public let name: String?
  public let startTime: Int?
  public let endTime: Int?
  public let isRunning: Bool
  public let hasCrashed: Bool

  init(_ json: JSONValue) throws {
    key = try json.requiredText("experimentKey")
    name = json["experimentName"]?.text
    startTime = json["startTimeMillis"]?.wholeNumber
    endTime = json["endTimeMillis"]?.wholeNumber
    isRunning = json["running"]?.truth ?? false
    hasCrashed = json["hasCrashed"]?.truth ?? false
  }
}

extension CometCall where Answer == [String] {
  /// The names of the workspaces that the account may see.
  public static var workspaces: Self {
    Self("workspaces") { try $0.requiredList("workspaceNames").compactMap(\.text) }
  }
}

extension CometCall where Answer == String {
  /// The workspace of an account that names none.
  public static var defaultWorkspace: Self {
    Self("account-details") { try $0.requiredText("defaultWorkspaceName") }
  }
}

extension CometCall where Answer == [CometProject] {
  public static func projects(ofWorkspace workspace: String) -> Self {
    Self("projects", query: [("workspaceName", workspace)]) {
      try $0.requiredList("projects").map(CometProject.init)
    }
  }
}

extension CometCall where Answer == CometProject {
  public static func project(_ name: String, ofWorkspace workspace: String) -> Self {
    Self(
      "project", query: [("workspaceName", workspace), ("projectName", name)],
      json: CometProject.init)
  }
}

extension CometCall where Answer == [ExperimentMetadata] {
  public static func experiments(
    ofProject project: String, workspace: String, archived: Bool = false
  ) -> Self {
    Self(
      "experiments",
      query: [
        ("workspaceName", workspace), ("projectName", project), ("archived", "\(archived)"),
      ]
    ) { try $0.requiredList("experiments").map(ExperimentMetadata.init) }
  }
}

extension CometCall where Answer == ExperimentMetadata {
  public static func metadata(ofExperiment key: String) -> Self {
    Self("experiment/metadata", query: [("experimentKey", key)], json: ExperimentMetadata.init)
  }
}
