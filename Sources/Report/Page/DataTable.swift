/// A table with a heading for each column and each row.
struct DataTable {
  var caption: String?
  var header: [String]
  /// The first cell of each row is its heading.
  var rows: [[String]]

  var markup: Markup {
    let head = Markup(
      "thead", [:],
      [Markup("tr", [:], header.map { Markup("th", ["scope": "col"], $0) })])
    let body = Markup(
      "tbody", [:],
      rows.map { cells in
        Markup(
          "tr", [:],
          cells.enumerated().map { index, cell in
            index == 0 ? Markup("th", ["scope": "row"], cell) : Markup("td", [:], cell)
          })
      })
    let title = caption.map { [Markup("caption", [:], $0)] } ?? []
    return Markup("table", ["class": "numbers"], title + [head, body])
  }

  /// The table in a box that can be scrolled, by keys too.
  func scrolling(label: String) -> Markup {
    Markup(
      "div", ["class": "scroll", "role": "region", "aria-label": label, "tabindex": "0"], [markup])
  }
}
