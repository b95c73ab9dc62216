import ModelComparison
import Settings

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Where results go.
enum StandardOutput {
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether bold and colours are welcome: see https://no-color.org.
  static var showsColor: Bool {
    isTerminal && (Setting.noColor.value ?? "").isEmpty
  }

  /// How many characters fit on a line; `nil` when it is no terminal or a terminal does not say.
  static var terminalWidth: Int? {
    var size = winsize()
    guard isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// Writes all of the text, or throws.
  static func write(_ text: String) throws(FileError) {
    try Streams.write(text, to: STDOUT_FILENO, name: "standard output")
  }

  static func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    try Streams.write(bytes, to: STDOUT_FILENO, name: "standard output")
  }
}

/// Where progress and errors go.
enum StandardError {
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes over what the last call showed, on a terminal.
  static func show(_ passing: String) {
    try? Streams.write("\r\u{1b}[K" + passing, to: STDERR_FILENO, name: "standard error")
  }

  /// Writes a line. Nobody can be told when that fails.
  static func write(_ line: String) {
    try? Streams.write(line + "\n", to: STDERR_FILENO, name: "standard error")
  }
}

/// Writing to descriptors.
enum Streams {
  static func write(_ text: String, to descriptor: Int32, name: String) throws(FileError) {
    var text = text
    var failure: FileError?
    text.withUTF8 { utf8 in
      do throws(FileError) {
        try write(UnsafeRawBufferPointer(utf8), to: descriptor, name: name)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// Writes all of the bytes, or throws.
  static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, name: String
  ) throws(FileError) {
    var rest = bytes
    while !rest.isEmpty {
      #if canImport(Darwin)
        let written = Darwin.write(descriptor, rest.baseAddress, rest.count)
      #else
        let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
      #endif
      if written < 0, errno == EINTR { continue }
      guard written >= 0 else { throw FileError.last(.cannotWrite, name) }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }
}
