#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// What the output can show: bold text, and how many characters on a line.
public struct TextStyle: Hashable, Sendable {
  /// Whether bold and colours are welcome: see https://no-color.org.
  public let isBold: Bool
  /// How many characters fit on a line; `nil` where lines may have any length.
  public let width: Int?

  /// What begins bold text on a terminal, and what ends it.
  public static let bold = "\u{1b}[1m"
  public static let plain = "\u{1b}[0m"

  public init(isBold: Bool = false, width: Int? = nil) {
    self.isBold = isBold
    self.width = width
  }

  /// That of the process's standard output.
  public static var standardOutput: TextStyle {
    guard StandardOutput.isTerminal else { return TextStyle() }
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return TextStyle(
      isBold: (Setting.noColor.value ?? "").isEmpty, width: isKnown ? Int(size.ws_col) : nil)
  }
}
