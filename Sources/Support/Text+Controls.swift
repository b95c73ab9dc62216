extension Unicode.Scalar {
  /// Whether a terminal may take it for a command: C0, DEL and C1.
  var isControl: Bool { value < 0x20 || 0x7f...0x9f ~= value }
}

extension String {
  /// Whether there are control characters in the text.
  var hasControls: Bool { unicodeScalars.contains(where: \.isControl) }

  /// The text with control characters as they are written in programs: `\r`, `\u{1b}`.
  ///
  /// - Parameter keepsLines: whether line ends stay.
  public func escapingControls(keepsLines: Bool = false) -> String {
    guard hasControls else { return self }
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n" where keepsLines: result += "\n"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.isControl: result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
