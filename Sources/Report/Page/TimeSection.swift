import HTML
import Support

/// How long fitting and predicting took.
enum TimeSection {
  static func section(_ content: ReportContent) -> PageSection {
    PageSection(
      id: "times", title: "Fitting and prediction times", shortTitle: "Times",
      introduction:
        "Wall-clock times on the run's machine. They compare models, not machines."
    ) {
      Figure.grid([
        figure("fit-times", "Fitting", nil, content, \.fitSeconds),
        figure(
          "predict-times", "Prediction", "All training and test rows.", content, \.predictSeconds),
      ])
    }
  }

  private static func figure(
    _ id: String, _ title: String, _ note: String?, _ content: ReportContent,
    _ seconds: (ModelContent) -> Double
  ) -> Figure {
    // Below a second, axis and values are both in milliseconds.
    let longest = content.models.map(seconds).max() ?? 0
    let isShort = longest < 1
    let texts = content.models.map { "\($0.name) \(NumberText.seconds(seconds($0)))" }
    return Figure(
      id: id,
      chart: BarChart(
        title: title, summary: "Seconds by model: " + texts.joined(separator: ", ") + ".",
        axisTitle: isShort ? "milliseconds" : "seconds",
        bars: content.models.enumerated().map { index, model in
          BarChart.Bar(
            name: model.name, value: seconds(model) * (isShort ? 1000 : 1),
            text: NumberText.seconds(seconds(model)), style: SeriesStyle(index))
        }), note: note,
      numbers: DataTable(
        header: ["Model", "Seconds"],
        rows: content.models.map { [$0.name, NumberText.fixed(seconds($0), 6)] }))
  }
}
