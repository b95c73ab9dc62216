import JSON

extension ExperimentEvent {
  /// The event as a line of an offline experiment, without its end.
  ///
  /// Every member is one that the schemas of comet_ml 3.58.8 have. They matter: a metric with one member
  /// too many makes `comet upload` leave out others, too, and still report success.
  ///
  /// - Parameter number: the line's place among the messages, counted from 1.
  func line(_ number: Int) -> JSONValue {
    switch self {
    case .metric(let name, let value, let context, let step, let epoch, let timestamp):
      return Self.line(
        "metric_msg", number,
        [
          .init("context", .optional(context)), .init("local_timestamp", .integer(timestamp)),
          .init(
            "metric",
            [
              "metricName": .string(name), "metricValue": value, "step": .optional(step),
              "epoch": .optional(epoch),
            ]),
        ])
    case .parameter(let name, let value, let context, let step, let timestamp):
      return Self.line(
        "parameter_msg", number,
        [
          .init("context", .optional(context)), .init("local_timestamp", .integer(timestamp)),
          .init(
            value.elements == nil ? "param" : "params",
            [
              "paramName": .string(name), "paramValue": value, "step": .optional(step),
              "source": "manual",
            ]),
        ])
    case .other(let name, let value):
      return Self.line("log_other", number, [.init("key", .string(name)), .init("value", value)])
    case .html(let html, let override):
      let kind = override ? "htmlOverride" : "html"
      return Self.line(kind, number, [.init(kind, .string(html))])
    case .asset(let asset, let path, let timestamp):
      return Self.line(
        "file_upload", number,
        [
          .init("additional_params", asset.parameters), .init("clean", true),
          .init("file_path", .string(path)), .init("local_timestamp", .integer(timestamp)),
          .init("metadata", asset.metadata ?? [:]),
          .init("upload_type", .string(asset.type ?? "asset")),
        ])
    case .output(let text, let isStandardError, let context, let timestamp):
      return Self.line(
        "standard_output", number,
        [
          .init("context", .optional(context)), .init("local_timestamp", .integer(timestamp)),
          .init("output", .string(text)), .init("stderr", .boolean(isStandardError)),
        ])
    case .systemDetails(let details):
      return Self.line("system_details", number, details.members)
    case .systemInfo(let name, let value):
      return Self.line(
        "system_info", number, [.init("system_info", ["key": .string(name), "value": value])])
    case .gitMetadata(let git):
      return Self.line(
        "git_metadata", number,
        [
          .init(
            "git_metadata",
            [
              "user": .optional(git.user), "root": .optional(git.root),
              "branch": .optional(git.branch), "parent": .optional(git.parent),
              "origin": .optional(git.origin),
            ])
        ])
    }
  }

  private static func line(
    _ type: String, _ number: Int, _ members: [JSONValue.Member]
  ) -> JSONValue {
    [
      "type": .string(type),
      "payload": .object(members + [.init("message_id", .integer(number))]),
    ]
  }

