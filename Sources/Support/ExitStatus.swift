/// An error that knows what a program ends with when nothing else can be done, after `sysexits.h`.
public protocol ExitStatusProviding: Error {
  var exitStatus: Int32 { get }
}
