import HTML

/// What all pages about a model show around their content.
struct PageFrame: Sendable {
  /// What the pages are called.
  var brand = "Predictions"
  var isOfDiamonds = false
  /// The parts of the last line.
  var foot: [String] = []

  /// Before there is a model.
  static let empty = PageFrame()
}

/// A page with the parts that all pages have in common.
///
/// - Parameters:
///   - current: the page's address in the navigation.
///   - root: the way from the page to the form. Addresses are relative, so that they stay below the path at which a
///     proxy has the service.
func page(
  title words: String, current: String? = nil, _ frame: PageFrame, root: String = "./",
  isWide: Bool = false,
  @HTMLBuilder _ content: () -> HTML
) -> HTML {
  HTML {
    HTML(markup: "<!DOCTYPE html>\n")
    html(.lang("en")) {
      head {
        meta(.charset("utf-8"))
        meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
        meta(.name("color-scheme"), .content("light dark"))
        title { words }
        link(.rel("stylesheet"), .href(root + "style.css"))
        link(.rel("icon"), .href(root + "icon.svg"), .type("image/svg+xml"))
      }
      body {
        a(.class("skip"), .href("#content")) { "Skip to the content" }
        header {
          p(.class("brand")) {
            a(.href(root)) {
              if frame.isOfDiamonds { diamond }
              span { frame.brand }
            }
          }
          nav(.ariaLabel("Pages")) {
            ul {
              for (address, name) in [("", "Predict"), ("monitor", "Monitor"), ("docs", "API")] {
                li {
                  a(.href(root + address), .ariaCurrent(if: "/" + address == current)) { name }
                }
              }
            }
          }
        }
        main(.id("content"), .class(isWide ? "wide" : "narrow"), content: content)
        if !frame.foot.isEmpty { footer { p { frame.foot.joined(separator: " · ") } } }
      }
    }
  }
}

private var diamond: HTML {
  svg(
    .viewBox(width: 24, height: 24), .width(22), .height(22), .ariaHidden, .class("diamond")
  ) {
    path(.d("M6 3h12l4 6-10 12L2 9z"))
    path(.d("M2 9h20M9 9l3 12 3-12M6 3l3 6 3-6 3 6 3-6"), .class("facets"))
  }
}

/// The drawing at the top of each page as a file, for the browser's tab.
let pageIcon: StaticString = """
  <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#2b7fc3" \
  stroke-width="1.6" stroke-linejoin="round"><path d="M6 3h12l4 6-10 12L2 9z" fill="#d8ecfb"/>\
  <path d="M2 9h20M9 9l3 12 3-12M6 3l3 6 3-6 3 6 3-6"/></svg>

  """

/// A table with a heading for each column and each row.
func headedTable(
  _ header: [String], _ rows: [(heading: HTML, cells: [String])], class classes: String? = nil
) -> HTML {
  table(.class(classes)) {
    thead {
      tr { for name in header { th(.scope("col")) { name } } }
    }
    tbody {
      for row in rows {
        tr {
          th(.scope("row")) { row.heading }
          for cell in row.cells { td { cell } }
        }
      }
    }
  }
}
