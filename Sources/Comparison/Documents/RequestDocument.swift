/// What `request.json` says: what a run was asked for, of which data and which program.
///
/// It is written before the work begins, so that a stopped run can be resumed, and only with the same
/// data and the same options.
public struct RequestDocument: Codable, Hashable, Sendable {
  public static let fileName = "request.json"

  public let request: RunRequest
  public let dataSHA256: String
  /// That of the second table, where there is one.
  public var testDataSHA256: String?
  /// The program's.
  public let version: String

  private enum CodingKeys: String, CodingKey {
    case request, version
    case dataSHA256 = "data_sha256"
    case testDataSHA256 = "test_data_sha256"
  }

  /// Refuses to resume where options contradict the request that the run began with.
  ///
  /// - Parameters:
  ///   - asked: the run's request, changed by the options that were given.
  ///   - path: the run folder.
  public func check(asked: RunRequest, at path: String) throws(RequestError) {
    guard let difference = request.differences(from: asked).first else { return }
    throw RequestError(
      .badRequest,
      "\(path): the run began with \(difference.first), not with \(difference.second); "
        + "leave the option out, or start a new run")
  }

  /// Refuses to resume with other data or another version of the program.
  ///
  /// - Parameter found: what the run would be begun with now.
  public func check(_ found: RequestDocument, at path: String) throws(RequestError) {
    for (what, begun, found) in [
      ("data", dataSHA256, found.dataSHA256),
      ("test data", testDataSHA256 ?? "", found.testDataSHA256 ?? ""),
    ] where begun != found {
      throw RequestError(
        .badData,
        "\(path): expected the \(what) that the run began with (SHA-256 \(begun.prefix(12))…), "
          + "found other \(what) (\(found.prefix(12))…); start a new run")
    }
    guard found.version == version else {
      throw RequestError(
        .badRequest,
        "\(path): expected version \(version) of the program, which began the run, this is "
          + found.version)
    }
  }
}
