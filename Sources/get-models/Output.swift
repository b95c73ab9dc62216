#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Where results and warnings go.
enum Output {
  /// Writes all of the text to standard output, or throws.
  static func write(_ text: String) throws(OutputError) {
    try write(text, to: STDOUT_FILENO)
  }

  /// Writes a line to standard error. Nobody can be told when that fails.
  static func warn(_ line: String) { try? write("get-models: \(line)\n", to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) throws(OutputError) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      #if canImport(Darwin)
        let written = rest.withUnsafeBytes { Darwin.write(descriptor, $0.baseAddress, $0.count) }
      #else
        let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      #endif
      if written < 0, errno == EINTR { continue }
      guard written >= 0 else { throw OutputError(problem: String(cString: strerror(errno))) }
      rest = rest.dropFirst(written)
    }
  }
}

/// Standard output that cannot be written to.
struct OutputError: Error, CustomStringConvertible {
  let problem: String
  var description: String { "standard output: \(problem)" }
}
