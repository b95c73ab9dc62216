import Support
import Testing

@Suite struct `Texts of the data in Markdown and YAML` {
  @Test func `nothing in a text is markup`() {
    #expect(MarkdownText.escaped("a|b_c*d`e") == "a\\|b\\_c\\*d\\`e")
    #expect(
      MarkdownText.escaped("a|b *c* <d> [e](f) `g` \\")
        == #"a\|b \*c\* \<d\> \[e\](f) \`g\` \\"#)
    #expect(MarkdownText.escaped("[x](http://y) <b>&amp;") == "\\[x\\](http\\://y) \\<b\\>\\&amp;")
    #expect(MarkdownText.escaped("WWW.evil.com, a.b") == "WWW\\.evil.com, a.b")
    #expect(
      MarkdownText.escaped("@you #1 $x$ ~~no~~ \\") == "\\@you \\#1 \\$x\\$ \\~\\~no\\~\\~ \\\\")
    #expect(
      MarkdownText.escaped("two\r\nlines\nand\ttabs\u{1b}[0m") == "two lines and tabs\u{fffd}\\[0m")
    #expect(
      MarkdownText.escaped("Precision (w.) 0.95 ± 0.01 – “é”") == "Precision (w.) 0.95 ± 0.01 – “é”"
    )
  }

  @Test func `a table has a header, a line and rows`() {
    #expect(
      MarkdownText.table([["a", "b"], ["c", "1"]]) == "| a | b |\n| --- | ---: |\n| c | 1 |\n")
    #expect(MarkdownText.table([]) == "")
  }

  @Test func `a text in YAML is quoted, and what does not print is a number`() {
    #expect(YAMLText.quoted("a: \"b\" \\ #c") == "\"a: \\\"b\\\" \\\\ #c\"")
    #expect(
      YAMLText.quoted("é\n\u{85}\u{2028}\u{feff}\u{7f}")
        == "\"é\\u000a\\u0085\\u2028\\ufeff\\u007f\"")
    #expect(YAMLText.quoted("\u{e0001}😀") == "\"\\U000e0001😀\"")
  }
}
