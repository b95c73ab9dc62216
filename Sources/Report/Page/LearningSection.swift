import HTML
import Support

/// Whether more training rows would help.
enum LearningSection {
  static func section(_ content: ReportContent) -> PageSection? {
    guard let curve = content.learningCurve, !curve.models.isEmpty else { return nil }
    let counts = curve.models.flatMap(\.rowCounts)
    guard let fewest = counts.min(), let most = counts.max(), fewest < most else { return nil }
    let edges = curve.models.flatMap { model in
      zip(model.means, model.deviations).flatMap { [$0 - $1, $0 + $1] }
    }
    let heights = Ticks.niceDomain((edges.min() ?? 0)...(edges.max() ?? 1), count: 5)
    func style(_ name: String) -> SeriesStyle {
      SeriesStyle(content.models.firstIndex { $0.name == name } ?? 7)
    }
    let chart = LineChart(
      title: "\(curve.metric) by number of training rows",
      summary: "Scores on the test rows. "
        + curve.models.map {
          "\($0.name) from \(NumberText.fixed($0.means.first ?? 0, 3)) to "
            + NumberText.fixed($0.means.last ?? 0, 3)
        }.joined(separator: ", ") + ".",
      x: Axis("training rows", 0...Double(most), tickCount: 4), y: Axis(curve.metric, heights),
      series: curve.models.map { model in
        let points = zip(model.rowCounts, model.means).map { Point(Double($0), $1) }
        var series = LineChart.Series(name: model.name, style: style(model.name), points: points)
        series.markers = points.map { ($0, 3.4) }
        if model.deviations.contains(where: { $0 > 0 }) {
          series.band = (
            zip(points, model.deviations).map { Point($0.x, $0.y - $1) },
            zip(points, model.deviations).map { Point($0.x, $0.y + $1) }
          )
        }
        return series
      })
    let figure = Figure(
      id: "learning", chart: chart,
      legend: curve.models.map { Figure.Entry(style: style($0.name), name: $0.name) },
      numbers: DataTable(
        header: ["Model", "Rows", "Mean", "Standard deviation"],
        rows: curve.models.flatMap { model in
          model.rowCounts.indices.map { index in
            [
              model.name, NumberText.grouped(model.rowCounts[index]),
              NumberText.fixed(model.means[index], 4),
              NumberText.fixed(model.deviations[index], 4),
            ]
          }
        }))
    return PageSection(
      id: "learning-part", title: "Learning curve", shortTitle: "Learning curve",
      introduction:
        "A curve that still improves at its right end suggests that more rows would help."
    ) { Figure.grid([figure]) }
  }
}
