import Evaluation
import HTML
import Support

/// One HTML file that sets several runs side by side.
struct RunsPage: Sendable {
  let content: RunsContent

  init(_ content: RunsContent) { self.content = content }

  var html: [UInt8] {
    page(
      title: content.title, answer: content.answer,
      sections: [settings, scores, curves, times, commands].compactMap { $0 },
      note: "Made by compare-models from the run folders. This file needs no network and no script."
    )
  }

  private func model(_ name: String, of run: RunsContent.Run) -> ModelContent? {
    run.models.first { $0.name == name }
  }

  /// What the runs were made with, and in what they differ.
  private var settings: PageSection? {
    guard let first = content.runs.first else { return nil }
    let rows = first.facts.indices.map { fact in
      let values = content.runs.map { $0.facts[fact].value }
      let isSame = values.allSatisfy { $0 == values[0] }
      return [first.facts[fact].name] + values + [isSame ? "" : "differs"]
    }
    return PageSection(id: "settings", title: "The runs", shortTitle: "Runs") {
      scrolling(label: "The runs' settings") {
        DataTable(header: ["Setting"] + content.runs.map(\.name) + [""], rows: rows).html
      }
    }
  }

  private var scores: PageSection {
    PageSection(id: "scores", title: "Scores, model by model", shortTitle: "Scores") {
      Figure.grid(
        content.metrics.indices.filter { content.drawnMetrics.contains(content.metrics[$0]) }
          .map(scoreFigure), .three)
      for (index, name) in content.modelNames.enumerated() {
        h3 { name }
        scoreTable(name, id: "scores-\(index)").html
      }
    }
  }

  private func scoreTable(_ name: String, id: String) -> MetricTable {
    let runs = content.runs.compactMap { run in
      model(name, of: run).map { (name: run.name, style: run.style, values: $0.values) }
    }
    return MetricTable(
      id: id, caption: "Below each value is its difference to \(runs[0].name).",
      firstHeading: "Run", positiveClass: content.positiveClass, metrics: content.metrics,
      rows: runs.enumerated().map { position, run in
        MetricTable.Row(
          name: run.name, style: run.style, values: run.values,
          remarks: position == 0
            ? [] : zip(run.values, runs[0].values).map { difference($0, $1) })
      })
  }

  private func difference(_ value: MetricValue, _ other: MetricValue) -> String? {
    guard let value = value.value, let other = other.value else { return nil }
    let text = NumberText.fixed(value - other, 4)
    return value == other ? "the same" : text.hasPrefix("−") ? text : "+" + text
  }

  /// A chart of a number by model and run.
  private func figure(
    id: String, title: String, what: String, axisTitle: String, width: Double, fromZero: Bool,
    digits: Int, text: (Double) -> String, _ value: (ModelContent) -> MetricValue
  ) -> Figure {
    let names = content.modelNames
    let lines = content.runs.map { run in
      (run: run, values: names.map { model($0, of: run).map(value) ?? MetricValue(nil) })
    }
    let texts = lines.map { run, values in
      run.name + ": "
        + zip(names, values).compactMap { name, value in value.value.map { "\(name) \(text($0))" } }
        .joined(separator: ", ")
    }
    return Figure(
      id: id,
      chart: DotChart(
        title: title,
        summary: "\(what) by model and run. " + texts.joined(separator: "; ") + ".",
        axisTitle: axisTitle, names: names,
        series: lines.map { run, values in
          DotChart.Series(
            style: run.style, values: values.map(\.value), intervals: values.map(\.interval))
        }, width: width, fromZero: fromZero),
      legend: content.runs.map { Figure.Entry(style: $0.style, name: $0.name) },
      legendHasLines: false,
      note: lines.contains { $0.values.contains { $0.interval != nil } }
        ? "Whiskers are 95 % intervals." : nil,
      numbers: DataTable(
        header: ["Model"] + content.runs.map(\.name),
        rows: names.indices.map { row in
          [names[row]]
            + lines.map { $0.values[row].value.map { NumberText.fixed($0, digits) } ?? "–" }
        }))
  }

  private func scoreFigure(_ metric: Int) -> Figure {
    let title = content.metrics[metric].title
    return figure(
      id: "score-\(metric)", title: title, what: title, axisTitle: title, width: 360,
      fromZero: false, digits: 4, text: { NumberText.fixed($0, 3) }, { $0.values[metric] })
  }

  /// A chart for each model, a ROC curve for each run.
  private var curves: PageSection? {
    let figures = content.modelNames.enumerated().compactMap { index, name -> Figure? in
      let lines = content.runs.compactMap { run in
        model(name, of: run).flatMap {
          model -> (run: RunsContent.Run, points: [Point], area: Double)? in
          let curves = model.curves
          guard !curves.isEmpty else { return nil }
          return (
            run, curves.count == 1 ? curves[0].roc : Polyline.mean(curves.map(\.roc)),
            curves.reduce(0) { $0 + $1.area } / Double(curves.count)
          )
        }
      }
      guard !lines.isEmpty else { return nil }
      let areas = lines.map { "\($0.run.name) \(NumberText.fixed($0.area, 3))" }
      return Figure(
        id: "roc-\(index)",
        chart: LineChart(
          title: name,
          summary: "ROC curves of \(name). AUC: " + areas.joined(separator: ", ") + ".",
          x: Axis("false positive rate", 0...1), y: Axis("true positive rate", 0...1),
          series: lines.map {
            LineChart.Series(
              style: $0.run.style, points: Polyline.simplified($0.points, tolerance: 0.001))
          }, size: (360, 310)),
        legend: lines.map {
          Figure.Entry(
            style: $0.run.style, name: $0.run.name, value: "AUC \(NumberText.fixed($0.area, 4))")
        },
        numbers: DataTable(
          header: ["Run", "AUC"], rows: lines.map { [$0.run.name, NumberText.fixed($0.area, 4)] }))
    }
    guard !figures.isEmpty else { return nil }
    return PageSection(
      id: "curves", title: "ROC curves, model by model", shortTitle: "Curves"
    ) { Figure.grid(figures, .three) }
  }

  private var times: PageSection {
    func timeFigure(_ id: String, _ title: String, _ seconds: (ModelContent) -> Double?) -> Figure {
      figure(
        id: id, title: title, what: "Seconds", axisTitle: "seconds", width: 440, fromZero: true,
        digits: 6, text: { NumberText.seconds($0) }, { MetricValue(seconds($0)) })
    }
    return PageSection(
      id: "times", title: "Fitting and prediction times", shortTitle: "Times",
      introduction: "Wall-clock times on each run's machine."
    ) {
      Figure.grid([
        timeFigure("fit-times", "Fitting", \.fitSeconds),
        timeFigure("predict-times", "Prediction", \.predictSeconds),
      ])
    }
  }

  private var commands: PageSection? {
    let known = content.runs.filter { $0.command != nil }
    guard !known.isEmpty else { return nil }
    return PageSection(
      id: "made", title: "How they were made", shortTitle: "How they were made"
    ) {
      for run in known {
        h3 { run.name }
        run.command.map(command)
      }
    }
  }
}
