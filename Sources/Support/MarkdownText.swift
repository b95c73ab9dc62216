/// Texts of the data in Markdown and in YAML, where they must not be taken for anything but text.
public enum MarkdownText {
  /// The text as Markdown shows it: no emphasis, code, link, table cell, HTML or mention of anything.
  public static func escaped(_ text: String) -> String {
    var result = ""
    var last: [Unicode.Scalar] = []
    let scalars = Array(text.replacing("\r\n", with: " ").unicodeScalars)
    for (place, scalar) in scalars.enumerated() {
      switch scalar {
      case "\n", "\r", "\t": result += " "
      case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "&", "~", "$", "@", "#":
        result += "\\\(scalar)"
      // What programs make links of.
      case ":" where scalars[place...].starts(with: "://".unicodeScalars): result += "\\:"
      case "." where last.suffix(3).elementsEqual("www".unicodeScalars): result += "\\."
      case _ where scalar.isControl: result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
      last.append(
        scalar.properties.isUppercase ? Unicode.Scalar(scalar.value | 0x20) ?? scalar : scalar)
      if last.count > 3 { last.removeFirst() }
    }
    return result
  }

  /// A table with a heading for each column; the first column holds words, the others numbers.
  ///
  /// - Parameter rows: cells that are escaped already, the header first.
  public static func table(_ rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    guard let header = rows.first else { return "" }
    return line(header) + line(header.indices.map { $0 == 0 ? "---" : "---:" })
      + rows.dropFirst().map(line).joined()
  }
}

/// Texts in YAML.
public enum YAMLText {
  /// The text in double quotes; whatever does not print, or ends a line, is written by its number.
  public static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where isWritten(scalar): result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16)
        let width = scalar.value > 0xffff ? 8 : 4
        result +=
          (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count)
          + digits
      }
    }
    return result + "\""
  }

  private static func isWritten(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format, .unassigned, .privateUse: false
    default: true
    }
  }
}
