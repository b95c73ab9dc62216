import HTML
import Support

/// One HTML file that sets several runs side by side.
public struct RunsPage: Sendable {
  private let content: RunsContent

  public init(_ content: RunsContent) { self.content = content }

  public var html: [UInt8] {
    page(
      title: content.title, answer: content.answer,
      sections: [settings, scores, curves, times, commands].compactMap { $0 },
      note: "Made by compare-models from the run folders. This file needs no network and no script."
    )
  }

  private func model(_ name: String, of run: RunsContent.Run) -> ModelContent? {
    run.models.first { $0.name == name }
  }

  private var legend: [Figure.Entry] {
    content.runs.enumerated().map {
      Figure.Entry(style: SeriesStyle($0.offset), name: $0.element.name)
    }
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
        content.metrics.indices.filter { content.drawnMetrics.contains(content.metrics[$0].key) }
          .map(scoreFigure), .three)
      for (index, name) in content.modelNames.enumerated() {
        h3 { name }
        scoreTable(name, id: "scores-\(index)").html
      }
    }
  }

  private func scoreTable(_ name: String, id: String) -> MetricTable {
    let runs = content.runs.enumerated().compactMap { place, run in
      model(name, of: run).map { (place: place, name: run.name, values: $0.values) }
    }
    return MetricTable(
      id: id, caption: "Below each value is its difference to \(runs[0].name).",
      firstHeading: "Run",
      metrics: content.metrics,
      rows: runs.enumerated().map { position, run in
        MetricTable.Row(
          name: run.name, style: SeriesStyle(run.place), values: run.values,
          remarks: position == 0
            ? [] : zip(run.values, runs[0].values).map { difference($0, $1) })
      })
  }

  private func difference(_ value: MetricValue, _ other: MetricValue) -> String? {
    guard let value = value.value, let other = other.value else { return nil }
    let text = NumberText.fixed(value - other, 4)
    return value == other ? "the same" : text.hasPrefix("−") ? text : "+" + text
  }

  private func scoreFigure(_ metric: Int) -> Figure {
    let names = content.modelNames
    let title = content.metrics[metric].title
    func values(_ run: RunsContent.Run) -> [MetricValue] {
      names.map { model($0, of: run)?.values[metric] ?? MetricValue(nil) }
    }
    let texts = content.runs.map { run in
      run.name + ": "
        + zip(names, values(run)).compactMap { name, value in
          value.value.map { "\(name) \(NumberText.fixed($0, 3))" }
        }.joined(separator: ", ")
    }
    return Figure(
      id: "score-\(metric)",
      chart: DotChart(
        title: title, summary: title + " by model and run. " + texts.joined(separator: "; ") + ".",
        axisTitle: title, names: names,
        series: content.runs.enumerated().map { place, run in
          DotChart.Series(
            name: run.name, style: SeriesStyle(place), values: values(run).map(\.value),
            intervals: values(run).map(\.interval))
        }, width: 360, fromZero: false),
      legend: legend, legendHasLines: false,
      note: content.runs.contains { values($0).contains { $0.interval != nil } }
        ? "Whiskers are 95 % intervals." : nil,
      numbers: DataTable(
        header: ["Model"] + content.runs.map(\.name),
        rows: names.indices.map { row in
          [names[row]]
            + content.runs.map { values($0)[row].value.map { NumberText.fixed($0, 4) } ?? "–" }
        }))
  }

  /// A chart for each model, a ROC curve for each run.
  private var curves: PageSection? {
    let figures = content.modelNames.enumerated().compactMap { index, name -> Figure? in
      let lines = content.runs.enumerated().compactMap { place, run in
        model(name, of: run).flatMap { $0.curves.isEmpty ? nil : (place, run.name, $0.curves) }
      }
      guard !lines.isEmpty else { return nil }
      let areas = lines.map { $0.2.reduce(0) { $0 + $1.area } / Double($0.2.count) }
      return Figure(
        id: "roc-\(index)",
        chart: LineChart(
          title: name,
          summary: "ROC curves of \(name). AUC: "
            + zip(lines, areas).map { "\($0.1) \(NumberText.fixed($1, 3))" }
            .joined(separator: ", ") + ".",
          x: Axis("false positive rate", 0...1), y: Axis("true positive rate", 0...1),
          series: lines.map { place, name, curves in
            LineChart.Series(
              name: name, style: SeriesStyle(place),
              points: Polyline.simplified(
                curves.count == 1 ? curves[0].roc : Polyline.mean(curves.map(\.roc)),
                tolerance: 0.001))
          }, size: (360, 310)),
        legend: zip(lines, areas).map {
          Figure.Entry(
            style: SeriesStyle($0.0), name: $0.1, value: "AUC \(NumberText.fixed($1, 4))")
        },
        numbers: DataTable(
          header: ["Run", "AUC"], rows: zip(lines, areas).map { [$0.1, NumberText.fixed($1, 4)] }))
    }
    guard !figures.isEmpty else { return nil }
    return PageSection(
      id: "curves", title: "ROC curves, model by model", shortTitle: "Curves"
    ) { Figure.grid(figures, .three) }
  }

  private var times: PageSection {
    func figure(_ id: String, _ title: String, _ seconds: (ModelContent) -> Double) -> Figure {
      let names = content.modelNames
      let texts = content.runs.map { run in
        run.name + ": "
          + run.models.map { "\($0.name) \(NumberText.seconds(seconds($0)))" }
          .joined(separator: ", ")
      }
      return Figure(
        id: id,
        chart: DotChart(
          title: title, summary: "Seconds by model and run. " + texts.joined(separator: "; ") + ".",
          axisTitle: "seconds", names: names,
          series: content.runs.enumerated().map { place, run in
            DotChart.Series(
              name: run.name, style: SeriesStyle(place),
              values: names.map { name in model(name, of: run).map(seconds) })
          }), legend: legend, legendHasLines: false,
        numbers: DataTable(
          header: ["Model"] + content.runs.map(\.name),
          rows: names.map { name in
            [name]
              + content.runs.map { run in
                model(name, of: run).map { NumberText.fixed(seconds($0), 6) } ?? "–"
              }
          }))
    }
    return PageSection(
      id: "times", title: "Fitting and prediction times", shortTitle: "Times",
      introduction: "Wall-clock times on each run's machine."
    ) {
      Figure.grid([
        figure("fit-times", "Fitting", \.fitSeconds),
        figure("predict-times", "Prediction", \.predictSeconds),
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
