import JSON

/// An experiment that Comet has made.
public struct CreatedExperiment: Hashable, Sendable {
  public let key: String
  /// Its page.
  public let link: String?
}

extension CometCall where Answer == CreatedExperiment {
  /// Makes an experiment; a project that is not there is made with it.
  public static func createExperiment(
    workspace: String, project: String, name: String?
  ) -> Self {
    Self(
      .createExperiment,
      body: .json(
        .members([
          "workspaceName": .string(workspace), "projectName": .string(project),
          "experimentName": name.map(JSONValue.string),
        ]))
    ) { answer in
      CreatedExperiment(
        key: try answer.requiredText("experimentKey"), link: answer["link"]?.text)
    }
  }
}

extension CometCall where Answer == Void {
  private static func post(
    _ endpoint: CometEndpoint, _ key: String, _ members: KeyValuePairs<String, JSONValue?>
  ) -> Self {
    let rest = JSONValue.members(members).members ?? []
    return Self(
      endpoint, body: .json(.object([.init("experimentKey", .string(key))] + rest)))
  }

  public static func logOther(_ name: String, _ value: JSONValue, experiment key: String) -> Self {
    post(.logOther, key, ["key": .string(name), "value": value])
  }

  public static func addTags(_ tags: [String], experiment key: String) -> Self {
    post(.addTags, key, ["addedTags": .array(tags.map(JSONValue.string))])
  }

  /// Logs one point of a metric.
  ///
  /// - Parameters:
  ///   - name: without the context, which Comet puts before it.
  ///   - value: a number, or one of `"NaN"`, `"Infinity"`, `"-Infinity"`.
  ///   - timestamp: milliseconds since 1970.
  public static func logMetric(
    _ name: String, _ value: JSONValue, context: String? = nil, step: Int? = nil,
    epoch: Int? = nil, timestamp: Int? = nil, experiment key: String
  ) -> Self {
    post(
      .logMetric, key,
      [
        "metricName": .string(name), "metricValue": value, "step": step.map(JSONValue.integer),
        "epoch": epoch.map(JSONValue.integer), "context": context.map(JSONValue.string),
        "timestamp": timestamp.map(JSONValue.integer),
      ])
  }

  public static func logParameter(
    _ name: String, _ value: JSONValue, context: String? = nil, step: Int? = nil,
    timestamp: Int? = nil, experiment key: String
  ) -> Self {
    post(
      .logParameter, key,
      [
        "parameterName": .string(name), "parameterValue": value,
        "step": step.map(JSONValue.integer), "context": context.map(JSONValue.string),
        "timestamp": timestamp.map(JSONValue.integer),
      ])
  }

  /// - Parameter override: whether it takes the place of what is there, or comes behind it.
  public static func logHTML(_ html: String, override: Bool, experiment key: String) -> Self {
    post(.logHTML, key, ["html": .string(html), "override": .boolean(override)])
  }

  /// Logs what a program wrote to its standard output or standard error.
  public static func logOutput(
    _ text: String, isStandardError: Bool = false, offset: Int = 0, context: String? = nil,
    timestamp: Int, experiment key: String
  ) -> Self {
    post(
      .logOutput, key,
      [
        "runContext": .optional(context),
        "outputLines": [
          [
            "output": .string(text), "stderr": .boolean(isStandardError),
            "localTimestamp": .integer(timestamp), "offset": .integer(offset),
          ]
        ],
      ])
  }

  /// - Parameter details: any of Comet's names: `hostname`, `os`, `osType`, `machine`, `processor`,
  ///   `totalRam`, `command`, …
  public static func logSystemDetails(
    _ details: [JSONValue.Member], experiment key: String
  ) -> Self {
    Self(
      .logSystemDetails, body: .json(.object([.init("experimentKey", .string(key))] + details)))
  }

  public static func logGitMetadata(
    user: String?, root: String?, branch: String?, parent: String?, origin: String?,
    experiment key: String
  ) -> Self {
    post(
      .logGitMetadata, key,
      [
        "user": user.map(JSONValue.string), "root": root.map(JSONValue.string),
        "branch": branch.map(JSONValue.string), "parent": parent.map(JSONValue.string),
        "origin": origin.map(JSONValue.string),
      ])
  }

  /// Uploads a file, which is read while it is sent.
  public static func upload(_ asset: AssetUpload, path: String, experiment key: String) -> Self {
    var parts = [MultipartForm.Part(name: "file", fileName: "file", content: .file(path))]
    if let metadata = asset.metadata {
      parts.append(MultipartForm.Part(name: "metadata", content: .bytes(metadata.bytes)))
    }
    return Self(
      .uploadAsset, query: [("experimentKey", key)] + asset.query,
      body: .form(MultipartForm(parts)), timeout: 900)
  }

  public static func updateStatus(
    isAlive: Bool, hasCrashed: Bool, error: String? = nil, experiment key: String
  ) -> Self {
    post(
      .updateStatus, key,
      [
        "isAlive": .boolean(isAlive), "error": .optional(error),
        "hasCrashed": .boolean(hasCrashed),
      ])
  }

  /// - Parameters: milliseconds since 1970.
  public static func setStartAndEnd(_ start: Int, _ end: Int, experiment key: String) -> Self {
    post(
      .setStartAndEnd, key,
      ["startTimeMillis": .integer(start), "endTimeMillis": .integer(end)])
  }
}

extension CometCall where Answer == Double? {
  /// Tells that an experiment is alive; the answer is after how many seconds to tell it again.
  public static func heartbeat(experiment key: String) -> Self {
    Self(.heartbeat, query: [("experimentKey", key)]) { answer in
      answer["isAliveBeatDurationMillis"]?.number.map { $0 / 1000 }
    }
  }
}

/// How a file is to appear in Comet.
public struct AssetUpload: Hashable, Sendable {
  public var fileName: String
  /// `asset`, `confusion-matrix`, `curve`, `model-element`, …; `nil` for `asset`.
  public var type: String?
  /// Without a dot.
  public var fileExtension: String?
  public var context: String?
  public var step: Int?
  public var epoch: Int?
  /// The name of the model that a `model-element` belongs to.
  public var modelName: String?
  /// Whether it takes the place of an asset of the same name, so that sending it twice leaves one.
  public var overwrite: Bool
  public var metadata: JSONValue?

  public init(
    _ fileName: String, type: String? = nil, fileExtension: String? = nil,
    context: String? = nil, step: Int? = nil, epoch: Int? = nil, modelName: String? = nil,
    overwrite: Bool = true, metadata: JSONValue? = nil
  ) {
    self.fileName = fileName
    self.type = type
    self.fileExtension = fileExtension
    self.context = context
    self.step = step
    self.epoch = epoch
    self.modelName = modelName
    self.overwrite = overwrite
    self.metadata = metadata
  }

  /// The parameters that tell Comet, in its query.
  var query: [(name: String, value: String)] {
    var query = [("fileName", fileName)]
    func add(_ name: String, _ value: (any CustomStringConvertible)?) {
      if let value { query.append((name, value.description)) }
    }
    add("extension", fileExtension)
    add("type", type)
    add("groupingName", modelName)
    add("overwrite", overwrite)
    add("context", context)
    add("step", step)
    add("epoch", epoch)
    return query
  }
}
