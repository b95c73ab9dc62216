import Templates

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
  var metrics: [MetricColumn]
  var rows: [Row]

  var piece: Piece {
    let best = metrics.indices.map { column in bestValue(in: column) }
    return Piece(
      .metricTable,
      [
        "id": id, "caption": caption, "width": "\(11 + 5 * metrics.count)",
        "firstHeading": firstHeading,
        "metrics": metrics.map {
          Piece([
            "title": $0.title, "explanation": $0.explanation,
            "arrow": $0.higherIsBetter ? "↑" : "↓",
          ])
        },
        "rows": rows.map { row in
          Piece([
            "class": row.isBaseline ? "baseline" : "model",
            "swatch": row.style?.swatch(withLine: false), "nameParts": breakable(row.name),
            "cells": row.values.enumerated().map { column, value in
              cell(
                value, column: column, style: row.style,
                remark: row.remarks.isEmpty ? nil : row.remarks[column],
                isBest: !row.isBaseline && value.value != nil && value.value == best[column])
            },
          ])
        },
      ])
  }

  /// The parts of a name between which it may be broken: where a small letter is followed by a capital
  /// one.
  private func breakable(_ name: String) -> [String] {
    var parts: [String] = []
    var part = ""
    for character in name {
      if character.isUppercase, part.last?.isLowercase == true {
        parts.append(part)
        part = ""
      }
      part.append(character)
    }
    return parts + [part]
  }

  private var comparedCount: Int { rows.count { !$0.isBaseline } }

  /// The best value among the models; none where there is nothing to compare.
  private func bestValue(in column: Int) -> Double? {
    guard comparedCount > 1 else { return nil }
    let values = rows.filter { !$0.isBaseline }.compactMap { $0.values[column].value }
    return metrics[column].higherIsBetter ? values.max() : values.min()
  }

  /// The number at the right end of a column's bars: 1 for shares, else what the values need.
  private func limit(of column: Int) -> Double {
    let ends = rows.flatMap { [$0.values[column].value, $0.values[column].interval?.upperBound] }
    let finite = ends.compactMap { $0 }.filter(\.isFinite)
    return max(metrics[column].higherIsBetter ? 1 : 0, finite.max() ?? 0)
  }

  private func cell(
    _ value: MetricValue, column: Int, style: SeriesStyle?, remark: String?, isBest: Bool
  ) -> Piece {
    guard let number = value.value else { return Piece(.noScore) }
    let limit = max(limit(of: column), .leastNormalMagnitude)
    let scale = Scale(domain: 0...limit, range: (0, 100))
    let c = NumberText.coordinate
    return Piece(
      .score,
      [
        "value": NumberText.fixed(number, 4), "isBest": isBest,
        "interval": value.interval.map {
          NumberText.fixed($0.lowerBound, 3) + " to " + NumberText.fixed($0.upperBound, 3)
        },
        "remark": remark, "color": style?.colorClass ?? "plain",
        "barWidth": c(scale.position(number)),
        "spread": value.interval.map { interval in
          let start = scale.position(interval.lowerBound)
          let end = scale.position(interval.upperBound)
          return Piece(["start": c(start), "width": c(max(end - start, 0.8))])
        },
      ])
  }
}
