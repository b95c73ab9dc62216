public import Support

/// Why a run or a sweep cannot be made, resumed or merged.
public struct RequestError: ExitStatusProviding, Hashable, CustomStringConvertible {
  public enum Kind: Int32, Sendable {
    /// What was asked for cannot be done, whatever the data, or contradicts what was begun.
    case badRequest = 64
    /// The data or a file is not what it must be.
    case badData = 65
    case missingFile = 66
    /// Runs are missing that other processes may still make.
    case unfinished = 75
  }

  public let kind: Kind
  public let description: String
  public var exitStatus: Int32 { kind.rawValue }

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// Throws for a request that makes no sense.
  public static func refuse(_ isRefused: Bool, _ problem: String) throws(RequestError) {
    if isRefused { throw RequestError(.badRequest, problem) }
  }
}
