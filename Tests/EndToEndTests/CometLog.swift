import CometStandIn
import TestSupport

/// What was logged, in a form in which runs can be compared: an entry is what a metric, a parameter or
/// a file says, without times, and without values that differ from run to run.
enum CometLog {
  /// The entries that a stand-in has acknowledged for an experiment, and how often each.
  static func acknowledged(_ server: StandInServer, experiment key: String) -> [String: Int] {
    server.requests.reduce(into: [:]) { counts, request in
      guard request.isAcknowledged, experimentKey(of: request) == key,
        let entry = entry(of: request)
      else { return }
      counts[entry, default: 0] += 1
    }
  }

  /// The keys of the experiments of a name that have more than that name: an answer that was lost on
  /// its way can leave an empty one behind.
  static func keys(_ server: StandInServer, name: String) -> [String] {
    (server.state["experiments"]?.array ?? []).filter { experiment in
      experiment["name"]?.string == name
        && (experiment["parameters"]?.array?.isEmpty == false
          || experiment["metrics"]?.array?.isEmpty == false
          || experiment["assets"]?.array?.isEmpty == false
          || experiment["tags"]?.array?.isEmpty == false)
    }.compactMap { $0["experimentKey"]?.string }
  }

  /// The entries that the store holds of an experiment, metrics and parameters and files.
  static func stored(_ server: StandInServer, experiment key: String) -> Set<String> {
    let all = server.state["experiments"]?.array ?? []
    guard let experiment = all.first(where: { $0["experimentKey"]?.string == key }) else {
      return []
    }
    func list(_ name: String) -> [JSONValue] { experiment[name]?.array ?? [] }
    let metrics = list("metrics").map { metric($0["name"], $0, value: $0["value"]) }
    let parameters = list("parameters").map { parameter($0["name"], $0["value"]) }
    let files = list("assets").map { asset in file { name in asset[name].map { text($0) } } }
    return Set(metrics + parameters + files)
  }

  private static func experimentKey(of request: RequestRecord) -> String? {
    request.query["experimentKey"] ?? request.body["experimentKey"]?.string
  }

  private static func entry(of request: RequestRecord) -> String? {
    let body = request.body
    switch request.path {
    case "write/experiment/metric":
      return metric(body["metricName"], body, value: body["metricValue"])
    case "write/experiment/parameter":
      return parameter(body["parameterName"], body["parameterValue"])
    case "write/experiment/upload-asset": return file { request.query[$0] }
    case "write/experiment/tags": return "tags \(body["addedTags"]?.text ?? "")"
    case "write/experiment/log-other": return other(body)
    case "write/experiment/output": return "output"
    case "write/experiment/html": return "html"
    case "write/experiment/git/metadata": return "git"
    case "write/experiment/system-details": return "system"
    default: return nil
    }
  }

  private static func metric(
    _ name: JSONValue?, _ place: JSONValue, value: JSONValue?
  ) -> String {
    let name = name?.plainText ?? ""
    let isTime = name.hasSuffix("_seconds")
    return "metric \(text(place["context"])) \(name) \(text(place["step"])) "
      + (isTime ? "" : text(value))
  }

  private static func parameter(_ name: JSONValue?, _ value: JSONValue?)
    -> String
  {
    "parameter \(text(name)) \(text(value))"
  }

  private static func other(_ body: JSONValue) -> String {
    "other \(text(body["key"])) \(text(body["value"]))"
  }

  private static func file(_ field: (String) -> String?) -> String {
    let fields = ["fileName", "type", "context", "groupingName"].map { name in
      let value = field(name) ?? "null"
      // What is no type is an asset.
      return name == "type" && value == "null" ? "asset" : value
    }
    return "file " + fields.joined(separator: " ")
  }

  /// Numbers by their value: 1 is 1.0.
  private static func text(_ value: JSONValue?) -> String {
    guard let value else { return "null" }
    return value.double.map { "\($0)" } ?? value.plainText
  }
}

/// A journal of a run folder, read by its documented form.
struct CometJournal {
  let name: String
  private(set) var experimentKey: String?
  /// The entries as ``CometLog`` writes them; entry 0 is the tags.
  private(set) var entries: [String] = []
  /// Whether Comet's taking of each is noted.
  private(set) var isTaken: [Bool] = []
  private(set) var isFinished = false

  /// - Returns: `nil` when not even the first line is whole.
  init?(_ bytes: [UInt8]) throws {
    let pieces = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // What follows the last line's end was never sent.
    let lines = try pieces.dropLast().map { try JSONValue(parsing: $0) }
    guard let first = lines.first?["payload"], let name = first["name"]?.string else { return nil }
    self.name = name
    add("tags \(first["tags"]?.text ?? "")")
    for line in lines.dropFirst() {
      let payload = line["payload"] ?? .null
      switch line["type"]?.string {
      case "created": experimentKey = payload["experimentKey"]?.string
      case "taken": isTaken[payload.int ?? 0] = true
      case "finished": isFinished = true
      case "end", "timed": break
      default: add(CometLog.entry(ofMessage: line["type"]?.string ?? "", payload))
      }
    }
  }

  private mutating func add(_ entry: String) {
    entries.append(entry)
    isTaken.append(false)
  }
}

extension CometLog {
  /// The entry of a message of an offline experiment.
  fileprivate static func entry(ofMessage type: String, _ payload: JSONValue) -> String {
    switch type {
    case "metric_msg":
      let metric = payload["metric"]
      let place: JSONValue = [
        "context": payload["context"] ?? .null, "step": metric?["step"] ?? .null,
      ]
      return Self.metric(metric?["metricName"], place, value: metric?["metricValue"])
    case "parameter_msg":
      let parameter = payload["param"] ?? payload["params"]
      return Self.parameter(parameter?["paramName"], parameter?["paramValue"])
    case "file_upload":
      return file { payload["additional_params"]?[$0]?.plainText }
    case "log_other": return other(payload)
    case "standard_output": return "output"
    case "html", "htmlOverride": return "html"
    case "git_metadata": return "git"
    case "system_details", "system_info": return "system"
    default: return "unknown \(type)"
    }
  }
}
