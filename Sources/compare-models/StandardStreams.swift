import ModelComparison

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Where results go.
enum StandardOutput {
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Writes all of the text, or throws.
  static func write(_ text: String) throws(FileError) {
    try Streams.write(text, to: STDOUT_FILENO, name: "standard output")
  }
}

/// Where progress and errors go.
enum StandardError {
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes a line. Nobody can be told when that fails.
  static func write(_ line: String) {
    try? Streams.write(line + "\n", to: STDERR_FILENO, name: "standard error")
  }
}

private enum Streams {
  static func write(_ text: String, to descriptor: Int32, name: String) throws(FileError) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { buffer in
        #if canImport(Darwin)
          Darwin.write(descriptor, buffer.baseAddress, buffer.count)
        #else
          Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        #endif
      }
      if written < 0, errno == EINTR { continue }
      guard written >= 0 else { throw FileError.last(.cannotWrite, name) }
      rest = rest.dropFirst(written)
    }
  }
}
