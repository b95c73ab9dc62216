import Evaluation
import HTML
import Support

/// Which of very many classes the models confuse: a matrix of all of them could not be read.
enum ManyClassesSection {
  /// As many pairs and classes are listed.
  private static let listLimit = 12

  static func section(_ content: ReportContent) -> PageSection? {
    let models = content.models.filter { !$0.confusion.isEmpty }
    guard !models.isEmpty else { return nil }
    return PageSection(
      id: "confusion", title: "Confused classes", shortTitle: "Confusion",
      introduction:
        "There are \(content.classNames.count) classes: listed are the pairs that each model confuses most "
        + "often, and the classes with the most mistakes. comparison.json has all counts."
    ) {
      for model in models { part(model, content.classNames) }
    }
  }

  @HTMLBuilder private static func part(_ model: ModelContent, _ names: [String]) -> HTML {
    let matrix = ConfusionMatrix(counts: model.confusion)
    let sizes = matrix.actualCounts
    h3 { model.name }
    p { totals(matrix, sizes) }
    scrolling(label: "The pairs that \(model.name) confuses most often") {
      pairs(matrix, sizes, names).html
    }
    scrolling(label: "The classes in which \(model.name) makes the most mistakes") {
      worst(matrix, sizes, names).html
    }
    p(.class("note")) {
      "All predictions: "
      file("\(model.name)/predictions.csv")
      "; the classes with the most mistakes as a matrix: "
      file("\(model.name)/confusion-matrix-validate.json")
      "."
    }
  }

  /// A link to a file of the run folder, in which the report is, too.
  private static func file(_ path: String) -> HTML { a(.href("./" + path)) { path } }

  private static func totals(_ matrix: ConfusionMatrix, _ sizes: [Int]) -> String {
    let tested = sizes.indices.filter { sizes[$0] > 0 }
    let right = tested.reduce(0) { $0 + matrix.counts[$1][$1] }
    let total = sizes.reduce(0, +)
    let whole = tested.count { matrix.counts[$0][$0] == sizes[$0] }
    let lost = tested.count { matrix.counts[$0][$0] == 0 }
    return
      "\(NumberText.grouped(right)) of \(NumberText.grouped(total)) test rows are predicted correctly. Of "
      + "the \(tested.count) classes with test rows, all rows are predicted correctly in \(whole), and none in "
      + "\(lost)."
  }

  private static func pairs(
    _ matrix: ConfusionMatrix, _ sizes: [Int], _ names: [String]
  ) -> DataTable {
    let cells = matrix.counts.enumerated().flatMap { actual, row in
      row.enumerated().compactMap { predicted, count in
        predicted != actual && count > 0
          ? (actual: actual, predicted: predicted, count: count) : nil
      }
    }
    let first = cells.sorted {
      ($1.count, $0.actual, $0.predicted) < ($0.count, $1.actual, $1.predicted)
    }.prefix(listLimit)
    return DataTable(
      title: "The most frequent mistakes",
      header: ["Actual class", "Predicted as", "Rows", "Share of the actual class"],
      rows: first.map { cell in
        [
          names[cell.actual], names[cell.predicted], NumberText.grouped(cell.count),
          NumberText.percent(Double(cell.count) / Double(sizes[cell.actual])),
        ]
      })
  }

  private static func worst(
    _ matrix: ConfusionMatrix, _ sizes: [Int], _ names: [String]
  ) -> DataTable {
    let labels = matrix.classes(withMostMistakes: listLimit).filter {
      matrix.counts[$0][$0] < sizes[$0]
    }
    return DataTable(
      title: "The classes with the most mistakes",
      header: ["Class", "Test rows", "Predicted correctly", "Share"],
      rows: labels.map { label in
        let right = matrix.counts[label][label]
        return [
          names[label], NumberText.grouped(sizes[label]), NumberText.grouped(right),
          NumberText.percent(Double(right) / Double(sizes[label])),
        ]
      })
  }
}
