public import Support

/// Why a table cannot be turned into a data set.
public struct DatasetError: Error, Hashable, CustomStringConvertible {
  /// The raw value is the exit status of a program that ends with it.
  public enum Kind: Int32, Sendable {
    /// The file does not exist or cannot be read.
    case missingFile = 66
    /// The file's content is not valid.
    case badData = 65
    /// The request does not fit the file.
    case badRequest = 64
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
  public var exitStatus: Int32 { kind.rawValue }
}
