import HTML
import Support

/// Which classes the models confuse.
enum ConfusionSection {
  static func section(_ content: ReportContent) -> PageSection? {
    let names = content.classNames
    guard !content.hasManyClasses else { return ManyClassesSection.section(content) }
    let isWide = names.count > HeatMap.smallLimit
    let figures = content.models.enumerated().filter { !$1.confusion.isEmpty }.map {
      figure($0, $1, names, isWide: isWide)
    }
    guard !figures.isEmpty else { return nil }
    return PageSection(
      id: "confusion", title: "Confusion matrices", shortTitle: "Confusion",
      introduction:
        "Each row of a matrix holds the test rows of one actual class. Percentages are shares of that "
        + "row; a stronger colour is a larger share. The diagonal holds the correct predictions."
    ) {
      if isWide {
        figures.map(\.html)
      } else {
        Figure.grid(figures, names.count <= 2 ? .four : names.count <= 4 ? .three : .two)
      }
    }
  }

  private static func figure(
    _ index: Int, _ model: ModelContent, _ names: [String], isWide: Bool
  ) -> Figure {
    let total = model.confusion.joined().reduce(0, +)
    let right = names.indices.reduce(0) { $0 + model.confusion[$1][$1] }
    var summary =
      "Confusion matrix of \(model.name): \(right) of \(total) test rows are on the diagonal."
    if !isWide {
      for (actual, row) in model.confusion.enumerated() {
        let parts = row.enumerated().map { "\($0.element) as \(names[$0.offset])" }
        summary += " Of the rows of \(names[actual]): " + parts.joined(separator: ", ") + "."
      }
    }
    return Figure(
      id: "confusion-\(index)",
      chart: HeatMap(title: model.name, summary: summary, names: names, counts: model.confusion),
      note: isWide ? errors(model, names) : nil,
      numbers: DataTable(
        title: "Actual classes down, predicted classes across",
        header: ["Actual"] + names + ["Correct"],
        rows: names.indices.map { actual in
          let row = model.confusion[actual]
          let total = row.reduce(0, +)
          let share = total > 0 ? NumberText.percent(Double(row[actual]) / Double(total)) : "–"
          return [names[actual]] + row.map(NumberText.grouped) + [share]
        }), isWide: isWide)
  }

  /// The most frequent errors in words, since numbers in many small cells are hard to compare.
  private static func errors(_ model: ModelContent, _ names: [String]) -> String {
    var cells: [(actual: Int, predicted: Int, count: Int)] = []
    for (actual, row) in model.confusion.enumerated() {
      for (predicted, count) in row.enumerated() where predicted != actual && count > 0 {
        cells.append((actual, predicted, count))
      }
    }
    guard !cells.isEmpty else { return "There are no errors." }
    cells.sort { ($1.count, $0.actual, $0.predicted) < ($0.count, $1.actual, $1.predicted) }
    let texts = cells.prefix(5).map { cell in
      let total = model.confusion[cell.actual].reduce(0, +)
      let share = NumberText.percent(Double(cell.count) / Double(total))
      return "\(names[cell.actual]) predicted as \(names[cell.predicted]) \(cell.count) times "
        + "(\(share) of its rows)"
    }
    return "Most frequent errors: " + texts.joined(separator: "; ") + "."
  }
}
