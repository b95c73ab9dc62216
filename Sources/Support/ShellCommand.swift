/// Commands as a person pastes them into a shell.
public enum ShellCommand {
  /// The words of a command, each in quotes where it needs them.
  public static func text(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  /// One word, in quotes where a shell would read it as something else.
  public static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_./,=:+@%".utf8.contains(byte)
      }
    }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
