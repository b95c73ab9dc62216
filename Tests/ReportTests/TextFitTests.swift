import Testing

@testable import Report

@Suite struct `A text in a drawing` {
  @Test(arguments: [
    ("short", 100.0, "short"), ("a name of many words", 80, "a name of…"),
    // The blank before the ellipsis goes.
    ("a name of many words", 60, "a name…"), ("anything", 5, "…"), ("", 0, ""),
  ])
  func `a text that is too wide loses its end`(text: String, width: Double, shown: String) {
    let result = TextFit.shortened(text, width: width, size: 12)
    #expect(result == shown)
    #expect(shown.count < 2 || TextFit.width(result, size: 12) <= width)
  }

  /// A cell of 50 MB was shortened character by character, which would take days.
  @Test func `a text of megabytes is shortened at once`() {
    let text = String(repeating: "wide ", count: 4_000_000)
    for _ in 0..<100 {
      #expect(TextFit.shortened(text, width: 70, size: 12) == "wide wid…")
    }
  }
}
