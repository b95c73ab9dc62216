import Classifiers
import HTML
import Support

/// How the loss fell, of models that learn in rounds.
enum LossSection {
  /// As many points of a curve are drawn, and as many rounds are in the table.
  private static let pointLimit = 300
  private static let tableLimit = 25

  private struct Line {
    let name: String
    let style: SeriesStyle
    let losses: [Double]
  }

  static func section(_ content: ReportContent) -> PageSection? {
    let lines = content.models.flatMap { model -> [Line] in
      guard let curve = model.lossCurve else { return [] }
      let held = curve.heldOut.map {
        Line(name: model.name + ", rows held out", style: model.style.dashed, losses: $0)
      }
      return [Line(name: model.name, style: model.style, losses: curve.training)]
        + (held.map { [$0] } ?? [])
    }.filter { $0.losses.count > 1 && $0.losses.allSatisfy(\.isFinite) }
    guard let rounds = lines.map(\.losses.count).max(),
      let highest = lines.flatMap(\.losses).max(), highest > 0
    else { return nil }
    return PageSection(
      id: "loss-part", title: "Loss by rounds", shortTitle: "Loss",
      introduction:
        "The mean logarithmic loss of the training rows before the first round and after "
        + "each, and that of training rows held out to decide when rounds end."
    ) { Figure.grid([figure(lines, lastRound: rounds - 1, highest)]) }
  }

  private static func figure(_ lines: [Line], lastRound: Int, _ highest: Double) -> Figure {
    let ends = lines.map { line in
      "\(line.name) from \(NumberText.fixed(line.losses[0], 4)) to "
        + NumberText.fixed(line.losses[line.losses.count - 1], 4)
    }
    let step = max(1, lastRound / tableLimit)
    let shown = Array(stride(from: 0, to: lastRound, by: step)) + [lastRound]
    return Figure(
      id: "loss",
      chart: LineChart(
        title: "Logarithmic loss by rounds", summary: ends.joined(separator: ", ") + ".",
        x: Axis("rounds", 0...Double(lastRound), tickCount: 4),
        y: Axis("logarithmic loss", Ticks.niceDomain(0...highest, count: 5)),
        series: lines.map { line in
          LineChart.Series(
            style: line.style,
            points: Polyline.simplified(
              line.losses.enumerated().map { Point(Double($0), $1) },
              tolerance: highest * 0.001, limit: pointLimit))
        }),
      legend: lines.map {
        Figure.Entry(
          style: $0.style, name: $0.name, value: NumberText.fixed($0.losses[$0.losses.count - 1], 4)
        )
      },
      numbers: DataTable(
        header: ["Rounds"] + lines.map(\.name),
        rows: shown.map { round in
          ["\(round)"]
            + lines.map { $0.losses.count > round ? NumberText.fixed($0.losses[round], 5) : "–" }
        }))
  }
}
