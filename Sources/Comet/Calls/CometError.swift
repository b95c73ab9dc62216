import JSON
public import Support

/// Why Comet did not do what it was asked for.
public struct CometError: ExitStatusProviding, Hashable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// Comet does not know the key, or does not let it do this.
    case refusedKey
    /// There is no such thing as the request names.
    case notFound
    /// Comet understood the request and refuses it; it would refuse it later, too.
    case refused
    /// Comet could not be reached, or asked to wait for too long.
    case unavailable
    /// The answer is not what Comet answers.
    case unexpectedAnswer
    /// The request could not be made on this side, such as for a file that cannot be read.
    case request
  }

  public let kind: Kind
  /// The endpoint's path.
  public let path: String
  /// The status of the answer, where there was one.
  public let status: Int?
  /// Comet's own number for the error, where it gave one.
  public let code: Int?
  /// What happened, without the path.
  public let problem: String

  public init(
    _ kind: Kind, path: String, status: Int? = nil, code: Int? = nil, problem: String
  ) {
    self.kind = kind
    self.path = path
    self.status = status
    self.code = code
    self.problem = problem
  }

  public var description: String { "Comet, \(path): \(problem)" }
  public var exitStatus: Int32 { kind == .refusedKey ? 77 : 69 }
}

extension CometError {
  func hiding(_ key: APIKey) -> CometError {
    CometError(kind, path: path, status: status, code: code, problem: key.redacting(problem))
  }

  init(_ error: TransportError, path: String) {
    let kind: Kind =
      switch error.kind {
      case .connection, .timeout, .certificate, .cancelled: .unavailable
      case .request: .request
      case .tooLarge: .unexpectedAnswer
      }
    self.init(kind, path: path, problem: error.description)
  }

  /// The meaning of an answer that is not 2xx.
  init(_ response: HTTPResponse, path: String) {
    let body = try? JSONValue(parsing: response.body)
    let code = (body?["sdk_error_code"] ?? body?["sdkErrorCode"])?.wholeNumber
    let message = body?["msg"]?.text
    let kind: Kind =
      switch (response.status, code) {
      // Comet answers 400 or 403, too, for what is not there; its own number says so.
      case (_, Code.noSuchRegistryModel), (_, Code.noSuchExperiment), (404, _): .notFound
      case (401, _), (403, _), (_, Code.unknownKey): .refusedKey
      case (429, _), (500..., _): .unavailable
      default: .refused
      }
    // Another body, such as a proxy's page, does not fit into an error line.
    var problem = "status \(response.status)"
    if let message { problem += ": \(Self.oneLine(message))" }
    if let code, code != 0 { problem += " (\(code))" }
    self.init(kind, path: path, status: response.status, code: code, problem: problem)
  }

  /// Those of Comet's numbers that have a meaning here.
  enum Code {
    static let unknownKey = 90212
    static let noSuchExperiment = 90211
    static let noSuchRegistryModel = 42008
  }

  private static func oneLine(_ text: String) -> String {
    String(text.prefix(300).map { $0.isNewline ? " " : $0 })
  }
}
