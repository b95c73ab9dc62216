import Comparison
import HTML
import Support

/// What mistakes cost by the threshold, where they have costs.
enum CostSection {
  static func section(_ content: ReportContent) -> PageSection? {
    let models = content.models.filter { $0.threshold != nil }
    guard let first = models.first?.threshold else { return nil }
    return PageSection(
      id: "costs", title: "Costs and thresholds", shortTitle: "Costs",
      introduction: "What mistakes cost: \(first.costs.joined(separator: ", ")), others 1. "
        + "Each model predicts “\(first.positiveClass)” where its probability reaches the threshold that was "
        + "cheapest on five folds of the training rows. Labels, and all scores that are made of "
        + "labels, follow the threshold; areas, losses and probabilities do not depend on it."
    ) { Figure.grid([figure(content, models, first.positiveClass)]) }
  }

  private static func figure(
    _ content: ReportContent, _ models: [ModelContent], _ positiveClass: String
  ) -> Figure {
    let lines = models.compactMap { model in
      model.threshold?.curve.map { curve in
        (model: model, points: zip(curve.thresholds, curve.costs).map { Point($0, $1) })
      }
    }
    let heights = lines.flatMap(\.points).map(\.y)
    let chosen = models.map { "\($0.name) \(text($0.threshold?.value))" }
    return Figure(
      id: "cost-curve",
      chart: LineChart(
        title: "Cost per training row by threshold",
        summary: "On rows that the models did not learn from. Cheapest thresholds: "
          + chosen.joined(separator: ", ") + ".",
        x: Axis("threshold for the probability of “\(positiveClass)”", 0...1),
        y: Axis("cost per row", Ticks.niceDomain(0...max(heights.max() ?? 1, 1e-9), count: 5)),
        series: lines.map { model, points in
          let best = points.first { $0.x == model.threshold?.value }
          return LineChart.Series(
            style: model.style, points: points, markers: best.map { [($0, 3.4)] } ?? [])
        }),
      legend: models.map { $0.entry("threshold \(text($0.threshold?.value))") },
      note: note(models),
      numbers: DataTable(
        header: ["Model", "Threshold", "Cost per test row", "Cost per test row at 0.5"],
        rows: models.map { model in
          let column = content.metrics.firstIndex(of: .cost)
          return [
            model.name, text(model.threshold?.value),
            text(column.flatMap { model.values[$0].value }),
            text(model.threshold?.costAtHalf),
          ]
        }))
  }

  private static func note(_ models: [ModelContent]) -> String {
    let without = models.filter { $0.threshold?.value == nil }.map(\.name)
    return "The mark is the chosen threshold."
      + (without.isEmpty
        ? ""
        : " \(without.listed()): all rows of a fold have the same probability, so the more probable "
          + "class is predicted.")
  }

  private static func text(_ value: Double?) -> String {
    value.map { NumberText.fixed($0, 4) } ?? "–"
  }
}
