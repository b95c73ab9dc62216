/// What is said and returned when a command fails.
public struct Failure: Sendable {
  /// One of sysexits.
  public let status: Int32
  public let message: String

  public init(status: Int32, message: String) {
    self.status = status
    self.message = message
  }

  /// A mistake in the arguments.
  init(usage message: String, of program: String) {
    let line = message.split(separator: "\n").joined(separator: " ")
    let end = line.last.map { ".?".contains($0) } == true ? "" : "."
    self.init(status: 64, message: "\(line)\(end) See \(program) --help.")
  }
}
