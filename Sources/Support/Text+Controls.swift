extension Unicode.Scalar {
  /// Whether a terminal may take it for a command, begin a line with it, or show what follows in another
  /// order: C0, DEL, C1, the separators of lines and paragraphs, and the marks of a writing direction.
  var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7f...0x9f, 0x61c, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069: true
    default: false
    }
  }
}

extension String {
  /// Whether there are control characters in the text.
  var hasControls: Bool { unicodeScalars.contains(where: \.isControl) }

  /// The text with control characters as they are written in programs: `\r`, `\u{1b}`.
  ///
  /// - Parameter kept: those that stay.
  func escapingControls(except kept: Set<Unicode.Scalar> = []) -> String {
    guard hasControls else { return self }
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case _ where kept.contains(scalar) || !scalar.isControl:
        result.unicodeScalars.append(scalar)
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default: result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result
  }

  /// The text, or its beginning and end with `…` between them where it has more characters than that.
  func cutInTheMiddle(to limit: Int) -> String {
    // A character has one byte or more: short texts need not be counted.
    guard utf8.count > limit, count > limit else { return self }
    let start = limit / 2
    return "\(prefix(start))…\(suffix(limit - start - 1))"
  }
}
