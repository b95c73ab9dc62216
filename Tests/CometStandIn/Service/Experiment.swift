/// An experiment, as far as it was logged.
struct Experiment: Sendable {
  /// A metric at one moment; names do not have the context in front.
  struct Point: Sendable {
    let name: String
    let value: JSONValue
    let step: JSONValue
    let epoch: JSONValue
    let context: String?
    let timestamp: Int
    /// Counts the points of an experiment.
    let offset: Int
  }

  /// A parameter or one of the other values: the newest counts.
  struct Entry: Sendable {
    let name: String
    var value: JSONValue
    var step: JSONValue
    let context: String?
    var timestamp: Int
    /// How often it was written.
    var writes = 1

    var fullName: String { Experiment.fullName(name, context: context) }
  }

  struct Line: Sendable {
    let text: String
    let isError: Bool
    let context: String?
    let timestamp: JSONValue
  }

  let key: String
  let workspace: String
  let projectID: String
  let projectName: String
  let created: Int
  var start: Int
  var end: Int?
  var isRunning = true
  var hasCrashed = false
  var isArchived = false
  var error: JSONValue = .null
  var heartbeats = 0

  var tags: [String] = []
  var points: [Point] = []
  var parameters: [Entry] = []
  var others: [Entry] = []
  var html = ""
  var code = ""
  var graph = ""
  var output: [Line] = []
  var filePath: String?
  /// Members that were sent, the newest of a key.
  var systemDetails: [JSONValue.Member] = []
  var git: [JSONValue.Member] = []
  var gitPatch: [UInt8]?
  var assets: [Asset] = []
  /// Identifiers of the logged models, by name, in the order of their first file.
  var models: [(name: String, id: String)] = []

  init(key: String, project: ServiceState.Project, now: Int) {
    self.key = key
    workspace = project.workspace
    projectID = project.id
    projectName = project.name
    created = now
    start = now
  }

  static func fullName(_ name: String, context: String?) -> String {
    context.map { "\($0)_\(name)" } ?? name
  }

  /// The last value logged as `Name`.
  var name: String? { others.first { $0.name == "Name" }?.value.plainText }

  func link(root: String) -> String { "\(root)/\(workspace)/\(projectName)/\(key)" }
}

extension Experiment {
  mutating func logPoint(
    name: String, value: JSONValue, step: JSONValue?, epoch: JSONValue?, context: String?,
    timestamp: Int
  ) {
    points.append(
      Point(
        name: name, value: value, step: step ?? .null, epoch: epoch ?? .null, context: context,
        timestamp: timestamp, offset: points.count))
  }

  mutating func logParameter(
    name: String, value: JSONValue, step: JSONValue?, context: String?, timestamp: Int
  ) {
    let entry = Entry(
      name: name, value: value, step: step ?? .null, context: context, timestamp: timestamp)
    Self.put(entry, into: &parameters)
  }

  mutating func logOther(name: String, value: JSONValue, timestamp: Int) {
    Self.put(
      Entry(name: name, value: value, step: .null, context: nil, timestamp: timestamp),
      into: &others)
  }

  private static func put(_ entry: Entry, into entries: inout [Entry]) {
    if let index = entries.firstIndex(where: { $0.fullName == entry.fullName }) {
      entries[index].value = entry.value
      entries[index].step = entry.step
      entries[index].timestamp = entry.timestamp
      entries[index].writes += 1
    } else {
      entries.append(entry)
    }
  }

  mutating func addTags(_ added: [String]) {
    for tag in added where !tags.contains(tag) { tags.append(tag) }
  }

  mutating func merge(
    _ body: JSONValue, into members: WritableKeyPath<Experiment, [JSONValue.Member]>
  ) {
    for member in body.members ?? [] where member.key != "experimentKey" && !member.value.isNull {
      self[keyPath: members].removeAll { $0.key == member.key }
      self[keyPath: members].append(member)
    }
  }
}
