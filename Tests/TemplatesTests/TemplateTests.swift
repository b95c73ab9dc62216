import Templates
import Testing

@Suite struct `Templates` {
  private func html(_ template: String, _ values: KeyValuePairs<String, (any Piece.Value)?>)
    -> String
  {
    TemplateLibrary(["page": Array(template.utf8), "item": Array("<i>{{.text}}</i>".utf8)])
      .html(Piece(template: "page", values))
  }

  @Test func `a value cannot become markup, in the page and in what it holds`() {
    let attack = "</p><script>\"'&"
    let safe = "&lt;/p&gt;&lt;script&gt;&quot;&#39;&amp;"
    #expect(
      html(
        "<p title=\"{{.text}}\">{{#.items}}{{>*.template}}{{/.items}}</p>",
        ["text": attack, "items": [Piece(template: "item", ["text": attack])]])
        == "<p title=\"\(safe)\"><i>\(safe)</i></p>")
  }

  @Test(arguments: [
    ("a\u{0}b", "a\u{fffd}b"), ("a\u{1b}[31m", "a\u{fffd}[31m"),
    // Overrides of the writing direction, and what XML forbids.
    ("a\u{202e}b", "a\u{fffd}b"), ("a\u{2066}b", "a\u{fffd}b"), ("a\u{fffe}b", "a\u{fffd}b"),
    ("two\nlines\tand a tab", "two\nlines\tand a tab"), ("Ünïcödé 💎", "Ünïcödé 💎"),
  ])
  func `characters that would break or rearrange a page are shown as replaced`(
    text: String, shown: String
  ) {
    #expect(html("{{.text}}", ["text": text]) == shown)
  }

  @Test func `a value that is nil is left out, and so is what stands around it`() {
    #expect(html("a{{#.note}}<b>{{.}}</b>{{/.note}}c{{.note}}", ["note": nil]) == "ac")
    #expect(html("a{{#.note}}<b>{{.}}</b>{{/.note}}c", ["note": "b"]) == "a<b>b</b>c")
    #expect(
      html("{{#.isBest}}best{{/.isBest}}{{^.isBest}}not{{/.isBest}}", ["isBest": false]) == "not")
  }

  @Test func `a name with a point is looked for in the piece at hand, not in those around it`() {
    #expect(
      html(
        "{{#.items}}[{{.text}}]{{/.items}}",
        ["text": "outer", "items": [Piece(["text": "inner"]), Piece([:])]]) == "[inner][]")
  }

  @Test func `text of a value is never taken for a template`() {
    #expect(
      html("{{.text}}{{{.text}}}", ["text": "{{.secret}}", "secret": "told"])
        == "{{.secret}}{{.secret}}")
  }
}
