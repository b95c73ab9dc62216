import HTML
import SavedModels
import Support

/// Whether the rows look like those that the model learned from.
enum DriftSection {
  private static let chartLimit = 60
  private static let binLimit = 12

  static func section(_ content: ReportContent) -> PageSection? {
    guard !content.drift.isEmpty else { return nil }
    let shown = content.drift.prefix(chartLimit)
    return PageSection(
      id: "drift", title: "Whether the rows look like the training rows", shortTitle: "Drift",
      introduction:
        "The population stability index compares the shares of the rows in each bin with those of the "
        + "training rows, whose deciles the bins are: below \(DistributionDrift.similarBelow) they are similar, above "
        + "\(DistributionDrift.differentAbove) they differ. Fewer than \(DistributionDrift.leastRows) rows are too "
        + "few to tell."
    ) {
      scrolling(label: "Stability of each feature") {
        DataTable(
          header: ["Feature", "Index", "Verdict"],
          rows: content.drift.map { drift in
            [
              drift.name, drift.index.map { NumberText.fixed($0, 4) } ?? "–",
              drift.verdict.rawValue,
            ]
          }
        ).html
      }
      if shown.count < content.drift.count {
        smallPrint("The first \(shown.count) of \(content.drift.count) are drawn.")
      }
      Figure.grid(shown.enumerated().map { figure($0, $1) }, .three)
    }
  }

  private static func figure(_ index: Int, _ drift: DistributionDrift) -> Figure {
    // Categories keep their own order.
    let shown = drift.binNames.indices.sorted { first, second in
      let (one, other) = (drift.largestShare(first), drift.largestShare(second))
      return one == other ? first < second : one > other
    }.prefix(binLimit).sorted()
    let hidden = drift.binNames.count - shown.count
    return Figure(
      id: "drift-\(index)",
      chart: DotChart(
        title: drift.name,
        summary: "Shares of the training rows and of these rows in each bin of \(drift.name): "
          + "\(drift.verdict.rawValue).",
        axisTitle: "share of rows" + (hidden > 0 ? " (\(hidden) rarer ones not drawn)" : ""),
        names: shown.map { drift.binNames[$0] },
        series: [drift.trainingShares, drift.shares].enumerated().map { place, shares in
          DotChart.Series(style: SeriesStyle(place), values: shown.map { shares[$0] })
        }, width: 300, isPercentage: true),
      legend: ["training", "these rows"].enumerated().map {
        Figure.Entry(style: SeriesStyle($0), name: $1)
      }, legendHasLines: false,
      numbers: DataTable(
        header: ["Bin", "Training", "These rows"],
        rows: drift.binNames.indices.map { bin in
          [drift.binNames[bin]]
            + [drift.trainingShares[bin], drift.shares[bin]].map { NumberText.percent($0) }
        }))
  }
}

extension DistributionDrift {
  fileprivate func largestShare(_ bin: Int) -> Double { max(trainingShares[bin], shares[bin]) }
}
