import HTML
import Support

/// Which features the models use.
enum ImportanceSection {
  /// As many features are drawn; tables hold all.
  private static let shownLimit = 20

  static func section(_ content: ReportContent) -> PageSection? {
    let featureNames = content.featureNames
    let impurity = content.models.indices.filter { content.models[$0].impurityImportances != nil }
    let permuted = content.models.indices.filter {
      content.models[$0].permutationImportances != nil
    }
    var figures: [Figure] = []
    if !permuted.isEmpty {
      figures.append(permutationFigure(permuted, content, featureNames))
    }
    if !impurity.isEmpty {
      figures.append(impurityFigure(impurity, content, featureNames))
    }
    guard !figures.isEmpty else { return nil }
    return PageSection(
      id: "importances", title: "Feature importances", shortTitle: "Importances",
      introduction:
        "Importances show what a model uses, not what causes the target. Correlated features share "
        + "theirs."
    ) { Figure.grid(figures) }
  }

  private static func permutationFigure(
    _ models: [Int], _ content: ReportContent, _ names: [String]
  ) -> Figure {
    let values = models.map { content.models[$0].permutationImportances ?? [] }
    let order = ranking(values.map { $0.map(\.mean) }, count: names.count)
    let shown = Array(order.prefix(shownLimit))
    var note = "Whiskers are 95 % intervals, from the standard error over the rows."
    if let settings = content.permutation {
      note +=
        settings.rowCount < content.testRowCount
        ? " Estimated from \(NumberText.grouped(settings.rowCount)) of the "
          + "\(NumberText.grouped(content.testRowCount)) test rows to save time; "
          + "--permutation-repeats 5 uses all."
        : " All \(NumberText.grouped(content.testRowCount)) test rows, each feature shuffled "
          + (settings.repeatCount == 1 ? "once." : "\(settings.repeatCount) times.")
    }
    return Figure(
      id: "permutation",
      chart: DotChart(
        title: "Permutation importances",
        summary: "Drop in accuracy on the test rows when a feature is shuffled. "
          + leaders(models, values.map { $0.map(\.mean) }, content, names),
        axisTitle: "drop in accuracy", names: shown.map { names[$0] },
        series: zip(models, values).map { model, values in
          DotChart.Series(
            name: content.models[model].name, style: SeriesStyle(model),
            values: shown.map { values[$0].mean },
            intervals: shown.map {
              values[$0].mean - 1.96 * values[$0].standardError...values[$0].mean + 1.96
                * values[$0].standardError
            })
        }),
      legend: models.map { Figure.Entry(style: SeriesStyle($0), name: content.models[$0].name) },
      legendHasLines: false, note: note + hidden(order, shown),
      numbers: DataTable(
        title: "Mean drop in accuracy ± its standard error",
        header: ["Feature"] + models.map { content.models[$0].name },
        rows: order.map { feature in
          [names[feature]]
            + values.map {
              NumberText.fixed($0[feature].mean, 4) + " ± "
                + NumberText.fixed($0[feature].standardError, 4)
            }
        }))
  }

  private static func impurityFigure(
    _ models: [Int], _ content: ReportContent, _ names: [String]
  ) -> Figure {
    let values = models.map { content.models[$0].impurityImportances ?? [] }
    let order = ranking(values, count: names.count)
    let shown = Array(order.prefix(shownLimit))
    return Figure(
      id: "impurity",
      chart: DotChart(
        title: "Impurity importances",
        summary: "Each feature's share of the impurity decrease while the trees were grown. "
          + leaders(models, values, content, names),
        axisTitle: "share of the impurity decrease", names: shown.map { names[$0] },
        series: zip(models, values).map { model, values in
          DotChart.Series(
            name: content.models[model].name, style: SeriesStyle(model),
            values: shown.map { values[$0] })
        }),
      legend: models.map { Figure.Entry(style: SeriesStyle($0), name: content.models[$0].name) },
      legendHasLines: false,
      note:
        "Computed on the training rows; they favour features with many different values. Only tree "
        + "models have them." + hidden(order, shown),
      numbers: DataTable(
        header: ["Feature"] + models.map { content.models[$0].name },
        rows: order.map { feature in
          [names[feature]] + values.map { NumberText.fixed($0[feature], 4) }
        }))
  }

  /// The features from the one with the largest mean over the models down; ties in their own order.
  private static func ranking(_ values: [[Double]], count: Int) -> [Int] {
    let sums = (0..<count).map { feature in values.reduce(0) { $0 + $1[feature] } }
    return (0..<count).sorted { sums[$0] == sums[$1] ? $0 < $1 : sums[$0] > sums[$1] }
  }

  private static func leaders(
    _ models: [Int], _ values: [[Double]], _ content: ReportContent, _ names: [String]
  ) -> String {
    let texts = zip(models, values).map { model, values in
      let best = ranking([values], count: values.count).prefix(3).map {
        "\(names[$0]) \(NumberText.fixed(values[$0], 3))"
      }
      return "\(content.models[model].name): " + best.joined(separator: ", ")
    }
    return "Largest for " + texts.joined(separator: "; for ") + "."
  }

  private static func hidden(_ order: [Int], _ shown: [Int]) -> String {
    order.count > shown.count
      ? " The \(shown.count) largest of \(order.count) features are drawn." : ""
  }
}
