import Evaluation
import HTML
import Support

/// The comparison table: the best value of each column marked, and a bar in every cell.
struct MetricTable {
  struct Row {
    var name: String
    var style: SeriesStyle?
    var values: [MetricValue]
    var isBaseline = false
    /// What stands below each value; none where empty.
    var remarks: [String?] = []
  }

  /// A name that nothing else on the page has.
  var id = "comparison"

  var caption: String
  var firstHeading = "Model"
  /// The class that metrics are about where there are two.
  var positiveClass: String?
  var metrics: [Metric]
  var rows: [Row]

  // The caption stands before the box: within it, it would be as wide as the table.
  @HTMLBuilder var html: HTML {
    p(.class("note"), .id(id + "-caption")) { caption }
    div(
      .class("scroll"), .role("region"), .ariaLabelledBy(id + "-caption"), .tabindex(0)
    ) {
      table(
        .class("comparison"), .ariaLabelledBy(id + "-caption"),
        .style("min-width:\(11 + 5 * metrics.count)rem")
      ) {
        thead {
          tr {
            th(.scope("col")) { firstHeading }
            for metric in metrics {
              th(.scope("col"), .title(metric.explanation(positive: positiveClass))) {
                metric.title
                span(.class("hint")) { metric.higherIsBetter ? " ↑" : " ↓" }
              }
            }
          }
        }
        tbody {
          for row in rows { self.row(row) }
        }
      }
    }
  }

  private func row(_ row: Row) -> HTML {
    tr(.class(row.isBaseline ? "baseline" : "model")) {
      th(.scope("row")) {
        span(.class("model-name")) {
          row.style?.swatch(withLine: false)
          span { breakable(row.name) }
        }
      }
      for (column, value) in row.values.enumerated() {
        if let number = value.value {
          score(number, value.interval, in: column, row)
        } else {
          td(.class("none")) { "–" }
        }
      }
    }
  }

  private func score(
    _ number: Double, _ interval: ClosedRange<Double>?, in column: Int, _ row: Row
  ) -> HTML {
    let isBest = !row.isBaseline && number == bestValue(in: column)
    return td {
      span(.class(isBest ? "value best" : "value")) { NumberText.fixed(number, 4) }
      if isBest {
        span(.class("star")) {
          span(.ariaHidden) { " ★" }
          span(.class("unseen")) { " (best)" }
        }
      }
      if let interval {
        span(.class("interval")) {
          "\(NumberText.fixed(interval.lowerBound, 3)) to \(NumberText.fixed(interval.upperBound, 3))"
        }
      }
      if !row.remarks.isEmpty, let remark = row.remarks[column] {
        span(.class("interval")) { remark }
      }
      bar(number, interval, in: column, row.style)
    }
  }

  private func bar(
    _ number: Double, _ interval: ClosedRange<Double>?, in column: Int, _ style: SeriesStyle?
  ) -> HTML {
    let limit = max(limit(of: column), .leastNormalMagnitude)
    let scale = Scale(domain: 0...limit, range: (0, 100))
    return svg(
      .class("cell-bar"), .viewBox(width: 100, height: 8), .preserveAspectRatio("none"), .ariaHidden
    ) {
      rect(.class("track"), .width(100), .height(8))
      rect(
        .class("\(style?.colorClass ?? "plain") bar"), .width(scale.position(number)), .height(8))
      if let interval {
        let start = scale.position(interval.lowerBound)
        let end = scale.position(interval.upperBound)
        rect(.class("spread"), .x(start), .y(2.5), .width(max(end - start, 0.8)), .height(3))
      }
    }
  }

  /// A name that may be broken where a small letter is followed by a capital one.
  @HTMLBuilder private func breakable(_ name: String) -> HTML {
    for (before, character) in zip([nil] + name.map(Optional.some), name) {
      if character.isUppercase, before?.isLowercase == true { wbr() }
      String(character)
    }
  }

  /// The best value among the models; none where there is nothing to compare.
  private func bestValue(in column: Int) -> Double? {
    let models = rows.filter { !$0.isBaseline }
    guard models.count > 1 else { return nil }
    let values = models.compactMap { $0.values[column].value }
    return metrics[column].higherIsBetter ? values.max() : values.min()
  }

  /// The number at the right end of a column's bars: 1 for shares, else what the values need.
  private func limit(of column: Int) -> Double {
    let ends = rows.flatMap { [$0.values[column].value, $0.values[column].interval?.upperBound] }
    let finite = ends.compactMap { $0 }.filter(\.isFinite)
    return max(metrics[column].higherIsBetter ? 1 : 0, finite.max() ?? 0)
  }
}
