/// What is said and returned when a command fails.
struct Failure {
  /// One of sysexits.
  let status: Int32
  let message: String

  init(status: Int32, message: String) {
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
