/// A chart with its title, legend and note, and its numbers in a table that folds out.
struct Figure {
  /// A line of the legend.
  struct Entry {
    var style: SeriesStyle
    var name: String
    var value: String?
  }

  /// A name that nothing else on the page has.
  var id: String
  var chart: any Chart
  var legend: [Entry] = []
  /// Whether the legend's swatches show lines or only markers.
  var legendHasLines = true
  var note: String?
  var numbers: DataTable
  var isWide = false

  var markup: Markup {
    var parts: [Markup] = [Markup("figcaption", [:], chart.title)]
    if isWide {
      parts.append(
        Markup(
          "div",
          ["class": "scroll", "role": "region", "aria-label": chart.title, "tabindex": "0"],
          [chart.drawing(id: id)]))
    } else {
      parts.append(chart.drawing(id: id))
    }
    if !legend.isEmpty {
      parts.append(Self.legend(legend, withLines: legendHasLines))
    }
    if let note { parts.append(Markup("p", ["class": "note"], note)) }
    parts.append(
      Markup(
        "details", [:],
        [Markup("summary", [:], "Numbers"), numbers.scrolling(label: "Numbers: " + chart.title)]))
    return Markup("figure", ["class": isWide ? "wide" : "chart"], parts)
  }

  static func legend(_ entries: [Entry], withLines: Bool) -> Markup {
    Markup(
      "ul", ["class": "legend"],
      entries.map { entry in
        Markup(
          "li", [:],
          [
            entry.style.swatch(withLine: withLines),
            Markup("span", ["class": "entry"], entry.name),
          ] + (entry.value.map { [Markup("span", ["class": "figure"], $0)] } ?? []))
      })
  }
}

/// A part of the page under a heading.
struct PageSection {
  var id: String
  var title: String
  /// A word or two for the links on top.
  var shortTitle: String
  var introduction: [String] = []
  var content: [Markup]

  var markup: Markup {
    Markup(
      "section", ["id": id, "aria-labelledby": "\(id)-heading"],
      [Markup("h2", ["id": "\(id)-heading"], title)]
        + introduction.map { Markup("p", ["class": "lead"], $0) } + content)
  }

  /// How many figures stand side by side where there is room.
  enum GridDensity: String {
    case two = "grid"
    case three = "grid small"
    case four = "grid tight"
  }

  /// Figures side by side where there is room.
  static func grid(_ figures: [Figure], _ density: GridDensity = .two) -> Markup {
    Markup("div", ["class": density.rawValue], figures.map(\.markup))
  }

  /// Content that folds out.
  static func folded(_ title: String, _ content: [Markup]) -> Markup {
    Markup("details", ["class": "more"], [Markup("summary", [:], title)] + content)
  }
}
