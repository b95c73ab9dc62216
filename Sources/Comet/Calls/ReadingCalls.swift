import JSON

/// A project of a workspace.
public struct CometProject: Hashable, Sendable {
  public let id: String
  public let name: String
  public let workspace: String?
  public let description: String?
  public let owner: String?
  public let experimentCount: Int?
  public let isPublic: Bool?

  init(_ json: JSONValue) throws {
    id = try json.requiredText("projectId")
    name = try json.requiredText("projectName")
    workspace = json["workspaceName"]?.text
    description = json["projectDescription"]?.text
    owner = json["ownerUserName"]?.text
    experimentCount = json["numberOfExperiments"]?.wholeNumber
    // The documentation has one name, real answers have the other.
    isPublic = (json["public"] ?? json["isPublic"])?.truth
  }
}

/// What Comet knows about an experiment as a whole. Times are milliseconds since 1970.
public struct ExperimentMetadata: Hashable, Sendable {
  public let key: String
  public let name: String?
  public let projectID: String?
  public let projectName: String?
  public let workspace: String?
  public let startTime: Int?
  public let endTime: Int?
  public let isArchived: Bool
  public let isRunning: Bool
  public let hasCrashed: Bool

  init(_ json: JSONValue) throws {
    key = try json.requiredText("experimentKey")
    name = json["experimentName"]?.text
    projectID = json["projectId"]?.text
    projectName = json["projectName"]?.text
    workspace = json["workspaceName"]?.text
    startTime = json["startTimeMillis"]?.wholeNumber
    endTime = json["endTimeMillis"]?.wholeNumber
    isArchived = json["archived"]?.truth ?? false
    isRunning = json["running"]?.truth ?? false
    hasCrashed = json["hasCrashed"]?.truth ?? false
  }
}

/// The values that Comet shows for a metric, a parameter or another entry; all are text.
public struct LoggedSummary: Hashable, Sendable {
  /// With the context before it, such as `train_accuracy`.
  public let name: String
  public let current: String?
  public let minimum: String?
  public let maximum: String?

  init(_ json: JSONValue) throws {
    name = try json.requiredText("name")
    current = json["valueCurrent"]?.text
    minimum = json["valueMin"]?.text
    maximum = json["valueMax"]?.text
  }
}

/// One logged value of a metric.
public struct MetricPoint: Hashable, Sendable {
  public let name: String
  public let value: String
  /// Milliseconds since 1970.
  public let timestamp: Int?
  public let step: Int?
  public let context: String?

  init(_ json: JSONValue) throws {
    name = try json.requiredText("metricName")
    guard let value = json["metricValue"]?.text ?? json["metricValue"]?.number?.description else {
      throw AnswerError(problem: "a point of metric \(name) has no value")
    }
    self.value = value
    timestamp = json["timestamp"]?.wholeNumber
    step = json["step"]?.wholeNumber
    context = json["runContext"]?.text
  }
}

/// A file of an experiment or of a registered model.
public struct CometAsset: Hashable, Sendable {
  public let id: String
  public let fileName: String?
  public let type: String?
  public let size: Int?
  public let context: String?
  public let step: Int?

  init(_ json: JSONValue) throws {
    id = try json.requiredText("assetId")
    fileName = json["fileName"]?.text
    type = json["type"]?.text
    size = json["fileSize"]?.wholeNumber
    context = json["runContext"]?.text
    step = json["step"]?.wholeNumber
  }
}

extension CometCall {
  fileprivate static func ofExperiment(
    _ endpoint: CometEndpoint, _ key: String, _ more: [(name: String, value: String)] = [],
    read: @escaping @Sendable (JSONValue) throws -> Answer
  ) -> CometCall {
    CometCall(endpoint, query: [("experimentKey", key)] + more, json: read)
  }
}

extension CometCall where Answer == [String] {
  /// The names of the workspaces that the account may see.
  public static var workspaces: Self {
    Self(.workspaces) { try $0.requiredList("workspaceNames").compactMap(\.text) }
  }

