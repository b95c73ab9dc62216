public import Support

/// Why a table could not be turned into a data set.
public struct DatasetError: Error, Hashable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// The file is not there or cannot be read.
    case missingFile
    /// The file's content is not what it must be.
    case badData
    /// What was asked for does not fit the file.
    case badRequest
  }

  public let kind: Kind
  /// What was expected, what was found, and where.
  public let description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

extension DatasetError: ExitStatusProviding {
  public var exitStatus: Int32 {
    switch kind {
    case .missingFile: 66
    case .badData: 65
    case .badRequest: 64
    }
  }
}
