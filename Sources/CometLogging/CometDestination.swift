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
  ///   - program: the program's name and version, as the server is told.
  public init(
    _ settings: Settings, workspace: String? = nil, project: String? = nil,
    isOffline: Bool = false, program: String
  ) throws(ConfigurationError) {
    connection =
      isOffline || settings.cometOffline || settings.cometAPIKey == nil
      ? nil : try CometConnection(settings, program: program)
    self.workspace = workspace ?? settings.cometWorkspace
    self.project = project ?? settings.cometProject ?? Self.standardProject
    flushTimeout = settings.cometFlushTimeout
  }
}
