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
  private static let name = "standard error"
  /// Whether the program's last line was written.
  private static let isEnded = Mutex(false)

  public static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes a line for people. A failure cannot be reported anywhere.
  public static func write(_ line: String) { draw(SafeText.line(line) + "\n") }

  /// Writes the program's last line: what other threads write until it has ended is left out.
  static func end(with line: String) {
    put(Array((SafeText.line(line) + "\n").utf8), isLast: true)
  }

  /// Writes entries of a log, in one call, so that those of several threads do not mix.
  public static func show(_ bytes: [UInt8]) {
    put(isTerminal ? SafeText.forTerminal(bytes) : bytes)
  }

  /// Writes text as it is, in which names are safe already.
  public static func draw(_ text: String) { put(Array(text.utf8)) }

  private static func put(_ bytes: [UInt8], isLast: Bool = false) {
    isEnded.withLock { isEnded in
      guard !isEnded else { return }
      try? OpenFile.write(bytes, to: STDERR_FILENO, name: name)
      isEnded = isLast
    }
  }
}
