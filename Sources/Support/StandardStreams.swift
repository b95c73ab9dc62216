#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Where results go.
public enum StandardOutput {
  /// Writes all of the text, or throws.
  public static func write(_ text: String) throws(StreamError) {
    try Streams.write(text, to: STDOUT_FILENO, name: "standard output")
  }

  /// Writes all of the bytes, or throws.
  public static func write(_ bytes: UnsafeRawBufferPointer) throws(StreamError) {
    try Streams.write(bytes, to: STDOUT_FILENO, name: "standard output")
  }
}

/// Where progress and errors go.
public enum StandardError {
  /// Writes a line. Nobody can be told when that fails.
  public static func write(_ line: String) { show(line + "\n") }

  /// Writes text as it is.
  public static func show(_ text: String) {
    try? Streams.write(text, to: STDERR_FILENO, name: "standard error")
  }
}

/// Writing to descriptors.
public enum Streams {
  static func write(_ text: String, to descriptor: Int32, name: String) throws(StreamError) {
    var text = text
    var failure: StreamError?
    text.withUTF8 { utf8 in
      do throws(StreamError) {
        try write(UnsafeRawBufferPointer(utf8), to: descriptor, name: name)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// Writes all of the bytes, or throws.
  ///
  /// - Parameter name: what an error calls the file.
  public static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, name: String
  ) throws(StreamError) {
    var rest = bytes
    while !rest.isEmpty {
      #if canImport(Darwin)
        let written = Darwin.write(descriptor, rest.baseAddress, rest.count)
      #else
        let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
      #endif
      if written < 0, errno == EINTR { continue }
      guard written >= 0 else {
        throw StreamError(description: "\(name): \(String(cString: strerror(errno)))")
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }
}

/// A file or a stream that cannot be written to.
public struct StreamError: Error, Hashable, CustomStringConvertible {
  /// Which one, and why.
  public let description: String
}
