import HTML
import Support

/// Which features the models use.
enum ImportanceSection {
  /// As many features are drawn; tables hold all.
  private static let shownLimit = 20

  /// A model with each feature's importance; the standard error where it is known.
  private typealias Row = (model: ModelContent, values: [(mean: Double, standardError: Double?)])

  static func section(_ content: ReportContent) -> PageSection? {
    let permuted = content.models.compactMap { model in
      model.permutationImportances.map { (model, $0.map { ($0.mean, Optional($0.standardError)) }) }
    }
    let impurity = content.models.compactMap { model in
      model.impurityImportances.map { (model, $0.map { ($0, Double?.none) }) }
    }
    var figures: [Figure] = []
    if !permuted.isEmpty {
      figures.append(
        figure(
          permuted, content.featureNames, id: "permutation", title: "Permutation importances",
          summary: "Drop in accuracy on the test rows when a feature is shuffled.",
          axisTitle: "drop in accuracy", note: permutationNote(content),
          tableTitle: "Mean drop in accuracy ± its standard error"))
    }
    if !impurity.isEmpty {
      figures.append(
        figure(
          impurity, content.featureNames, id: "impurity", title: "Impurity importances",
          summary: "Each feature's share of the impurity decrease while the trees were grown.",
          axisTitle: "share of the impurity decrease",
          note:
            "Computed on the training rows; they favour features with many different values. Only tree "
            + "models have them."))
    }
    guard !figures.isEmpty else { return nil }
    return PageSection(
      id: "importances", title: "Feature importances", shortTitle: "Importances",
      introduction:
        "Importances show what a model uses, not what causes the target. Correlated features share "
        + "theirs."
    ) { Figure.grid(figures) }
  }

  private static func permutationNote(_ content: ReportContent) -> String {
    let efforts = content.models.compactMap { model -> String? in
      guard let (repeats, rows) = model.permutation else { return nil }
      let count = NumberText.grouped(rows)
      let errors = (model.permutationImportances ?? []).map(\.standardError)
      return "\(model.name) from "
        + (rows < content.testRowCount ? "\(count) test rows" : "all \(count) test rows")
        + ", each feature shuffled " + (repeats == 1 ? "once" : "\(repeats) times")
        + ", up to ± \(NumberText.fixed(1.96 * (errors.max() ?? 0), 4))"
    }
    let made = content.models.compactMap(\.permutation)
    let isReduced = made.contains {
      $0.rows < content.testRowCount || $0.repeats != made[0].repeats
    }
    return "Whiskers are 95 % intervals, from the standard error over the rows."
      + (efforts.isEmpty ? "" : " " + efforts.joined(separator: "; ") + ".")
      + (isReduced
        ? " To save time, not all models have five shuffles of all test rows; "
          + "--permutation-repeats 5 makes them." : "")
  }

  private static func figure(
    _ rows: [Row], _ names: [String], id: String, title: String, summary: String,
    axisTitle: String, note: String, tableTitle: String? = nil
  ) -> Figure {
    let order = ranking(rows, count: names.count)
    let shown = Array(order.prefix(shownLimit))
    let leaders = rows.map { row in
      let best = ranking([row], count: names.count).prefix(3).map {
        "\(names[$0]) \(NumberText.fixed(row.values[$0].mean, 3))"
      }
      return "\(row.model.name): " + best.joined(separator: ", ")
    }
    return Figure(
      id: id,
      chart: DotChart(
        title: title,
        summary: summary + " Largest for " + leaders.joined(separator: "; for ") + ".",
        axisTitle: axisTitle, names: shown.map { names[$0] },
        series: rows.map { model, values in
          DotChart.Series(
            style: model.style, values: shown.map { values[$0].mean },
            intervals: shown.map { feature in
              let (mean, error) = values[feature]
              return error.map { mean - 1.96 * abs($0)...mean + 1.96 * abs($0) }
            })
        }),
      legend: rows.map { $0.model.entry() }, legendHasLines: false,
      note: note
        + (order.count > shown.count
          ? " The \(shown.count) largest of \(order.count) features are drawn." : ""),
      numbers: DataTable(
        title: tableTitle, header: ["Feature"] + rows.map(\.model.name),
        rows: order.map { feature in
          [names[feature]]
            + rows.map { row in
              let (mean, error) = row.values[feature]
              return NumberText.fixed(mean, 4)
                + (error.map { " ± " + NumberText.fixed($0, 4) } ?? "")
            }
        }))
  }

  /// The features from the one with the largest mean over the models down; ties in their own order.
  private static func ranking(_ rows: [Row], count: Int) -> [Int] {
    let sums = (0..<count).map { feature in rows.reduce(0) { $0 + $1.values[feature].mean } }
    return (0..<count).sorted { sums[$0] == sums[$1] ? $0 < $1 : sums[$0] > sums[$1] }
  }
}
