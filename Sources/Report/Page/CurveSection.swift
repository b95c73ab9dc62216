import HTML
import Support

/// ROC and precision-recall curves of all models, in one chart each.
enum CurveSection {
  static func section(_ content: ReportContent) -> PageSection? {
    let models = content.models.filter { !$0.curves.isEmpty }
    guard !models.isEmpty else { return nil }
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
      Figure.grid(Kind.allCases.map { figure($0, content, models) })
      if content.hasManyClasses {
        smallPrint(
          "The curves of each class against the rest are in roc-curve.json of each model's folder.")
      } else if content.positiveClass == nil {
        for kind in Kind.allCases {
          folded("\(kind.name) curves of each class against the rest") {
            Figure.legend(models.map { $0.entry() }, withLines: true)
            Figure.grid(
              content.classNames.indices.map { classFigure(kind, $0, content, models) }, .three)
          }
        }
      }
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
    _ kind: Kind, _ content: ReportContent, _ models: [ModelContent]
  ) -> Figure {
    let isMean = content.positiveClass == nil
    let lines = models.map { model in
      (
        model: model,
        points: isMean
          ? Polyline.mean(model.curves.map(kind.points)) : kind.points(model.curves[0]),
        area: model.curves.reduce(0) { $0 + kind.area($1) } / Double(model.curves.count)
      )
    }
    let ranking = lines.sorted { $0.area > $1.area }.map {
      "\($0.model.name) \(NumberText.fixed($0.area, 3))"
    }
    let prevalences = models[0].curves.map(\.prevalence)
    let chance = prevalences.reduce(0, +) / Double(max(1, prevalences.count))
    let count = isMean ? 0 : lines.map(\.points.count).max() ?? 0
    return Figure(
      id: kind.id,
      chart: LineChart(
        title: isMean ? "\(kind.name) curves, mean over the classes" : "\(kind.name) curves",
        summary:
          "\(kind.name) curves of \(models.count) models on \(content.testRowCount) test rows. "
          + "By \(kind.areaName), from the best: " + ranking.joined(separator: ", ") + ".",
        x: kind.axes.x, y: kind.axes.y,
        series: lines.map {
          LineChart.Series(
            style: $0.model.style,
            points: Polyline.simplified($0.points, tolerance: 0.001, limit: pointLimit))
        },
        references: kind == .roc
          ? [[Point(0, 0), Point(1, 1)]] : [[Point(0, chance), Point(1, chance)]]),
      legend: lines.map { $0.model.entry("\(kind.areaName) \(NumberText.fixed($0.area, 4))") },
      note: "The thin dashed line is the result of guessing"
        + (kind == .roc ? "." : " (\(NumberText.percent(chance))).")
        + (count > pointLimit
          ? " The full curves have up to \(NumberText.grouped(count)) points; at most "
            + "\(pointLimit) of them are drawn, those that keep the line closest."
          : ""),
      numbers: DataTable(
        header: [kind == .roc ? "False positive rate" : "Recall"] + models.map(\.name),
        rows: grid.map { x in
          [NumberText.fixed(x, 2)]
            + lines.map { NumberText.fixed(Polyline.height(of: $0.points, at: x), 4) }
        }))
  }

  private static func classFigure(
    _ kind: Kind, _ label: Int, _ content: ReportContent, _ models: [ModelContent]
  ) -> Figure {
    let name = content.classNames[label]
    let lines = models.filter { $0.curves.indices.contains(label) }.map {
      (model: $0, points: kind.points($0.curves[label]), area: kind.area($0.curves[label]))
    }
    let areas = lines.map { "\($0.model.name) \(NumberText.fixed($0.area, 3))" }
    let axes = kind.axes
    return Figure(
      id: "\(kind.id)-class-\(label)",
      chart: LineChart(
        title: name,
        summary: "\(kind.name) curves of “\(name)” against the rest. By \(kind.areaName): "
          + areas.joined(separator: ", ") + ".",
        x: Axis(kind == .roc ? "false positive rate" : "recall", axes.x.domain, tickCount: 3),
        y: Axis(kind == .roc ? "true positive rate" : "precision", axes.y.domain, tickCount: 3),
        series: lines.map {
          LineChart.Series(
            style: $0.model.style,
            points: Polyline.simplified($0.points, tolerance: 0.006, limit: 50))
        }, size: (300, 230)),
      numbers: DataTable(
        header: ["Model", kind.areaName.capitalizedFirst],
        rows: lines.map { [$0.model.name, NumberText.fixed($0.area, 4)] }))
  }
}
