/// Text for people in which names from data, models, servers and arguments may be.
///
/// Whatever is in a name, it moves no cursor, begins no line and fills no screen: control characters are
/// written as programs write them, and what is too long loses its middle. Everything that goes to the
/// standard error, and what people read on the standard output, comes through here; ``forTerminal(_:)`` is
/// for what machines read and a person looks at.
public enum SafeText {
  /// The most characters of a message.
  public static let messageLimit = 500
  /// How much of a word stays in a message that is too long.
  static let wordLimit = 100

  /// A message on one line.
  ///
  /// One that is too long loses the middles of its long words first, and then its own.
  ///
  /// - Parameter limit: the most characters.
  public static func line(_ text: String, limit: Int = messageLimit) -> String {
    let line = ends(of: text).escapingControls()
    guard line.utf8.count > limit, line.count > limit else { return line }
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    return words.map { String($0).cutInTheMiddle(to: wordLimit) }.joined(separator: " ")
      .cutInTheMiddle(to: limit)
  }

  /// A name where there is little room, such as in a table.
  public static func name(_ text: String, limit: Int = 80) -> String {
    ends(of: text).escapingControls().cutInTheMiddle(to: limit)
  }

  /// Both ends of a text of megabytes, such as a cell of a damaged file, of which no more is shown: to count all
  /// of its characters takes minutes.
  private static func ends(of text: String) -> String {
    let kept = 4096
    guard text.utf8.count > 16 * kept else { return text }
    return String(text.unicodeScalars.prefix(kept)) + String(text.unicodeScalars.suffix(kept))
  }

  /// Bytes of several lines as a terminal may get them: line ends and tabs stay, and so does our own bold.
  static func forTerminal(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    let text = String(decoding: Array(bytes), as: UTF8.self)
    guard text.hasControls else { return Array(text.utf8) }
    let pieces = text.split(separator: TextStyle.bold, omittingEmptySubsequences: false).map {
      $0.split(separator: TextStyle.plain, omittingEmptySubsequences: false).map {
        String($0).escapingControls(except: ["\n", "\t"])
      }.joined(separator: TextStyle.plain)
    }
    return Array(pieces.joined(separator: TextStyle.bold).utf8)
  }
}
