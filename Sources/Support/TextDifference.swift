/// Where two texts differ, in a few characters.
public enum TextDifference {
  /// How many characters of a text are shown.
  private static let length = 60

  /// The part of a text around the first character in which another one differs, with points where it is cut.
  public static func part(of text: String, besides other: String) -> String {
    let characters = Array(text)
    let same = zip(characters, other).prefix { $0 == $1 }.count
    guard characters.count > length else { return text }
    let start = max(0, min(same - length / 3, characters.count - length))
    let end = min(characters.count, start + length)
    return (start > 0 ? "…" : "") + String(characters[start..<end])
      + (end < characters.count ? "…" : "")
  }

  /// The first line in which two texts differ, and what they have there; `nil` where they are equal.
  public static func firstLine(_ text: [UInt8], _ other: [UInt8]) -> (
    line: Int, text: String, other: String
  )? {
    let (lines, others) = (Self.lines(of: text), Self.lines(of: other))
    let place =
      zip(lines, others).enumerated().first { !$1.0.elementsEqual($1.1) }?.offset
      ?? (lines.count == others.count ? nil : min(lines.count, others.count))
    guard let place else { return nil }
    func line(_ lines: [ArraySlice<UInt8>]) -> String {
      place < lines.count ? String(decoding: lines[place], as: UTF8.self) : ""
    }
    let (found, made) = (line(lines), line(others))
    return (place + 1, part(of: found, besides: made), part(of: made, besides: found))
  }

  private static func lines(of text: [UInt8]) -> [ArraySlice<UInt8>] {
    text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  }
}
