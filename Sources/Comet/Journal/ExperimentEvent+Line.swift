import JSON

extension ExperimentEvent {
  /// The event as a line of an offline experiment, without its end.
  ///
  /// Every member is one that the schemas of comet_ml 3.58.8 have. They matter: a metric with one member
  /// too many makes `comet upload` skip others, too, and still report success.
  ///
  /// - Parameter number: the line's place among the messages, counted from 1.
  func line(_ number: Int) -> JSONValue {
    let (type, payload) = message
    let number = JSONValue.Member("message_id", .integer(number))
    return ["type": .string(type), "payload": .object((payload.members ?? []) + [number])]
  }

  private var message: (type: String, payload: JSONValue) {
    switch self {
    case .metric(let name, let value, let context, let step, let epoch, let timestamp):
      let metric: JSONValue = [
        "metricName": .string(name), "metricValue": value, "step": .optional(step),
        "epoch": .optional(epoch),
      ]
      return (
        "metric_msg",
        ["context": .optional(context), "local_timestamp": .integer(timestamp), "metric": metric]
      )
    case .parameter(let name, let value, let context, let step, let timestamp):
      let parameter: JSONValue = [
        "paramName": .string(name), "paramValue": value, "step": .optional(step),
        "source": "manual",
      ]
      return (
        "parameter_msg",
        [
          "context": .optional(context), "local_timestamp": .integer(timestamp),
          value.elements == nil ? "param" : "params": parameter,
        ]
      )
    case .other(let name, let value):
      return ("log_other", ["key": .string(name), "value": value])
    case .html(let html, let override):
      let kind = override ? "htmlOverride" : "html"
      return (kind, [kind: .string(html)])
    case .asset(let asset, let path, let timestamp):
      return (
        "file_upload",
        [
          "additional_params": asset.parameters, "clean": true, "file_path": .string(path),
          "local_timestamp": .integer(timestamp), "metadata": asset.metadata ?? [:],
          "upload_type": .string(asset.type ?? "asset"),
        ]
      )
    case .output(let text, let isStandardError, let context, let timestamp):
      return (
        "standard_output",
        [
          "context": .optional(context), "local_timestamp": .integer(timestamp),
          "output": .string(text), "stderr": .boolean(isStandardError),
        ]
      )
    case .systemDetails(let details): return ("system_details", details.payload)
    case .systemInfo(let name, let value):
      return ("system_info", ["system_info": ["key": .string(name), "value": value]])
    case .gitMetadata(let git):
      let members: JSONValue = [
        "user": .optional(git.user), "root": .optional(git.root), "branch": .optional(git.branch),
        "parent": .optional(git.parent), "origin": .optional(git.origin),
      ]
      return ("git_metadata", ["git_metadata": members])
    }
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
  init?(line: JSONValue) throws(JSONError) {
    let type = try line.requiredText("type")
    let payload = try line.required("payload")
    let context = payload["context"]?.text
    let timestamp = payload["local_timestamp"]?.wholeNumber ?? 0
    switch type {
    case "metric_msg":
      let metric = try payload.required("metric")
      self = .metric(
        try metric.requiredText("metricName"), try metric.required("metricValue"),
        context: context, step: metric["step"]?.wholeNumber, epoch: metric["epoch"]?.wholeNumber,
        timestamp: timestamp)
    case "parameter_msg":
      let isList = payload["params"].map { $0 != .null } ?? false
      let parameter = try payload.required(isList ? "params" : "param")
      self = .parameter(
        try parameter.requiredText("paramName"), try parameter.required("paramValue"),
        context: context, step: parameter["step"]?.wholeNumber, timestamp: timestamp)
    case "log_other":
      self = .other(try payload.requiredText("key"), try payload.required("value"))
    case "html": self = .html(try payload.requiredText("html"), override: false)
    case "htmlOverride": self = .html(try payload.requiredText("htmlOverride"), override: true)
    case "file_upload":
      self = .asset(
        AssetUpload(payload), path: try payload.requiredText("file_path"), timestamp: timestamp)
    case "standard_output":
      self = .output(
        payload["output"]?.text ?? "", isStandardError: payload["stderr"]?.truth ?? false,
        context: context, timestamp: timestamp)
    case "system_details": self = .systemDetails(SystemDetails(payload: payload))
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

extension SystemDetails {
  /// The payload of a `system_details` message. Only journals have the memory and
  /// `additional_system_info`: archives give each of the latter a line of its own.
  fileprivate var payload: JSONValue {
    let known = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
    let own = Self.names.map { JSONValue.Member($0.value, known[$0.key] ?? "") }
    let python: [JSONValue.Member] = [
      .init("python_version", ""), .init("python_version_verbose", ""), .init("env", .null),
    ]
    let memory = known[Self.memoryName].map { [JSONValue.Member("total_ram", $0)] } ?? []
    let rest =
      additional.isEmpty
      ? [] : [JSONValue.Member("additional_system_info", .object(additional))]
    return .object(own + python + memory + rest)
  }

  fileprivate init(payload: JSONValue) {
    let members = Self.names.compactMap { name, lineName -> JSONValue.Member? in
      guard let value = payload[lineName], value != .null else { return nil }
      // Python's program may be one text, where the REST call wants a list.
      let isText = name == "command" && value.text != nil
      return JSONValue.Member(name, isText ? .array([value]) : value)
    }
    let memory = payload["total_ram"].map { [JSONValue.Member(Self.memoryName, $0)] } ?? []
    self.init(members + memory, additional: payload["additional_system_info"]?.members ?? [])
  }

  /// The same as archives have it: the details, and the additional ones as events of their own.
  var split: [ExperimentEvent] {
    [.systemDetails(SystemDetails(members.filter { $0.name != Self.memoryName }))]
      + additional.map { .systemInfo($0.name, $0.value) }
  }
}
