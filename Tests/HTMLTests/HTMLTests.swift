import HTML
import Testing

private func text(_ html: HTML) -> String { String(decoding: html.bytes, as: UTF8.self) }

@Suite struct `An HTML element` {
  @Test func `an element has its attributes in order and its content between its tags`() {
    let item = li(.id("one"), .class("model")) {
      "is "
      a(.href("#two")) { "here" }
    }
    #expect(text(item) == ##"<li id="one" class="model">is <a href="#two">here</a></li>"##)
  }

  @Test func `an element without content closes itself if it can have none, and else does not`() {
    #expect(text(wbr()) == "<wbr/>")
    #expect(text(meta(.charset("utf-8"))) == #"<meta charset="utf-8"/>"#)
    #expect(text(span(.class("swatch")) {}) == #"<span class="swatch"></span>"#)
  }

  @Test func `an element leaves out attributes that say nothing`() {
    #expect(text(p(.class(nil)) { "x" }) == "<p>x</p>")
    #expect(
      text(option(.value("a"), .selected(if: false)) { "a" }) == #"<option value="a">a</option>"#)
    #expect(
      text(option(.value("a"), .selected(if: true)) { "a" })
        == #"<option value="a" selected="selected">a</option>"#)
  }

  @Test func `an element of a drawing has numbers with at most two digits after the point`() {
    let drawing = svg(.xmlns, .viewBox(width: 300, height: 100.5)) {
      rect(.class("bar"), .x(1.0 / 3), .y(-0.001), .width(20), .height(.nan))
      path(.d("M0 0H1"), .strokeDasharray(nil), .fillOpacity(0.125))
    }
    #expect(
      text(drawing) == #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100.5">"#
        + #"<rect class="bar" x="0.33" y="0" width="20" height="0"/>"#
        + #"<path d="M0 0H1" fill-opacity="0.13"/></svg>"#)
  }
}

@Suite struct `A block of HTML content` {
  private func list(_ names: [String], note: String?, isOpen: Bool) -> HTML {
    ul {
      for name in names { li { name } }
      if let note { li { note } }
      if isOpen { li { "open" } } else { li { "closed" } }
      names.first.map { name in li { name } }
      names.map { HTML($0) }
    }
  }

  @Test func `a block of content is written in order, with what its conditions and loops give`() {
    #expect(
      text(list(["a", "b"], note: nil, isOpen: true))
        == "<ul><li>a</li><li>b</li><li>open</li><li>a</li>ab</ul>")
    #expect(
      text(list([], note: "none", isOpen: false)) == "<ul><li>none</li><li>closed</li></ul>")
  }

  @Test func `a block of content may stand alone, or be empty`() {
    #expect(
      text(
        HTML {
          "a"
          wbr()
          "b"
        }) == "a<wbr/>b")
    #expect(text(HTML {}) == "")
  }
}

@Suite struct `Text in HTML` {
  @Test func `text cannot become markup, in an element or in an attribute`() {
    let attack = "</p><script>\"'&"
    let safe = "&lt;/p&gt;&lt;script&gt;&quot;&#39;&amp;"
    #expect(text(p(.title(attack)) { attack }) == "<p title=\"\(safe)\">\(safe)</p>")
    #expect(text(HTML(attack)) == safe)
    var html = HTML()
    html.append(attack)
    #expect(text(html) == safe)
  }

  @Test(arguments: [
    ("a\u{0}b", "a\u{fffd}b"), ("a\u{1b}[31m", "a\u{fffd}[31m"),
    // Overrides of the writing direction, and what XML forbids.
    ("a\u{202e}b", "a\u{fffd}b"), ("a\u{2066}b", "a\u{fffd}b"), ("a\u{fffe}b", "a\u{fffd}b"),
    ("a\u{1fffe}b", "a\u{fffd}b"), ("a\u{7f}\u{9f}b", "a\u{fffd}\u{fffd}b"),
    ("two\nlines\tand a tab", "two\nlines\tand a tab"), ("Ünïcödé 💎", "Ünïcödé 💎"),
  ])
  func `text shows characters that would break or rearrange a page as replaced`(
    written: String, shown: String
  ) {
    #expect(text(HTML(written)) == shown)
  }

  @Test func `text is markup only where our sources spell it out`() {
    #expect(text(HTML(markup: "<!DOCTYPE html>\n")) == "<!DOCTYPE html>\n")
  }
}

@Suite struct `A prerendered page` {
  private enum Field { case name, share, address }

  private let page = PrerenderedPage<Field> { blank in
    p(.class("answer")) {
      "It is "
      blank(.name)
      ": "
      a(.href(blank(.address))) { blank(.name) }
      svg(.width(20)) { rect(.width(blank(.share))) }
    }
  }

  private func filled(name: String) -> String {
    text(
      page.filled { field, html in
        switch field {
        case .name: html.append(name)
        case .share: html.append("0.5")
        case .address: html.append("/?a=1&b=\"2\"")
        }
      })
  }

  @Test func `a prerendered page is the page with its fields filled in, at each of their places`() {
    #expect(
      filled(name: "Gold")
        == #"<p class="answer">It is Gold: <a href="/?a=1&amp;b=&quot;2&quot;">Gold</a>"#
        + #"<svg width="20"><rect width="0.5"/></svg></p>"#)
  }

  @Test func `a prerendered page escapes what is filled in, and keeps nothing of it`() {
    #expect(filled(name: "<b>&").contains("It is &lt;b&gt;&amp;: <a"))
    #expect(filled(name: "Silver") == filled(name: "Silver"))
    #expect(!filled(name: "Silver").contains("&lt;b"))
  }

  @Test func `a prerendered page takes elements, and may end in a blank`() {
    let page = PrerenderedPage<Int> { blank in
      HTML {
        "a"
        blank(7)
      }
    }
    #expect(text(page.filled { number, html in html.append(b("\(number)")) }) == "a<td>7</td>")
    #expect(text(page.filled { _, _ in }) == "a")
  }

  private func b(_ words: String) -> HTML { td { words } }
}
