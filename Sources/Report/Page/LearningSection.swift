import HTML
import Support

/// Whether more training rows would help.
enum LearningSection {
  static func section(_ content: ReportContent) -> PageSection? {
    let models = content.models.filter { $0.learningCurve.count > 1 }
    let points = models.flatMap(\.learningCurve)
    guard let fewest = points.map(\.rows).min(), let most = points.map(\.rows).max(), fewest < most
    else { return nil }
    let scores = points.map(\.score)
    let heights = Ticks.niceDomain((scores.min() ?? 0)...(scores.max() ?? 1), count: 5)
    let metric = content.ranking.title
    let ends = models.map { model in
      let ends = [model.learningCurve[0], model.learningCurve[model.learningCurve.count - 1]]
      return "\(model.name) from "
        + ends.map { NumberText.fixed($0.score, 3) }.joined(separator: " to ")
    }
    let notices = content.models.compactMap { model in
      model.learningCurveNotice.map { "\(model.name) has \($0)." }
    }
    let figure = Figure(
      id: "learning",
      chart: LineChart(
        title: "\(metric) by number of training rows",
        summary: "Scores on the test rows. " + ends.joined(separator: ", ") + ".",
        x: Axis("training rows", 0...Double(max(1, most)), tickCount: 4), y: Axis(metric, heights),
        series: models.map { model in
          let points = model.learningCurve.map { Point(Double($0.rows), $0.score) }
          return LineChart.Series(
            style: model.style, points: points, markers: points.map { ($0, 3.4) })
        }),
      legend: models.map { $0.entry() },
      note: notices.isEmpty ? nil : notices.joined(separator: " "),
      numbers: DataTable(
        header: ["Model", "Rows", metric],
        rows: models.flatMap { model in
          model.learningCurve.map {
            [model.name, NumberText.grouped($0.rows), NumberText.fixed($0.score, 4)]
          }
        }))
    return PageSection(
      id: "learning-part", title: "Learning curve", shortTitle: "Learning curve",
      introduction:
        "A curve that still improves at its right end suggests that more rows would help."
    ) { Figure.grid([figure]) }
  }
}
