import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

extension StandardOutput {
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
}

extension StandardError {
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes over what the last call showed, on a terminal.
  static func show(passing text: String) { show("\r\u{1b}[K" + text) }
}
