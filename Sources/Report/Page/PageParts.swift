import HTML

// What sections are made of, besides figures and tables.

/// Small print.
func smallPrint(_ words: String) -> HTML { p(.class("note")) { words } }

/// A command as it can be typed.
func command(_ words: String) -> HTML { pre { code { words } } }

/// A box that can be scrolled, by keys too.
func scrolling(label: String, @HTMLBuilder _ content: () -> HTML) -> HTML {
  div(.class("scroll"), .role("region"), .ariaLabel(label), .tabindex(0), content: content)
}

/// Content that folds out.
func folded(_ title: String, @HTMLBuilder _ content: () -> HTML) -> HTML {
  details(.class("more")) {
    summary { title }
    content()
  }
}

/// Names with what is to be said of each.
func facts(_ facts: [(name: String, value: HTML)]) -> HTML {
  dl(.class("facts")) {
    for fact in facts {
      dt { fact.name }
      dd { fact.value }
    }
  }
}

extension String {
  /// The text with its first letter in upper case.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// A part of the page under a heading.
struct PageSection: Sendable {
  var id: String
  /// A word or two for the links on top.
  var shortTitle: String
  var html: HTML

  init(
    id: String, title: String, shortTitle: String, introduction: String? = nil,
    @HTMLBuilder _ content: () -> HTML
  ) {
    self.id = id
    self.shortTitle = shortTitle
    html = section(.id(id), .ariaLabelledBy(id + "-heading")) {
      h2(.id(id + "-heading")) { title }
      if let introduction { p(.class("lead")) { introduction } }
      content()
    }
  }
}
