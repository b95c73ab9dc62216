public import Comet
public import Support

/// Where a run or a sweep is logged.
public struct CometDestination: Sendable {
  /// `nil` where nothing is to be sent.
  public let connection: CometConnection?
  /// `nil` for the account's own.
  public let workspace: String?
  public let project: String
  /// How many seconds the end waits for what Comet has not taken yet.
  public let flushTimeout: Double

  /// A place for journals, over no connection.
  init(workspace: String?, project: String?) {
    connection = nil
    self.workspace = workspace
    self.project = project ?? Self.standardProject
    flushTimeout = 0
  }

  /// The project where nothing else is said.
  public static let standardProject = "compare-models"

  /// - Parameters:
  ///   - isOffline: whether nothing is to be sent, whatever the settings.
  ///   - isRequired: whether having no connection is an error.
  ///   - program: the program's name and version, as the server is told.
  public init(
    _ settings: Settings, workspace: String? = nil, project: String? = nil,
    isOffline: Bool = false, isRequired: Bool = false, program: String
  ) throws(ConfigurationError) {
    connection =
      isOffline || settings.cometOffline || settings.cometAPIKey == nil
      ? nil : try CometConnection(settings, program: program)
    self.workspace = workspace ?? settings.cometWorkspace
    self.project = project ?? settings.cometProject ?? Self.standardProject
    flushTimeout = settings.cometFlushTimeout
    guard !isRequired || connection != nil else {
      throw ConfigurationError(
        "--require-comet needs COMET_API_KEY, the key of your Comet account, and COMET_OFFLINE must "
          + "not be true")
    }
  }

  /// Refuses options that have no meaning, or none together.
  public static func check(
    workspace: String?, project: String?, isOffline: Bool, isRequired: Bool
  ) throws(ConfigurationError) {
    if isOffline, isRequired {
      throw ConfigurationError("--offline and --require-comet exclude each other.")
    }
    for (name, value) in [("project", project), ("workspace", workspace)] where value == "" {
      throw ConfigurationError("--comet-\(name) must be a name.")
    }
  }

  /// The connection over which a run's best model is registered.
  public func connectionToRegister() throws(ConfigurationError) -> CometConnection {
    if let connection { return connection }
    throw ConfigurationError(
      "--register needs COMET_API_KEY, the key of your Comet account, and neither --offline nor "
        + "COMET_OFFLINE")
  }
}
