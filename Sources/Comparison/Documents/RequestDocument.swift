public import Support

/// What `request.json` says: what a run was asked for, of which data and which program.
///
/// It is written before the work begins, so that a stopped run can be resumed, and only with the same
/// data and the same options.
public struct RequestDocument: Codable, Hashable, Sendable {
  public static let fileName = "request.json"

  public let request: RunRequest
  public let dataSHA256: String
  /// The program's.
  public let version: String

  public init(_ request: RunRequest, dataSHA256: String, version: String) {
    self.request = request
    self.dataSHA256 = dataSHA256
    self.version = version
  }

  private enum CodingKeys: String, CodingKey {
    case request, version
    case dataSHA256 = "data_sha256"
  }

  /// Refuses to resume where options contradict the request that the run began with.
  ///
  /// - Parameters:
  ///   - asked: the run's request, changed by the options that were given.
  ///   - path: the run folder.
  public func check(asked: RunRequest, at path: String) throws(ResumeError) {
    guard let difference = request.differences(from: asked).first else { return }
    let option = difference.option
    // A hyper-parameter's name and its value are one word of the command line.
    let sign: Character = option.hasPrefix("--set ") ? "=" : " "
    func words(_ value: String?) -> String {
      value.map { "\(option)\(sign)\($0)" } ?? "no \(option)"
    }
    throw ResumeError(
      .otherOptions,
      "\(path): the run has \(words(difference.first)), asked for was \(words(difference.second)); "
        + "leave the option out, or start a new run")
  }

  /// Refuses to resume with other data or another version of the program.
  public func check(dataSHA256 found: String, version: String, at path: String) throws(ResumeError)
  {
    guard found == dataSHA256 else {
      throw ResumeError(
        .otherData,
        "\(path): expected the data that the run began with (SHA-256 \(dataSHA256.prefix(12))…), "
          + "found other data (\(found.prefix(12))…); start a new run")
    }
    guard version == self.version else {
      throw ResumeError(
        .otherOptions,
        "\(path): expected version \(self.version) of the program, which began the run, this is "
          + version)
    }
  }
}

/// Why a run cannot be resumed.
public struct ResumeError: Error, Hashable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    case otherData
    case otherOptions
  }

  public let kind: Kind
  public let description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

extension ResumeError: ExitStatusProviding {
  public var exitStatus: Int32 {
    switch kind {
    case .otherData: 65
    case .otherOptions: 64
    }
  }
}
