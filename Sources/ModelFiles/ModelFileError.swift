public import Support

/// A file of a saved model that cannot be read, or is not what it must be.
public struct ModelFileError: Error, Hashable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// The file is not there or cannot be read.
    case missingFile
    /// The file's content is not what it must be.
    case badData
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
  public var exitStatus: Int32 {
    switch kind {
    case .missingFile: 66
    case .badData: 65
    }
  }
}
