import JSON

/// What is known of an experiment before Comet knows it.
public struct OfflineExperiment: Hashable, Sendable {
  /// 32 hexadecimal digits: the name of its archive as long as Comet has given it no key.
  public var id: String
  public var workspace: String?
  public var project: String?
  public var name: String?
  public var tags: [String]
  /// Milliseconds since 1970.
  public var startTime: Int

  public init(
    id: String = OfflineExperiment.newID(), workspace: String?, project: String?, name: String?,
    tags: [String], startTime: Int
  ) {
    self.id = id
    self.workspace = workspace
    self.project = project
    self.name = name
    self.tags = tags
    self.startTime = startTime
  }

  public static func newID() -> String {
    var generator = SystemRandomNumberGenerator()
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: (0..<32).map { _ in digits[Int(generator.next() & 15)] }, as: UTF8.self)
  }

  /// The members that `experiment.json` and the first line of a journal share.
  var members: [JSONValue.Member] {
    [
      .init("offline_id", .string(id)), .init("project_name", .optional(project)),
      .init("workspace", .optional(workspace)), .init("start_time", .integer(startTime)),
      .init("tags", .array(tags.map(JSONValue.string))),
    ]
  }

  init(_ json: JSONValue) throws(JSONError) {
    // An archive without one gets one, as `comet upload` does it.
    id = json["offline_id"]?.text ?? Self.newID()
    project = json["project_name"]?.text
    workspace = json["workspace"]?.text
    name = json["name"]?.text
    tags = try json.requiredList("tags").compactMap(\.text)
    startTime = try json.requiredInteger("start_time")
  }
}

/// How an experiment ended. Times are milliseconds since 1970.
public struct ExperimentEnd: Hashable, Sendable {
  /// When the work itself began, where that was later than the experiment was made.
  public var startTime: Int?
  public var time: Int
  public var hasCrashed: Bool

  public init(startTime: Int? = nil, time: Int, hasCrashed: Bool) {
    self.startTime = startTime
    self.time = time
    self.hasCrashed = hasCrashed
  }
}