  public static func tags(ofExperiment key: String) -> Self {
    ofExperiment(.tags, key) { try $0.requiredList("tags").compactMap(\.text) }
  }
}

extension CometCall where Answer == String {
  /// The workspace of an account that names none.
  public static var defaultWorkspace: Self {
    Self(.accountDetails) { try $0.requiredText("defaultWorkspaceName") }
  }

  public static func html(ofExperiment key: String) -> Self {
    ofExperiment(.html, key) { $0["html"]?.text ?? "" }
  }

  public static func output(ofExperiment key: String) -> Self {
    ofExperiment(.output, key) { $0["output"]?.text ?? "" }
  }

  public static func code(ofExperiment key: String) -> Self {
    ofExperiment(.code, key) { $0["code"]?.text ?? "" }
  }
}

extension CometCall where Answer == [CometProject] {
  public static func projects(ofWorkspace workspace: String) -> Self {
    Self(.projects, query: [("workspaceName", workspace)]) {
      try $0.requiredList("projects").map(CometProject.init)
    }
  }
}

extension CometCall where Answer == CometProject {
  public static func project(_ name: String, ofWorkspace workspace: String) -> Self {
    Self(
      .project, query: [("workspaceName", workspace), ("projectName", name)],
      json: CometProject.init)
  }

  public static func project(id: String) -> Self {
    Self(.project, query: [("projectId", id)], json: CometProject.init)
  }
}

extension CometCall where Answer == [ExperimentMetadata] {
  public static func experiments(
    ofProject project: String, workspace: String, archived: Bool = false
  ) -> Self {
    Self(
      .experiments,
      query: [
        ("workspaceName", workspace), ("projectName", project), ("archived", "\(archived)"),
      ]
    ) { try $0.requiredList("experiments").map(ExperimentMetadata.init) }
  }
}

extension CometCall where Answer == ExperimentMetadata {
  public static func metadata(ofExperiment key: String) -> Self {
    ofExperiment(.experimentMetadata, key, read: ExperimentMetadata.init)
  }
}

extension CometCall where Answer == [LoggedSummary] {
  public static func metrics(ofExperiment key: String) -> Self { summaries(.metricsSummary, key) }
  public static func parameters(ofExperiment key: String) -> Self { summaries(.parameters, key) }
  public static func others(ofExperiment key: String) -> Self { summaries(.others, key) }

  private static func summaries(_ endpoint: CometEndpoint, _ key: String) -> Self {
    ofExperiment(endpoint, key) { try $0.requiredList("values").map(LoggedSummary.init) }
  }
}

extension CometCall where Answer == [MetricPoint] {
  /// Every point of one metric, in no order.
  ///
  /// - Parameter name: with the context before it, such as `train_accuracy`.
  public static func points(ofMetric name: String, experiment key: String) -> Self {
    ofExperiment(.metric, key, [("metricName", name)]) {
      try $0.requiredList("metrics").map(MetricPoint.init)
    }
  }

  /// Every point of every metric, in no order.
  public static func allPoints(ofExperiment key: String) -> Self {
    ofExperiment(.allMetrics, key) { try $0.requiredList("metrics").map(MetricPoint.init) }
  }
}

extension CometCall where Answer == [CometAsset] {
  public static func assets(ofExperiment key: String) -> Self {
    ofExperiment(.assets, key) { try $0.requiredList("assets").map(CometAsset.init) }
  }
}

extension CometCall where Answer == JSONValue {
  /// Host, operating system and more, as Comet keeps them.
  public static func systemDetails(ofExperiment key: String) -> Self {
    ofExperiment(.systemDetails, key) { $0 }
  }

  /// `user`, `root`, `branch`, `parent`, `origin`.
  public static func gitMetadata(ofExperiment key: String) -> Self {
    ofExperiment(.gitMetadata, key) { $0 }
  }
}

extension CometCall where Answer == [UInt8] {
  /// The bytes of an asset.
  public static func asset(_ id: String, ofExperiment key: String) -> Self {
    Self(.asset, query: [("experimentKey", key), ("assetId", id)], timeout: 600) { $0.body }
  }
}
