import Support
import Testing

@Suite struct `Where two texts differ` {
  @Test func `the first different line is found, also where one text ends`() {
    func first(_ text: String, _ other: String) -> String? {
      TextDifference.firstLine(Array(text.utf8), Array(other.utf8))
        .map { "\($0.line): \($0.text), \($0.other)" }
    }
    #expect(first("a\nb\n", "a\nb\n") == nil)
    #expect(first("a\nb\n", "a\nc\n") == "2: b, c")
    #expect(first("a\n", "a\nc\n") == "2: , c")
    #expect(first("a", "a\n") == "2: , ")
  }

  @Test func `of a long text the part around the difference is shown`() {
    let text = String(repeating: "x", count: 200)
    let part = TextDifference.part(of: text + "1" + text, besides: text + "2" + text)
    #expect(part.count == 62 && part.hasPrefix("…") && part.hasSuffix("…") && part.contains("1"))
    #expect(TextDifference.part(of: "short", besides: "") == "short")
    #expect(TextDifference.part(of: text, besides: text + "1") == "…" + text.prefix(60))
  }
}
