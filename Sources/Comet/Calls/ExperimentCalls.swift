import JSON

/// An experiment that Comet has made.
public struct CreatedExperiment: Hashable, Sendable {
  public let key: String
  /// Its page.
  public let link: String?
}

extension CometCall where Answer == CreatedExperiment {
  /// Makes an experiment, and its project where there is none of that name.
  public static func createExperiment(
    workspace: String, project: String, name: String?
  ) -> Self {
    Self(
      "write/experiment/create",
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
  /// - Parameters:
  ///   - path: below `write/experiment/`.
  ///   - members: those of the body, beside the experiment's key; without a value they are left out.
  private static func post(
    _ path: String, _ key: String, _ members: KeyValuePairs<String, JSONValue?>
  ) -> Self {
    let rest = JSONValue.members(members).members ?? []
    return Self(
      "write/experiment/" + path,
      body: .json(.object([.init("experimentKey", .string(key))] + rest)))
  }

  public static func addTags(_ tags: [String], experiment key: String) -> Self {
    post("tags", key, ["addedTags": .array(tags.map(JSONValue.string))])
  }

  /// Logs an event.
  ///
  /// - Parameter folder: where the paths of assets begin. Their files are read while they are sent.
  public static func log(
    _ event: ExperimentEvent, folder: String, experiment key: String
  ) -> Self {
    switch event {
    case .metric(let name, let value, let context, let step, let epoch, let timestamp):
      post(
        "metric", key,
        [
          "metricName": .string(name), "metricValue": value, "step": step.map(JSONValue.integer),
          "epoch": epoch.map(JSONValue.integer), "context": context.map(JSONValue.string),
          "timestamp": .integer(timestamp),
        ])
    case .parameter(let name, let value, let context, let step, let timestamp):
      post(
        "parameter", key,
        [
          "parameterName": .string(name), "parameterValue": value,
          "step": step.map(JSONValue.integer), "context": context.map(JSONValue.string),
          "timestamp": .integer(timestamp),
        ])
    case .other(let name, let value):
      post("log-other", key, ["key": .string(name), "value": value])
    case .html(let html, let override):
      post("html", key, ["html": .string(html), "override": .boolean(override)])
    case .asset(let asset, let path, _):
      upload(asset, path: folder + "/" + path, experiment: key)
    case .output(let text, let isStandardError, let context, let timestamp):
      post(
        "output", key,
        [
          "runContext": .optional(context),
          "outputLines": [
            [
              "output": .string(text), "stderr": .boolean(isStandardError),
              "localTimestamp": .integer(timestamp), "offset": 0,
            ]
          ],
        ])
    case .systemDetails(let details): logSystemDetails(details, experiment: key)
    case .systemInfo(let name, let value):
      logSystemDetails(SystemDetails([], additional: [.init(name, value)]), experiment: key)
    case .gitMetadata(let git):
      post(
        "git/metadata", key,
        [
          "user": git.user.map(JSONValue.string), "root": git.root.map(JSONValue.string),
          "branch": git.branch.map(JSONValue.string), "parent": git.parent.map(JSONValue.string),
          "origin": git.origin.map(JSONValue.string),
        ])
    }
  }

  private static func upload(_ asset: AssetUpload, path: String, experiment key: String) -> Self {
    var parts = [HTTPRequest.FormPart(name: "file", fileName: "file", content: .file(path))]
    if let metadata = asset.metadata {
      parts.append(HTTPRequest.FormPart(name: "metadata", content: .bytes(metadata.bytes)))
    }
    return Self(
      "write/experiment/upload-asset", query: [("experimentKey", key)] + asset.query,
      body: .form(parts), timeout: 900)
  }

  private static func logSystemDetails(
    _ details: SystemDetails, experiment key: String
  ) -> Self {
    var members = [JSONValue.Member("experimentKey", .string(key))] + details.members
    if !details.additional.isEmpty {
      let list = details.additional.map { member -> JSONValue in
        ["key": .string(member.name), "value": .string(member.value.text ?? "\(member.value)")]
      }
      members.append(.init("logAdditionalSystemInfoList", .array(list)))
    }
    return Self("write/experiment/system-details", body: .json(.object(members)))
  }

  /// Tells that an experiment is over.
  public static func end(hasCrashed: Bool, experiment key: String) -> Self {
    post(
      "update-status", key,
      ["isAlive": false, "error": .some(.null), "hasCrashed": .boolean(hasCrashed)])
  }

  /// - Parameters: milliseconds since 1970.
  public static func setStartAndEnd(_ start: Int, _ end: Int, experiment key: String) -> Self {
    post(
      "set-start-end-time", key,
      ["startTimeMillis": .integer(start), "endTimeMillis": .integer(end)])
  }
}

extension CometCall where Answer == Double? {
  /// Tells that an experiment is alive; the answer is after how many seconds to tell it again.
  public static func heartbeat(experiment key: String) -> Self {
    Self("write/experiment/set-status", method: .get, query: [("experimentKey", key)]) { answer in
      answer["isAliveBeatDurationMillis"]?.number.map { $0 / 1000 }
    }
  }
}
