import HTML
import Support

/// How long fitting and predicting took.
enum TimeSection {
  static func section(_ content: ReportContent) -> PageSection? {
    guard content.models.contains(where: { $0.fitSeconds != nil }) else { return nil }
    return PageSection(
      id: "times", title: "Fitting and prediction times", shortTitle: "Times",
      introduction:
        "Wall-clock times on the run's machine. They compare models, not machines."
    ) {
      Figure.grid([
        figure("fit-times", "Fitting", nil, content.models, \.fitSeconds),
        figure(
          "predict-times", "Prediction", "All training and test rows.", content.models,
          \.predictSeconds),
      ])
    }
  }

  private static func figure(
    _ id: String, _ title: String, _ note: String?, _ models: [ModelContent],
    _ time: (ModelContent) -> Double?
  ) -> Figure {
    func seconds(_ model: ModelContent) -> Double { time(model) ?? 0 }
    // Below a second, axis and values are both in milliseconds.
    let isShort = (models.map(seconds).max() ?? 0) < 1
    let texts = models.map { "\($0.name) \(NumberText.seconds(seconds($0)))" }
    return Figure(
      id: id,
      chart: BarChart(
        title: title, summary: "Seconds by model: " + texts.joined(separator: ", ") + ".",
        axisTitle: isShort ? "milliseconds" : "seconds",
        bars: models.map { model in
          BarChart.Bar(
            name: model.name, value: seconds(model) * (isShort ? 1000 : 1),
            text: NumberText.seconds(seconds(model)), style: model.style)
        }), note: note,
      numbers: DataTable(
        header: ["Model", "Seconds"],
        rows: models.map { [$0.name, NumberText.fixed(seconds($0), 6)] }))
  }
}
