import Evaluation
import HTML
import Support

/// Whether a probability of 70 % comes true seven times in ten.
enum CalibrationSection {
  private typealias Line = (model: ModelContent, curve: CalibrationCurve)

  static func section(_ content: ReportContent) -> PageSection? {
    let lines = content.models.compactMap { model in model.calibration.map { (model, $0) } }
    guard !lines.isEmpty else { return nil }
    let what =
      content.positiveClass.map { "the probability of “\($0)”" }
      ?? "the probability of the predicted class"
    return PageSection(
      id: "calibration-part", title: "Whether probabilities can be taken at their word",
      shortTitle: "Calibration",
      introduction:
        "The test rows are divided into ten equally wide bins by \(what); each point compares the mean "
        + "probability of a bin with the share that was observed."
    ) {
      Figure.grid([
        curveFigure(lines, content.positiveClass.map { "share that is “\($0)”" }),
        countFigure(lines),
      ])
    }
  }

  private static func curveFigure(_ lines: [Line], _ outcome: String?) -> Figure {
    let errors = lines.map { "\($0.model.name) \(NumberText.fixed($0.curve.expectedError, 3))" }
    return Figure(
      id: "calibration",
      chart: LineChart(
        title: "Calibration curves",
        summary:
          "Observed shares by predicted probability, in up to ten bins. Expected "
          + "calibration error: " + errors.joined(separator: ", ") + ".",
        x: Axis("mean predicted probability", 0...1),
        y: Axis(outcome ?? "share that is correct", 0...1),
        series: lines.map { model, curve in
          let points = curve.bins.map { Point($0.meanProbability, $0.positiveShare) }
          let total = Double(max(curve.rowCount, 1))
          return LineChart.Series(
            style: model.style, points: points,
            // The marker's area grows with the bin's share of the rows.
            markers: zip(points, curve.bins).map {
              ($0, 2.2 + 5 * (Double($1.count) / total).squareRoot())
            })
        }, references: [[Point(0, 0), Point(1, 1)]]),
      legend: lines.map { model, curve in
        model.entry(
          "calibration error \(NumberText.fixed(curve.expectedError, 3))"
            + (model.brierScore.map { ", Brier \(NumberText.fixed($0, 3))" } ?? ""))
      },
      note:
        "On the dashed diagonal predicted and observed shares are equal. Larger markers hold more rows.",
      numbers: DataTable(
        header: ["Model", "Mean predicted", "Observed", "Rows"],
        rows: lines.flatMap { model, curve in
          curve.bins.map { bin in
            [
              model.name, NumberText.fixed(bin.meanProbability, 4),
              NumberText.fixed(bin.positiveShare, 4), NumberText.grouped(bin.count),
            ]
          }
        }))
  }

  /// How many rows each model gives which probability.
  private static func countFigure(_ lines: [Line]) -> Figure {
    let edges = (0...10).map { Double($0) / 10 }
    let all = lines.map { line in
      var shares = [Double](repeating: 0, count: 10)
      for bin in line.curve.bins {
        let place = min(9, max(0, Int((bin.meanProbability * 10).rounded(.up)) - 1))
        shares[place] += Double(bin.count) / Double(max(1, line.curve.rowCount))
      }
      return shares
    }
    let ends = zip(lines, all).map {
      "\($0.model.name) \(NumberText.percent($1[0] + $1[9], digits: 0))"
    }
    return Figure(
      id: "calibration-rows",
      chart: HistogramChart(
        title: "Distribution of the probabilities",
        summary: "Share of the test rows by predicted probability. In the two outermost bins: "
          + ends.joined(separator: ", ") + ".",
        x: Axis("predicted probability", 0...1), yTitle: "share of the test rows", edges: edges,
        series: zip(lines, all).map {
          HistogramChart.Series(style: $0.model.style, shares: $1, isFilled: false)
        }, size: (440, 380)),
      legend: lines.map { $0.model.entry() },
      numbers: DataTable(
        header: ["Probability"] + lines.map(\.model.name),
        rows: (0..<10).map { bin in
          ["\(NumberText.fixed(edges[bin], 1)) to \(NumberText.fixed(edges[bin + 1], 1))"]
            + all.map { NumberText.percent($0[bin]) }
        }))
  }
}

extension CalibrationCurve {
  fileprivate var rowCount: Int { bins.reduce(0) { $0 + $1.count } }
}
