/// An error that knows what a program ends with when nothing else can be done, after `sysexits.h`.
public protocol ExitStatusProviding: Error {
  var exitStatus: Int32 { get }
}

/// A failure that people were told of already: the program ends with its status, and says no more.
public struct ToldFailure: ExitStatusProviding, Hashable {
  public let exitStatus: Int32
  public init(exitStatus: Int32) { self.exitStatus = exitStatus }
}
