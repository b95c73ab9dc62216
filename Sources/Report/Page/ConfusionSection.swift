import HTML
import Support

/// Which classes the models confuse.
enum ConfusionSection {
  static func section(_ content: ReportContent) -> PageSection? {
    let models = content.models.indices.filter { !content.models[$0].confusion.isEmpty }
    guard !models.isEmpty else { return nil }
    let isWide = content.classNames.count > HeatMap.smallLimit
    let figures = models.map { figure($0, content, isWide: isWide) }
    return PageSection(
      id: "confusion", title: "Confusion matrices", shortTitle: "Confusion",
      introduction:
        "Each row of a matrix holds the test rows of one actual class. Percentages are shares of that "
        + "row; a stronger colour is a larger share. The diagonal holds the correct predictions."
    ) {
      if isWide {
        figures.map(\.html)
      } else {
        Figure.grid(figures, density(content))
      }
    }
  }

  private static func density(_ content: ReportContent) -> Figure.GridDensity {
    switch content.classNames.count {
    case ...2: .four
    case ...4: .three
    default: .two
    }
  }

  private static func figure(_ model: Int, _ content: ReportContent, isWide: Bool) -> Figure {
    let one = content.models[model]
    let names = content.classNames
    let total = one.confusion.joined().reduce(0, +)
    let right = names.indices.reduce(0) { $0 + one.confusion[$1][$1] }
    var summary =
      "Confusion matrix of \(one.name): \(right) of \(total) test rows are on the diagonal."
    if names.count <= HeatMap.smallLimit {
      for (actual, row) in one.confusion.enumerated() {
        let parts = row.enumerated().map { "\($0.element) as \(names[$0.offset])" }
        summary += " Of the rows of \(names[actual]): " + parts.joined(separator: ", ") + "."
      }
    }
    return Figure(
      id: "confusion-\(model)",
      chart: HeatMap(
        title: one.name, summary: summary, rowTitle: "actual class",
        columnTitle: "predicted class", names: names, counts: one.confusion),
      note: isWide ? errors(model, content) : nil,
      numbers: DataTable(
        title: "Actual classes down, predicted classes across",
        header: ["Actual"] + names + ["Correct"],
        rows: names.indices.map { actual in
          let row = one.confusion[actual]
          let total = row.reduce(0, +)
          let share = total > 0 ? NumberText.percent(Double(row[actual]) / Double(total)) : "–"
          return [names[actual]] + row.map(NumberText.grouped) + [share]
        }), isWide: isWide)
  }

  /// The most frequent errors in words, since numbers in many small cells are hard to compare.
  private static func errors(_ model: Int, _ content: ReportContent) -> String {
    let one = content.models[model]
    var cells: [(actual: Int, predicted: Int, count: Int)] = []
    for (actual, row) in one.confusion.enumerated() {
      for (predicted, count) in row.enumerated() where predicted != actual && count > 0 {
        cells.append((actual, predicted, count))
      }
    }
    guard !cells.isEmpty else { return "There are no errors." }
    cells.sort { ($1.count, $0.actual, $0.predicted) < ($0.count, $1.actual, $1.predicted) }
    let texts = cells.prefix(5).map { cell in
      let total = one.confusion[cell.actual].reduce(0, +)
      let share = NumberText.percent(Double(cell.count) / Double(total))
      return
        "\(content.classNames[cell.actual]) predicted as \(content.classNames[cell.predicted]) "
        + "\(cell.count) times (\(share) of its rows)"
    }
    return "Most frequent errors: " + texts.joined(separator: "; ") + "."
  }
}
