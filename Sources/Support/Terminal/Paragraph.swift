/// Sentences for people that are wrapped to a line length.
public enum Paragraph {
  /// More characters than a sentence of ours has.
  private static let limit = 2000

  /// Breaks between words; a word that is longer than a line has one to itself.
  public static func wrapped(_ text: String, width: Int) -> String {
    var lines: [String] = []
    var line = ""
    for word in SafeText.line(text, limit: limit).split(separator: " ") {
      if line.isEmpty {
        line = String(word)
      } else if line.count + 1 + word.count <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return (lines + [line]).joined(separator: "\n")
  }
}
