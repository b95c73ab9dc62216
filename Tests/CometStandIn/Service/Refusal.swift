/// A request that the service does not take, with the body that says why.
struct Refusal: Error, Hashable {
  let status: Int
  let message: String
  /// Comet's own number for the reason, where one is known.
  let code: Int?

  init(_ message: String, status: Int = 400, code: Int? = nil) {
    self.message = message
    self.status = status
    self.code = code
  }

  var response: HTTPResponse {
    var members: [JSONValue.Member] = [
      .init("msg", .string(message)), .init("code", .init(status)),
    ]
    if let code { members.append(.init("sdk_error_code", .init(code))) }
    return .json(.object(members), status: status)
  }
}

extension Refusal {
  static let unknownKey = Refusal("API key is not registered", status: 401, code: 90212)
  static let missingExperimentKey = Refusal("experiment key is missing", code: 90998)

  /// Reading an experiment that is not there.
  static func noExperiment(_ key: String) -> Refusal {
    Refusal("experiment \(key) does not exist", code: 90211)
  }

  /// Writing to an experiment that is not there.
  static func noWriteAccess(_ key: String) -> Refusal {
    Refusal("no write access to experiment \(key)", code: 90210)
  }

  static func noWorkspace(_ name: String) -> Refusal {
    Refusal("workspace \(name) does not exist", code: 90219)
  }

  static func noRegistryModel(_ name: String) -> Refusal {
    Refusal("registry model \(name) was not found", code: 42008)
  }

  static func badVersion(_ version: String) -> Refusal {
    Refusal("version \"\(version)\" is not of the form X.Y.Z", code: 42001)
  }
}
