#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Where results go.
///
/// A file or another program gets them as they are; a terminal gets no control characters.
public enum StandardOutput {
  private static let name = "standard output"

  public static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Writes a line for people.
  public static func say(_ line: String) throws(FileError) { try write(SafeText.line(line) + "\n") }

  /// Writes all of the text, or throws.
  public static func write(_ text: String) throws(FileError) {
    let bytes = Array(text.utf8)
    try OpenFile.write(
      isTerminal ? SafeText.forTerminal(bytes) : bytes, to: STDOUT_FILENO, name: name)
  }

  /// Writes all of the bytes, which end with a whole character, or throws.
  public static func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    guard isTerminal else { return try OpenFile.write(bytes, to: STDOUT_FILENO, name: name) }
    try OpenFile.write(SafeText.forTerminal(bytes), to: STDOUT_FILENO, name: name)
  }
}

/// Where progress and errors go.
public enum StandardError {
  public static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes a line for people. A failure cannot be reported anywhere.
  public static func write(_ line: String) { draw(SafeText.line(line) + "\n") }

  /// Writes entries of a log, in one call, so that those of several threads do not mix.
  public static func show(_ bytes: [UInt8]) {
    try? OpenFile.write(
      isTerminal ? SafeText.forTerminal(bytes) : bytes, to: STDERR_FILENO, name: "standard error")
  }

  /// Writes text as it is, in which names are safe already.
  public static func draw(_ text: String) {
    try? OpenFile.write(Array(text.utf8), to: STDERR_FILENO, name: "standard error")
  }
}
