public import Support

/// A journal or an archive that could not be made, read or written.
public struct JournalError: ExitStatusProviding, FileErrorConvertible, Hashable,
  CustomStringConvertible
{
  public enum Kind: Hashable, Sendable {
    case missing
    case cannotCreate
    case cannotWrite
    /// Another process writes it.
    case inUse
    /// Its process ended before anything was recorded.
    case empty
    /// Its content is not that of a journal or an archive.
    case damaged
    /// It should be continued, but Comet already has all of it.
    case finished
  }

  public let kind: Kind
  public let path: String
  public let problem: String

  public var description: String { "\(path): \(problem)" }

  init(_ kind: Kind, _ path: String, _ problem: String) {
    self.kind = kind
    self.path = path
    self.problem = problem
  }

  public init(_ error: FileError) {
    let kind: Kind =
      switch error.kind {
      case .cannotCreate: .cannotCreate
      case _ where error.isMissing: .missing
      case .cannotRead, .damaged: .damaged
      case .cannotWrite: .cannotWrite
      }
    self.init(kind, error.path, error.problem)
  }

  public var exitStatus: Int32 {
    switch kind {
    case .missing: 66
    case .cannotCreate: 73
    case .cannotWrite: 74
    case .inUse: 75
    case .empty, .damaged, .finished: 65
    }
  }
}
