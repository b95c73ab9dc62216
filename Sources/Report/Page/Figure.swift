import Templates

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

  var piece: Piece {
    Piece(
      .figure,
      [
        "class": isWide ? "wide" : "chart", "isWide": isWide, "title": chart.title,
        "drawing": chart.drawing(id: id),
        "legend": legend.isEmpty ? nil : Self.legend(legend, withLines: legendHasLines),
        "note": note, "numbers": numbers.scrolling(label: "Numbers: " + chart.title),
      ])
  }

  static func legend(_ entries: [Entry], withLines: Bool) -> Piece {
    Piece(
      .legend,
      [
        "entries": entries.map { entry in
          Piece([
            "swatch": entry.style.swatch(withLine: withLines), "name": entry.name,
            "value": entry.value,
          ])
        }
      ])
  }
}

/// A part of the page under a heading.
struct PageSection {
  var id: String
  var title: String
  /// A word or two for the links on top.
  var shortTitle: String
  var introduction: [String] = []
  var content: [Piece]

  var piece: Piece {
    Piece(
      .section,
      [
        "id": id, "title": title, "introduction": introduction, "content": content,
      ])
  }

  /// How many figures stand side by side where there is room.
  enum GridDensity: String {
    case two = "grid"
    case three = "grid small"
    case four = "grid tight"
  }

  /// Figures side by side where there is room.
  static func grid(_ figures: [Figure], _ density: GridDensity = .two) -> Piece {
    Piece(.grid, ["class": density.rawValue, "figures": figures.map(\.piece)])
  }

  /// Content that folds out.
  static func folded(_ title: String, _ content: [Piece]) -> Piece {
    Piece(.folded, ["title": title, "content": content])
  }
}

extension Piece {
  /// A heading within a section.
  static func heading(_ text: String) -> Piece { Piece(.heading, ["text": text]) }

  /// Small print.
  static func note(_ text: String) -> Piece { Piece(.note, ["text": text]) }

  /// A command as it can be typed.
  static func command(_ text: String) -> Piece { Piece(.command, ["text": text]) }

  /// Names with what is to be said of each: a value, or a link to follow.
  static func facts(_ facts: [(name: String, value: String?, link: String?)]) -> Piece {
    Piece(
      .facts,
      ["facts": facts.map { Piece(["name": $0.name, "value": $0.value, "link": $0.link]) }])
  }
}