  /// What a line of a journal has before its number, where an archive's line differs in nothing else:
  /// long texts need not be read and written again. `nil` where it may differ.
  static func unnumbered(_ line: [UInt8], _ number: Int) -> ArraySlice<UInt8>? {
    let types = ["metric_msg", "parameter_msg", "htmlOverride", "standard_output"]
    guard types.contains(where: { line.starts(with: #"{"type":"\#($0)","payload":{"#.utf8) }) else {
      return nil
    }
    let end = Array("\(number)}}".utf8)
    let start = line.dropLast(end.count)
    return line.suffix(end.count).elementsEqual(end)
      && start.suffix(14).elementsEqual(",\"message_id\":".utf8) ? start : nil
  }

  /// Reads a line; `nil` for a kind of message that has no event, such as a 3D cloud.
  init?(line: JSONValue) throws {
    guard let type = line["type"]?.text, let payload = line["payload"] else {
      throw AnswerError(problem: "the line has no type or no payload")
    }
    let context = payload["context"]?.text
    let timestamp = payload["local_timestamp"]?.wholeNumber ?? 0
    switch type {
    case "metric_msg":
      guard let metric = payload["metric"], let value = metric["metricValue"] else {
        throw AnswerError(problem: "the metric has no value")
      }
      self = .metric(
        try metric.requiredText("metricName"), value, context: context,
        step: metric["step"]?.wholeNumber, epoch: metric["epoch"]?.wholeNumber,
        timestamp: timestamp)
    case "parameter_msg":
      let lists = payload["params"].flatMap { $0 == .null ? nil : $0 }
      guard let parameter = lists ?? payload["param"], let value = parameter["paramValue"] else {
        throw AnswerError(problem: "the parameter has no value")
      }
      self = .parameter(
        try parameter.requiredText("paramName"), value, context: context,
        step: parameter["step"]?.wholeNumber, timestamp: timestamp)
    case "log_other":
      guard let value = payload["value"] else { throw AnswerError(problem: "there is no value") }
      self = .other(try payload.requiredText("key"), value)
    case "html": self = .html(try payload.requiredText("html"), override: false)
    case "htmlOverride": self = .html(try payload.requiredText("htmlOverride"), override: true)
    case "file_upload":
      self = .asset(
        AssetUpload(payload), path: try payload.requiredText("file_path"), timestamp: timestamp)
    case "standard_output":
      self = .output(
        payload["output"]?.text ?? "", isStandardError: payload["stderr"]?.truth ?? false,
        context: context, timestamp: timestamp)
    case "system_details": self = .systemDetails(SystemDetails(payload))
    case "system_info":
      let info = payload["system_info"]
      self = .systemInfo(info?["key"]?.text ?? "", info?["value"] ?? .null)
    case "git_metadata":
      let git = payload["git_metadata"]
      self = .gitMetadata(
        GitMetadata(
          user: git?["user"]?.text, root: git?["root"]?.text, branch: git?["branch"]?.text,
          parent: git?["parent"]?.text, origin: git?["origin"]?.text))
    default: return nil
    }
  }
}

extension AssetUpload {
  /// `additional_params` of a `file_upload` message.
  fileprivate var parameters: JSONValue {
    .members([
      "context": .optional(context), "step": .optional(step), "epoch": .optional(epoch),
      "fileName": .string(fileName), "extension": fileExtension.map(JSONValue.string),
      "type": type.map(JSONValue.string), "groupingName": modelName.map(JSONValue.string),
      "overwrite": .boolean(overwrite),
    ])
  }

  fileprivate init(_ payload: JSONValue) {
    let parameters = payload["additional_params"]
    let metadata = payload["metadata"].flatMap { $0.members?.isEmpty == false ? $0 : nil }
    self.init(
      parameters?["fileName"]?.text ?? payload["file_path"]?.text ?? "",
      type: parameters?["type"]?.text ?? payload["upload_type"]?.text,
      fileExtension: parameters?["extension"]?.text, context: parameters?["context"]?.text,
      step: parameters?["step"]?.wholeNumber, epoch: parameters?["epoch"]?.wholeNumber,
      modelName: parameters?["groupingName"]?.text,
      overwrite: parameters?["overwrite"]?.truth ?? false, metadata: metadata)
  }
}

extension SystemDetails {
  /// The members of a `system_details` message, and `additional_system_info`, which only journals have:
  /// archives give each of those a line of its own.
  fileprivate var members: [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("user", .string(user)), .init("hostname", .string(hostname)), .init("ip", .string(ip)),
      .init("pid", .integer(pid)), .init("os_type", .string(osType)),
      .init("os_release", .string(osRelease)), .init("os", .string(os)),
      .init("machine", .string(machine)), .init("processor", .string(processor)),
      .init("command", .array(command.map(JSONValue.string))),
      .init("python_exe", .string(executable)), .init("python_version", ""),
      .init("python_version_verbose", ""), .init("env", .null),
    ]
    if !additional.isEmpty { members.append(.init("additional_system_info", .object(additional))) }
    return members
  }

  fileprivate init(_ payload: JSONValue) {
    func text(_ name: String) -> String { payload[name]?.text ?? "" }
    let command = payload["command"]?.text.map { [$0] } ?? payload.texts("command")
    self.init(
      user: text("user"), hostname: text("hostname"), ip: text("ip"),
      pid: payload["pid"]?.wholeNumber ?? 0, osType: text("os_type"),
      osRelease: text("os_release"), os: text("os"), machine: text("machine"),
      processor: text("processor"), command: command, executable: text("python_exe"),
      additional: payload["additional_system_info"]?.members ?? [])
  }

  /// The same as archives have it: the details, and the additional ones as events of their own.
  var split: [ExperimentEvent] {
    var details = self
    details.additional = []
    return [.systemDetails(details)] + additional.map { .systemInfo($0.name, $0.value) }
  }
}
