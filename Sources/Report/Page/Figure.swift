import HTML

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

  var html: HTML {
    figure(.class(isWide ? "wide" : "chart")) {
      figcaption { chart.title }
      if isWide {
        scrolling(label: chart.title) { drawing(chart, id: id) }
      } else {
        drawing(chart, id: id)
      }
      if !legend.isEmpty { Self.legend(legend, withLines: legendHasLines) }
      if let note { smallPrint(note) }
      details {
        summary { "Numbers" }
        scrolling(label: "Numbers: " + chart.title) { numbers.html }
      }
    }
  }

  static func legend(_ entries: [Entry], withLines: Bool) -> HTML {
    ul(.class("legend")) {
      for entry in entries {
        li {
          entry.style.swatch(withLine: withLines)
          span(.class("entry")) { entry.name }
          if let value = entry.value { span(.class("figure")) { value } }
        }
      }
    }
  }

  /// How many figures stand side by side where there is room.
  enum GridDensity: String {
    case two = "grid"
    case three = "grid small"
    case four = "grid tight"
  }

  /// Figures side by side where there is room.
  static func grid(_ figures: [Figure], _ density: GridDensity = .two) -> HTML {
    div(.class(density.rawValue)) { figures.map(\.html) }
  }
}
