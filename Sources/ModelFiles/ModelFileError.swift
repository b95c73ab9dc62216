public import Support

/// A file of a saved model that cannot be read or is not valid.
public struct ModelFileError: Error, Hashable, CustomStringConvertible {
  /// The raw value is the exit status of a program that ends with it.
  public enum Kind: Int32, Sendable {
    /// The file does not exist or cannot be read.
    case missingFile = 66
    /// The file's content is not valid.
    case badData = 65
  }

  public let kind: Kind
  /// The file, what is wrong with it, and where.
  public let description: String

  package init(_ kind: Kind, _ file: String, _ problem: String) {
    self.kind = kind
    description = "\(file): \(problem)"
  }
}

extension ModelFileError: ExitStatusProviding {
  public var exitStatus: Int32 { kind.rawValue }
}
