#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Where results go.
public enum StandardOutput {
  private static let name = "standard output"

  /// Writes all of the text, or throws.
  public static func write(_ text: String) throws(FileError) {
    try OpenFile.write(Array(text.utf8), to: STDOUT_FILENO, name: name)
  }

  /// Writes all of the bytes, or throws.
  public static func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    try OpenFile.write(bytes, to: STDOUT_FILENO, name: name)
  }
}

/// Where progress and errors go.
public enum StandardError {
  /// Writes a line. A failure cannot be reported anywhere.
  public static func write(_ line: String) { show(line + "\n") }

  /// Writes text as it is.
  public static func show(_ text: String) { show(Array(text.utf8)) }

  /// Writes bytes as they are, in one call, so that entries of several threads do not mix.
  public static func show(_ bytes: [UInt8]) {
    try? OpenFile.write(bytes, to: STDERR_FILENO, name: "standard error")
  }
}
