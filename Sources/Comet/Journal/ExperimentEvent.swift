public import JSON

/// Something that is logged to an experiment.
///
/// An event has two forms: a line of an offline experiment of Comet's SDK, which is also how journals
/// keep it, and a call of the REST API (``CometCall/log(_:folder:experiment:)``). Timestamps are
/// milliseconds since 1970.
public enum ExperimentEvent: Hashable, Sendable {
  /// - The name is without the context, which Comet puts before it; the value is a number, or one of
  ///   `"NaN"`, `"Infinity"`, `"-Infinity"`.
  case metric(
    String, JSONValue, context: String? = nil, step: Int? = nil, epoch: Int? = nil, timestamp: Int)
  case parameter(
    String, JSONValue, context: String? = nil, step: Int? = nil, timestamp: Int)
  case other(String, JSONValue)
  /// - `override`: whether it replaces what is there, or is added to it.
  case html(String, override: Bool)
  /// - `path`: where the file is, from the folder that the journal or archive belongs to.
  case asset(AssetUpload, path: String, timestamp: Int)
  case output(String, isStandardError: Bool = false, context: String? = nil, timestamp: Int)
  case systemDetails(SystemDetails)
  /// One more thing about the machine.
  case systemInfo(String, JSONValue)
  case gitMetadata(GitMetadata)

  public struct GitMetadata: Hashable, Sendable {
    public var user: String?
    public var root: String?
    public var branch: String?
    /// The commit.
    public var parent: String?
    /// The remote's address.
    public var origin: String?

    public init(
      user: String? = nil, root: String? = nil, branch: String? = nil, parent: String? = nil,
      origin: String? = nil
    ) {
      self.user = user
      self.root = root
      self.branch = branch
      self.parent = parent
      self.origin = origin
    }
  }
}

/// Where a program ran.
public struct SystemDetails: Hashable, Sendable {
  /// By the names of Comet's REST API, in the order of ``names``.
  public var members: [JSONValue.Member]
  /// More, by name: what Comet has no field for.
  public var additional: [JSONValue.Member]

  public init(_ members: [JSONValue.Member], additional: [JSONValue.Member] = []) {
    self.members = members
    self.additional = additional
  }

  /// What Comet knows of a machine, by its name in the REST API and by that in the lines of an offline
  /// experiment.
  static let names: KeyValuePairs = [
    "user": "user", "hostname": "hostname", "ip": "ip", "pid": "pid", "osType": "os_type",
    "osRelease": "os_release", "os": "os", "machine": "machine", "processor": "processor",
    "command": "command", "executable": "python_exe",
  ]

  /// The machine's memory in bytes, which no line of an offline experiment has.
  static let memoryName = "totalRam"
}
