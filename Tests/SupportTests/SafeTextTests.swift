import Testing

@testable import Support

@Suite struct `Text that is safe to show` {
  /// What a terminal would act on, and how it is shown.
  static let controls: [(String, String)] = [
    ("\u{0}", "\\u{0}"), ("\u{7}", "\\u{7}"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"),
    ("\r\n", "\\r\\n"), ("\u{1b}[2J", "\\u{1b}[2J"),
    ("\u{1b}]0;title\u{7}", "\\u{1b}]0;title\\u{7}"),
    ("\u{7f}", "\\u{7f}"), ("\u{85}", "\\u{85}"), ("\u{9b}31m", "\\u{9b}31m"),
    ("\u{61c}", "\\u{61c}"), ("\u{200e}", "\\u{200e}"), ("\u{200f}", "\\u{200f}"),
    ("\u{2028}", "\\u{2028}"), ("\u{2029}", "\\u{2029}"), ("\u{202a}", "\\u{202a}"),
    ("\u{202e}", "\\u{202e}"), ("\u{2066}", "\\u{2066}"), ("\u{2069}", "\\u{2069}"),
  ]

  @Test func `every control character is shown, and nothing else changes`() {
    for (raw, shown) in Self.controls {
      let text = "ä\(raw)日本 👩‍🔬"
      #expect(SafeText.line(text) == "ä\(shown)日本 👩‍🔬")
      #expect(SafeText.name(text) == "ä\(shown)日本 👩‍🔬")
    }
    for value in (0..<0x3000 as Range<UInt32>) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let category = scalar.properties.generalCategory
      let isOrder = scalar.properties.isBidiControl
      if category == .control || isOrder
        || [.lineSeparator, .paragraphSeparator].contains(category)
      {
        #expect(String(scalar).hasControls, "\(value)")
      } else {
        #expect(!String(scalar).hasControls, "\(value)")
      }
    }
  }

  @Test func `a long message loses the middles of its long words before its own`() {
    let short = String(repeating: "x", count: 500)
    #expect(SafeText.line(short) == short)
    let path = String(repeating: "/folder", count: 80)
    let line = SafeText.line("\(path)/a.csv:3: expected a number, found \"b\"; correct the cell")
    #expect(line.hasPrefix("/folder/folder"))
    #expect(line.hasSuffix("/folder/a.csv:3: expected a number, found \"b\"; correct the cell"))
    #expect(line.contains("…"))
    let words = SafeText.line(
      "t.csv:3: found \"" + String(repeating: "a b ", count: 1000) + "\"; drop it")
    #expect(words.count == 500)
    #expect(words.hasPrefix("t.csv:3: found \"a b"))
    #expect(words.hasSuffix("a b \"; drop it"))
  }

  @Test func `a message is short whatever is in it`() {
    for text in [
      String(repeating: "a", count: 50_000_000), String(repeating: "é\u{1b} ", count: 20_000_000),
      String(repeating: "\u{1b}", count: 100_000),
      String(repeating: "ä ", count: 100_000), String(repeating: "👩‍🔬", count: 10_000),
    ] {
      let line = SafeText.line("found \"\(text)\"; correct it")
      #expect(line.count <= SafeText.messageLimit)
      #expect(line.hasPrefix("found \"") && line.hasSuffix("; correct it"))
    }
  }

  @Test func `a terminal gets lines, tabs and our bold, and shows everything else`() {
    let text = "a\tb\n\(TextStyle.bold)1\(TextStyle.plain)\u{1b}[31m\u{9b}2J\r\n"
    #expect(
      String(decoding: SafeText.forTerminal(text.utf8), as: UTF8.self)
        == "a\tb\n\(TextStyle.bold)1\(TextStyle.plain)\\u{1b}[31m\\u{9b}2J\\r\n")
    #expect(SafeText.forTerminal([0x61, 0x9b, 0xff]) == Array("a\u{fffd}\u{fffd}".utf8))
  }

  @Test func `progress and paragraphs show control characters`() {
    let screen = Mutex("")
    let progress = ProgressDisplay(.normal, isTerminal: true) { text in
      screen.withLock { $0 += text }
    }
    progress.say("a\u{1b}[2J\r\n")
    progress.began("b\u{9b}")
    progress.begin("c\u{7}", total: 1)
    progress.end()
    let text = screen.withLock { $0 }.replacing("\r\u{1b}[K", with: "|")
    #expect(text.hasPrefix("|a\\u{1b}[2J\\r\\n\n|b\\u{9b}\n|c\\u{7}: 0 of 1, "))
    #expect(Paragraph.wrapped("a\u{202e} b\nc", width: 10) == "a\\u{202e}\nb\\nc")
  }
}
