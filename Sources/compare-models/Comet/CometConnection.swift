import Comet
import HTTPTransport
import ModelFiles
import Settings

/// The way to Comet that the settings describe.
struct CometConnection {
  let key: APIKey
  let client: CometClient
  let transport: RetryingTransport

  /// - Parameter settings: with a key.
  /// - Throws: ``ConfigurationError``.
  init(_ settings: Settings) throws(ConfigurationError) {
    guard let secret = settings.cometAPIKey else {
      throw ConfigurationError("COMET_API_KEY is not set; it is the key of your Comet account")
    }
    let key = APIKey(secret.reveal())
    guard let server = CometServer(override: settings.cometURLOverride, key: key) else {
      throw ConfigurationError(
        "COMET_URL_OVERRIDE must be the address of a web server, such as https://www.comet.com")
    }
    var configuration = CurlTransport.Configuration()
    configuration.maximumConnections = settings.cometMaxConnections
    configuration.certificateFile = settings.certificateFile
    configuration.certificateFolder = settings.certificateFolder
    configuration.userAgent = "compare-models/\(ProgramVersion.current)"
    self.key = key
    transport = RetryingTransport(CurlTransport(configuration))
    client = CometClient(server: server, key: key, transport: transport)
  }
}

/// Settings that do not fit what is asked for.
struct ConfigurationError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
