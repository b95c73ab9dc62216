import HTML
import Support

/// Whether a probability of 70 % comes true seven times in ten.
enum CalibrationSection {
  static func section(_ content: ReportContent) -> PageSection? {
    let models = content.models.indices.filter { content.models[$0].calibration != nil }
    guard !models.isEmpty else { return nil }
    let what =
      content.positiveClass.map { "the probability of “\($0)”" }
      ?? "the probability of the predicted class"
    let outcome = content.positiveClass.map { "share that is “\($0)”" } ?? "share that is correct"
    let sets = models.compactMap { content.models[$0].calibration }
    let errors = zip(models, sets).map {
      "\(content.models[$0].name) \(NumberText.fixed($1.expectedError, 3))"
    }
    var chart = LineChart(
      title: "Calibration curves",
      summary:
        "Observed shares by predicted probability, in up to ten bins. Expected "
        + "calibration error: " + errors.joined(separator: ", ") + ".",
      x: Axis("mean predicted probability", 0...1), y: Axis(outcome, 0...1),
      series: zip(models, sets).map { model, set in
        var series = LineChart.Series(
          name: content.models[model].name, style: SeriesStyle(model),
          points: set.bins.map { Point($0.meanProbability, $0.observedShare) })
        let total = Double(set.bins.reduce(0) { $0 + $1.count })
        series.markers = set.bins.map { bin in
          // The marker's area grows with the bin's share of the rows.
          let share = Double(bin.count) / max(total, 1)
          return (Point(bin.meanProbability, bin.observedShare), 2.2 + 5 * share.squareRoot())
        }
        return series
      })
    chart.references = [[Point(0, 0), Point(1, 1)]]
    let counts = countFigure(models, content)
    let figure = Figure(
      id: "calibration", chart: chart,
      legend: zip(models, sets).map { model, set in
        Figure.Entry(
          style: SeriesStyle(model), name: content.models[model].name,
          value: "calibration error \(NumberText.fixed(set.expectedError, 3)), "
            + "Brier \(NumberText.fixed(set.brierScore, 3))")
      },
      note:
        "On the dashed diagonal predicted and observed shares are equal. Larger markers hold more rows.",
      numbers: DataTable(
        header: ["Model", "Mean predicted", "Observed", "Rows"],
        rows: zip(models, sets).flatMap { model, set in
          set.bins.map { bin in
            [
              content.models[model].name, NumberText.fixed(bin.meanProbability, 4),
              NumberText.fixed(bin.observedShare, 4), NumberText.grouped(bin.count),
            ]
          }
        }))
    return PageSection(
      id: "calibration-part", title: "Whether probabilities can be taken at their word",
      shortTitle: "Calibration",
      introduction:
        "The test rows are divided into ten equally wide bins by \(what); each point compares the mean "
        + "probability of a bin with the share that was observed."
    ) { Figure.grid([figure, counts]) }
  }

  /// How many rows each model gives which probability.
  private static func countFigure(_ models: [Int], _ content: ReportContent) -> Figure {
    let edges = (0...10).map { Double($0) / 10 }
    func shares(_ model: Int) -> [Double] {
      var shares = [Double](repeating: 0, count: 10)
      let bins = content.models[model].calibration?.bins ?? []
      let total = Double(max(1, bins.reduce(0) { $0 + $1.count }))
      for bin in bins {
        let place = min(9, max(0, Int((bin.meanProbability * 10).rounded(.up)) - 1))
        shares[place] += Double(bin.count) / total
      }
      return shares
    }
    let all = models.map(shares)
    let ends = zip(models, all).map {
      "\(content.models[$0].name) \(NumberText.percent($1[0] + $1[9], digits: 0))"
    }
    return Figure(
      id: "calibration-rows",
      chart: HistogramChart(
        title: "Distribution of the probabilities",
        summary: "Share of the test rows by predicted probability. In the two outermost bins: "
          + ends.joined(separator: ", ") + ".",
        x: Axis("predicted probability", 0...1), yTitle: "share of the test rows", edges: edges,
        series: zip(models, all).map {
          HistogramChart.Series(
            name: content.models[$0].name, style: SeriesStyle($0), shares: $1, isFilled: false)
        }, size: (440, 380)),
      legend: models.map { Figure.Entry(style: SeriesStyle($0), name: content.models[$0].name) },
      numbers: DataTable(
        header: ["Probability"] + models.map { content.models[$0].name },
        rows: (0..<10).map { bin in
          ["\(NumberText.fixed(edges[bin], 1)) to \(NumberText.fixed(edges[bin + 1], 1))"]
            + all.map { NumberText.percent($0[bin]) }
        }))
  }
}
