import JSON

/// Something that is logged to an experiment.
///
/// An event has two forms: a line of an offline experiment of Comet's SDK, which is also how journals
/// keep it, and a call of the REST API.
public enum ExperimentEvent: Hashable, Sendable {
  case metric(
    String, JSONValue, context: String? = nil, step: Int? = nil, epoch: Int? = nil, timestamp: Int)
  case parameter(
    String, JSONValue, context: String? = nil, step: Int? = nil, timestamp: Int)
  case other(String, JSONValue)
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
  public var user: String
  public var hostname: String
  public var ip: String
  public var pid: Int
  /// Such as `Linux`.
  public var osType: String
  public var osRelease: String
  /// All of it in one line.
  public var os: String
  public var machine: String
  public var processor: String
  public var command: [String]
  public var executable: String
  /// More, by name: what Comet has no field for.
  public var additional: [JSONValue.Member]

  public init(
    user: String, hostname: String, ip: String, pid: Int, osType: String, osRelease: String,
    os: String, machine: String, processor: String, command: [String], executable: String,
    additional: [JSONValue.Member] = []
  ) {
    self.user = user
    self.hostname = hostname
    self.ip = ip
    self.pid = pid
    self.osType = osType
    self.osRelease = osRelease
    self.os = os
    self.machine = machine
    self.processor = processor
    self.command = command
    self.executable = executable
    self.additional = additional
  }
}

extension ExperimentEvent {
  /// The call that logs the event.
  ///
  /// - Parameter folder: where the paths of assets begin.
  func call(experiment key: String, folder: String) -> CometCall<Void> {
    switch self {
    case .metric(let name, let value, let context, let step, let epoch, let timestamp):
      .logMetric(
        name, value, context: context, step: step, epoch: epoch, timestamp: timestamp,
        experiment: key)
    case .parameter(let name, let value, let context, let step, let timestamp):
      .logParameter(
        name, value, context: context, step: step, timestamp: timestamp, experiment: key)
    case .other(let name, let value): .logOther(name, value, experiment: key)
    case .html(let html, let override): .logHTML(html, override: override, experiment: key)
    case .asset(let asset, let path, _):
      .upload(asset, path: folder + "/" + path, experiment: key)
    case .output(let text, let isStandardError, let context, let timestamp):
      .logOutput(
        text, isStandardError: isStandardError, context: context, timestamp: timestamp,
        experiment: key)
    case .systemDetails(let details): .logSystemDetails(details.restMembers, experiment: key)
    case .systemInfo(let name, let value):
      .logSystemDetails(SystemDetails.restMembers([.init(name, value)]), experiment: key)
    case .gitMetadata(let git):
      .logGitMetadata(
        user: git.user, root: git.root, branch: git.branch, parent: git.parent,
        origin: git.origin, experiment: key)
    }
  }
}

extension SystemDetails {
  /// The members of the REST call; Comet's fields for Python stay empty.
  fileprivate var restMembers: [JSONValue.Member] {
    [
      .init("user", .string(user)), .init("hostname", .string(hostname)), .init("ip", .string(ip)),
      .init("pid", .integer(pid)), .init("osType", .string(osType)),
      .init("osRelease", .string(osRelease)), .init("os", .string(os)),
      .init("machine", .string(machine)), .init("processor", .string(processor)),
      .init("command", .array(command.map(JSONValue.string))),
      .init("executable", .string(executable)),
    ] + Self.restMembers(additional)
  }

  fileprivate static func restMembers(_ additional: [JSONValue.Member]) -> [JSONValue.Member] {
    additional.isEmpty
      ? []
      : [
        .init(
          "logAdditionalSystemInfoList",
          .array(
            additional.map {
              ["key": .string($0.name), "value": .string($0.value.text ?? $0.value.description)]
            }))
      ]
  }
}
