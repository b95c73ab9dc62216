import HTML
import Support

/// ROC and precision-recall curves of all models, in one chart each.
enum CurveSection {
  static func section(_ content: ReportContent) -> PageSection? {
    let withCurves = content.models.indices.filter { !content.models[$0].curves.isEmpty }
    guard !withCurves.isEmpty else { return nil }
    let about =
      content.positiveClass.map {
        "A test row is predicted as “\($0)” when its probability of it reaches a threshold; each curve "
          + "runs through all thresholds."
      }
      ?? "Each class is compared with all others (one versus rest); the curves are the means over the "
      + "\(content.classNames.count) classes."
    return PageSection(
      id: "curves", title: "ROC and precision-recall curves", shortTitle: "Curves",
      introduction: about
    ) {
      Figure.grid(Kind.allCases.map { figure($0, content, withCurves) })
      if content.positiveClass == nil {
        for kind in Kind.allCases { classCurves(kind, content, withCurves) }
      }
    }
  }

  private static func classCurves(
    _ kind: Kind, _ content: ReportContent, _ models: [Int]
  ) -> HTML {
    folded("\(kind.name) curves of each class against the rest") {
      Figure.legend(
        models.map { Figure.Entry(style: SeriesStyle($0), name: content.models[$0].name) },
        withLines: true)
      Figure.grid(
        content.classNames.indices.map { classFigure(kind, $0, content, models) }, .three)
    }
  }

  private enum Kind: CaseIterable {
    case roc
    case precisionRecall

    var name: String { self == .roc ? "ROC" : "Precision-recall" }
    var id: String { self == .roc ? "roc" : "precision-recall" }
    var areaName: String { self == .roc ? "AUC" : "average precision" }

    /// The curve's points. Precision cannot be interpolated by straight lines: between two thresholds
    /// that of the larger recall holds, as in the average precision.
    func points(_ curves: ClassCurves) -> [Point] {
      self == .roc ? curves.roc : Polyline.steps(curves.precisionRecall)
    }
    func area(_ curves: ClassCurves) -> Double {
      self == .roc ? curves.area : curves.averagePrecision
    }
    var axes: (x: Axis, y: Axis) {
      self == .roc
        ? (
          Axis("false positive rate (share of the others)", 0...1),
          Axis("true positive rate (share found)", 0...1)
        )
        : (Axis("recall (share found)", 0...1), Axis("precision (share that is correct)", 0...1))
    }
  }

  /// As many points of a curve are drawn.
  private static let pointLimit = 300

  /// Where tables look at a curve.
  private static let grid: [Double] =
    [0, 0.01, 0.02, 0.03] + (1...19).map { Double($0) / 20 } + [0.97, 0.98, 0.99, 1]

  private static func figure(
    _ kind: Kind, _ content: ReportContent, _ models: [Int]
  ) -> Figure {
    let isMean = content.positiveClass == nil
    let lines = models.map { index -> (points: [Point], area: Double) in
      let curves = content.models[index].curves
      let area = curves.reduce(0) { $0 + kind.area($1) } / Double(curves.count)
      return (isMean ? Polyline.mean(curves.map(kind.points)) : kind.points(curves[0]), area)
    }
    let prevalences = content.models[models[0]].curves.map(\.prevalence)
    let axes = kind.axes
    let order = models.indices.sorted { lines[$0].area > lines[$1].area }
    let ranking = order.map {
      "\(content.models[models[$0]].name) \(NumberText.fixed(lines[$0].area, 3))"
    }
    var chart = LineChart(
      title: isMean ? "\(kind.name) curves, mean over the classes" : "\(kind.name) curves",
      summary:
        "\(kind.name) curves of \(models.count) models on \(content.testRowCount) test rows. "
        + "By \(kind.areaName), from the best: " + ranking.joined(separator: ", ") + ".",
      x: axes.x, y: axes.y,
      series: zip(models, lines).map { model, line in
        LineChart.Series(
          name: content.models[model].name, style: SeriesStyle(model),
          points: simplified(line.points))
      })
    let chance = prevalences.reduce(0, +) / Double(max(1, prevalences.count))
    chart.references =
      kind == .roc ? [[Point(0, 0), Point(1, 1)]] : [[Point(0, chance), Point(1, chance)]]
    let count = models.indices.map { kind.points(content.models[models[$0]].curves[0]).count }.max()
    let isReduced = !isMean && (count ?? 0) > pointLimit
    return Figure(
      id: kind.id, chart: chart,
      legend: zip(models, lines).map { model, line in
        Figure.Entry(
          style: SeriesStyle(model), name: content.models[model].name,
          value: "\(kind.areaName) \(NumberText.fixed(line.area, 4))")
      },
      note: "The thin dashed line is the result of guessing"
        + (kind == .roc ? "." : " (\(NumberText.percent(chance))).")
        + (isReduced
          ? " The full curves have up to \(NumberText.grouped(count ?? 0)) points; at most "
            + "\(pointLimit) of them are drawn, those that keep the line closest."
          : ""),
      numbers: DataTable(
        header: [kind == .roc ? "False positive rate" : "Recall"]
          + models.map { content.models[$0].name },
        rows: grid.map { x in
          [NumberText.fixed(x, 2)]
            + lines.map { NumberText.fixed(Polyline.height(of: $0.points, at: x), 4) }
        }))
  }

  private static func classFigure(
    _ kind: Kind, _ label: Int, _ content: ReportContent, _ models: [Int]
  ) -> Figure {
    let name = content.classNames[label]
    let lines = models.compactMap { model -> (model: Int, curves: ClassCurves)? in
      content.models[model].curves.indices.contains(label)
        ? (model, content.models[model].curves[label]) : nil
    }
    let areas = lines.map {
      "\(content.models[$0.model].name) \(NumberText.fixed(kind.area($0.curves), 3))"
    }
    let axes = kind.axes
    let chart = LineChart(
      title: name,
      summary: "\(kind.name) curves of “\(name)” against the rest. By \(kind.areaName): "
        + areas.joined(separator: ", ") + ".",
      x: Axis(kind == .roc ? "false positive rate" : "recall", axes.x.domain, tickCount: 3),
      y: Axis(kind == .roc ? "true positive rate" : "precision", axes.y.domain, tickCount: 3),
      series: lines.map { line in
        LineChart.Series(
          name: content.models[line.model].name, style: SeriesStyle(line.model),
          points: Polyline.simplified(kind.points(line.curves), tolerance: 0.006, limit: 50))
      }, size: (300, 230))
    return Figure(
      id: "\(kind.id)-class-\(label)", chart: chart,
      numbers: DataTable(
        header: ["Model", kind.areaName.capitalized],
        rows: lines.map {
          [content.models[$0.model].name, NumberText.fixed(kind.area($0.curves), 4)]
        }))
  }

  private static func simplified(_ points: [Point]) -> [Point] {
    Polyline.simplified(points, tolerance: 0.001, limit: pointLimit)
  }
}

extension String {
  /// The text with its first letter in upper case.
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
