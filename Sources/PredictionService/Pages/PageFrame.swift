import Report

/// What all pages have in common.
enum PageFrame {
  /// A page around its content.
  ///
  /// - Parameters:
  ///   - current: the address among those on top that the page is about.
  ///   - foot: what stands at the end, in pieces that are separated by points.
  static func page(
    title: String, current: String? = nil, foot: [String] = [], wide: Bool = false,
    _ content: [Markup]
  ) -> Markup {
    Markup(
      "html", ["lang": "en"],
      [
        Markup(
          "head", [:],
          [
            Markup("meta", ["charset": "utf-8"]),
            Markup(
              "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            Markup("meta", ["name": "color-scheme", "content": "light dark"]),
            Markup("title", [:], title),
            Markup("link", ["rel": "stylesheet", "href": "/style.css"]),
            Markup("link", ["rel": "icon", "href": "/icon.svg", "type": "image/svg+xml"]),
          ]),
        Markup(
          "body", [:],
          [
            Markup("a", ["class": "skip", "href": "#content"], "Skip to the content"),
            header(current: current),
            Markup("main", ["id": "content", "class": wide ? "wide" : "narrow"], content),
            foot.isEmpty
              ? .nothing : Markup("footer", [:], [Markup("p", [:], foot.joined(separator: " · "))]),
          ]),
      ])
  }

  private static func header(current: String?) -> Markup {
    func link(_ address: String, _ name: String) -> Markup {
      Markup(
        "li", [:],
        [
          address == current
            ? Markup("a", ["href": address, "aria-current": "page"], name)
            : Markup("a", ["href": address], name)
        ])
    }
    return Markup(
      "header", [:],
      [
        Markup(
          "p", ["class": "brand"],
          [Markup("a", ["href": "/"], [diamond, Markup("span", [:], "Diamonds")])]),
        Markup(
          "nav", ["aria-label": "Pages"],
          [
            Markup(
              "ul", [:],
              [link("/", "Predict"), link("/monitor", "Monitor"), link("/docs", "API")])
          ]),
      ])
  }

  private static var diamond: Markup {
    Markup(
      "svg",
      [
        "viewBox": "0 0 24 24", "width": "22", "height": "22", "aria-hidden": "true",
        "class": "diamond",
      ],
      [
        Markup("path", ["d": "M6 3h12l4 6-10 12L2 9z"]),
        Markup("path", ["d": "M2 9h20M9 9l3 12 3-12M6 3l3 6 3-6 3 6 3-6", "class": "facets"]),
      ])
  }

  /// The same drawing as a file, for the browser's tab.
  static let icon = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#2b7fc3" \
    stroke-width="1.6" stroke-linejoin="round"><path d="M6 3h12l4 6-10 12L2 9z" fill="#d8ecfb"/>\
    <path d="M2 9h20M9 9l3 12 3-12M6 3l3 6 3-6 3 6 3-6"/></svg>

    """
}
