import Evaluation

/// The models side by side, judged on the test rows.
public struct ComparisonTable: Sendable {
  /// How the table is written.
  public enum Format: String, CaseIterable, Sendable {
    /// Aligned for people; the best value of each column is marked with `*`.
    case table
    case markdown
    case csv
  }

  private let header: [String]
  private let rows: [[Cell]]

  private struct Cell {
    let text: String
    /// Every digit, for programs.
    let exact: String
    let isBest: Bool
  }

  public init(_ runs: [RunReport]) {
    let metrics = Metric.shown(classCount: runs.first?.validation.confusionMatrix.classCount ?? 2)
    header = ["Model"] + metrics.map(\.title) + ["Fit (s)", "Predict (s)"]
    keys = ["model"] + metrics.map(\.rawValue) + ["fit_seconds", "predict_seconds"]
    let best = metrics.map { metric in
      let values = runs.compactMap { $0.validation[metric] }
      return metric.higherIsBetter ? values.max() : values.min()
    }
    rows = runs.map { run in
      [Cell(text: run.name, exact: run.name, isBest: false)]
        + zip(metrics, best).map { metric, best in
          let value = run.validation[metric]
          return Cell(
            text: value.map { Self.fixed($0, digits: 4) } ?? "–",
            exact: value.map(\.description) ?? "",
            isBest: runs.count > 1 && value != nil && value == best)
        }
        + [run.fitSeconds, run.predictSeconds].map {
          Cell(text: Self.fixed($0, digits: 3), exact: $0.description, isBest: false)
        }
    }
  }

  private let keys: [String]

  public func rendered(as format: Format, bold: Bool = false) -> String {
    switch format {
    case .table: aligned(bold: bold)
    case .markdown: markdown
    case .csv: csv
    }
  }

  private func aligned(bold: Bool) -> String {
    let widths = header.indices.map { column in
      max(header[column].count, rows.map { $0[column].text.count + 1 }.max() ?? 0)
    }
    func line(_ texts: [(text: String, isBest: Bool)]) -> String {
      let cells = texts.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: max(0, widths[column] - cell.text.count))
        let text = bold && cell.isBest ? "\u{1b}[1m\(cell.text)\u{1b}[0m" : cell.text
        return column == 0 ? text + padding : padding + text
      }
      var line = cells.joined(separator: "  ")
      while line.hasSuffix(" ") { line.removeLast() }
      return line + "\n"
    }
    return line(header.enumerated().map { ($0 == 0 ? $1 : $1 + " ", false) })
      + rows.map { cells in
        line(
          cells.enumerated().map { index, cell in
            (index == 0 ? cell.text : cell.text + (cell.isBest ? "*" : " "), cell.isBest)
          })
      }.joined()
  }

  private var markdown: String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    return line(header)
      + line(header.indices.map { $0 == 0 ? "---" : "---:" })
      + rows.map { line($0.map { $0.isBest ? "**\($0.text)**" : $0.text }) }.joined()
  }

  private var csv: String {
    keys.joined(separator: ",") + "\n"
      + rows.map { $0.map(\.exact).joined(separator: ",") + "\n" }.joined()
  }

  /// A number with that many digits after the point.
  private static func fixed(_ value: Double, digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e15 else { return value.description }
    let number = Int(scaled)
    let fraction = String(number % Int(scale))
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return (value < 0 && number > 0 ? "-" : "") + "\(number / Int(scale)).\(zeros)\(fraction)"
  }
}
