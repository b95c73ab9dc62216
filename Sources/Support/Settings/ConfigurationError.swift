/// Settings that do not fit what is asked for.
public struct ConfigurationError: Error, Hashable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

extension ConfigurationError: ExitStatusProviding {
  public var exitStatus: Int32 { 78 }
}
