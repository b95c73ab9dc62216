public import Support

/// Data that a classifier cannot learn from.
public struct FitError: Error, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

extension FitError: ExitStatusProviding {
  public var exitStatus: Int32 { 65 }
}
