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

  var markup: [Markup] {
    let best = metrics.indices.map { column in bestValue(in: column) }
    let head = Markup(
      "tr", [:],
      [Markup("th", ["scope": "col"], firstHeading)]
        + metrics.map { metric in
          Markup(
            "th", ["scope": "col", "title": metric.explanation],
            [
              .text(metric.title),
              Markup("span", ["class": "hint"], metric.higherIsBetter ? " ↑" : " ↓"),
            ]
          )
        })
    let body = rows.map { row in
      let name = [
        Markup(
          "span", ["class": "model-name"],
          (row.style.map { [$0.swatch(withLine: false)] } ?? [])
            + [Markup("span", [:], breakable(row.name))])
      ]
      return Markup(
        "tr", ["class": row.isBaseline ? "baseline" : "model"],
        [Markup("th", ["scope": "row"], name)]
          + row.values.enumerated().map { column, value in
            cell(
              value, column: column, style: row.style,
              remark: row.remarks.isEmpty ? nil : row.remarks[column],
              isBest: !row.isBaseline && value.value != nil && value.value == best[column])
          })
    }
    // The caption stands before the box: within it, it would be as wide as the table.
    return [
      Markup("p", ["class": "note", "id": "\(id)-caption"], caption),
      Markup(
        "div",
        [
          "class": "scroll", "role": "region", "aria-labelledby": "\(id)-caption",
          "tabindex": "0",
        ],
        [
          Markup(
            "table",
            [
              "class": "comparison", "aria-labelledby": "\(id)-caption",
              "style": "min-width:\(11 + 5 * metrics.count)rem",
            ], [Markup("thead", [:], [head]), Markup("tbody", [:], body)])
        ]),
    ]
  }

  /// A name that may be broken where a small letter is followed by a capital one.
  private func breakable(_ name: String) -> [Markup] {
    var parts: [Markup] = []
    var part = ""
    for character in name {
      if character.isUppercase, part.last?.isLowercase == true {
        parts += [.text(part), Markup("wbr", [:])]
        part = ""
      }
      part.append(character)
    }
    return parts + [.text(part)]
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
  ) -> Markup {
    guard let number = value.value else { return Markup("td", ["class": "none"], "–") }
    var parts: [Markup] = [
      Markup("span", ["class": isBest ? "value best" : "value"], NumberText.fixed(number, 4))
    ]
    if isBest {
      parts.append(
        Markup(
          "span", ["class": "star"],
          [
            Markup("span", ["aria-hidden": "true"], " ★"),
            Markup("span", ["class": "unseen"], " (best)"),
          ]))
    }
    if let interval = value.interval {
      parts.append(
        Markup(
          "span", ["class": "interval"],
          NumberText.fixed(interval.lowerBound, 3) + " to "
            + NumberText.fixed(interval.upperBound, 3)))
    }
    if let remark { parts.append(Markup("span", ["class": "interval"], remark)) }
    parts.append(bar(value, number, limit: limit(of: column), style: style))
    return Markup("td", [:], parts)
  }

  private func bar(
    _ value: MetricValue, _ number: Double, limit: Double, style: SeriesStyle?
  ) -> Markup {
    let scale = Scale(domain: 0...max(limit, .leastNormalMagnitude), range: (0, 100))
    let c = NumberText.coordinate
    var parts: [Markup] = [
      Markup("rect", ["class": "track", "width": "100", "height": "8"]),
      Markup(
        "rect",
        [
          "class": "\(style?.colorClass ?? "plain") bar", "width": c(scale.position(number)),
          "height": "8",
        ]),
    ]
    if let interval = value.interval {
      let (low, high) = (scale.position(interval.lowerBound), scale.position(interval.upperBound))
      parts.append(
        Markup(
          "rect",
          [
            "class": "spread", "x": c(low), "y": "2.5", "width": c(max(high - low, 0.8)),
            "height": "3",
          ]))
    }
    return Markup(
      "svg",
      [
        "class": "cell-bar", "viewBox": "0 0 100 8", "preserveAspectRatio": "none",
        "aria-hidden": "true",
      ], parts)
  }
}
