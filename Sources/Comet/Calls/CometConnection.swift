public import Support

/// The way to Comet that the settings describe.
public struct CometConnection: Sendable {
  public let key: APIKey
  public let client: CometClient
  public let transport: RetryingTransport
  private let configuration: CurlTransport.Configuration
  private let policy: RetryPolicy

  /// - Parameters:
  ///   - settings: with a key.
  ///   - program: the program's name and version, as the server is told: `compare-models/0.1.0`.
  ///   - policy: how often a request is sent again.
  public init(
    _ settings: Settings, program: String, policy: RetryPolicy = RetryPolicy()
  ) throws(ConfigurationError) {
    guard let key = settings.cometAPIKey else {
      throw ConfigurationError("COMET_API_KEY is not set; it is the key of your Comet account")
    }
    guard let server = CometServer(override: settings.cometURLOverride, key: key) else {
      throw ConfigurationError(
        "COMET_URL_OVERRIDE must be the address of a web server, such as https://www.comet.com")
    }
    var configuration = CurlTransport.Configuration()
    configuration.maximumConnections = settings.cometMaxConnections
    configuration.certificateFile = settings.certificateFile
    configuration.certificateFolder = settings.certificateFolder
    configuration.userAgent = program
    self.init(server, key, configuration, policy)
  }

  private init(
    _ server: CometServer, _ key: APIKey, _ configuration: CurlTransport.Configuration,
    _ policy: RetryPolicy
  ) {
    self.key = key
    self.configuration = configuration
    self.policy = policy
    transport = RetryingTransport(CurlTransport(configuration), policy: policy)
    client = CometClient(server: server, key: key, transport: transport)
  }

  /// Another connection to the same server: one that an uploader has ended sends nothing any more.
  public func another() -> CometConnection {
    CometConnection(client.server, key, configuration, policy)
  }
}
