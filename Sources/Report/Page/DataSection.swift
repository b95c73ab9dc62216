import HTML
import Support

/// The data: how many rows, how the classes share them, and how the features are distributed.
enum DataSection {
  /// Up to as many classes are told apart by outlines; more are drawn as rows of cells.
  private static let outlineLimit = 6
  private static let categoryLimit = 12
  private static let featureLimit = 60

  static func section(_ content: ReportContent) -> PageSection? {
    guard let data = content.data else { return nil }
    let names = content.classNames
    let totals = zip(data.trainingCounts, data.testCounts).map(+)
    let all = totals.reduce(0, +)
    let shown = data.features.prefix(featureLimit)
    return PageSection(
      id: "data", title: "The data", shortTitle: "Data",
      introduction: "\(NumberText.grouped(all)) rows with \(data.features.count) "
        + (data.features.count == 1 ? "feature" : "features")
        + ": \(NumberText.grouped(data.trainingCounts.reduce(0, +))) training rows and "
        + "\(NumberText.grouped(data.testCounts.reduce(0, +))) test rows."
    ) {
      Figure.grid([classFigure(content, totals)])
      h3 { "Features by class" }
      smallPrint(
        "Shares are of each class's rows, training and test rows together, so that classes of "
          + "different sizes can be compared. The outermost bins also hold all values beyond them."
          + (shown.count < data.features.count
            ? " The first \(shown.count) of \(data.features.count) features are drawn." : ""))
      if names.count <= outlineLimit {
        div(.class("legend-line")) {
          Figure.legend(
            names.enumerated().map {
              Figure.Entry(style: SeriesStyle.ofClass($0.offset), name: $0.element)
            },
            withLines: true)
        }
      }
      Figure.grid(
        shown.enumerated().map { featureFigure($0.offset, $0.element, content) }, .three)
    }
  }

  private static func classFigure(_ content: ReportContent, _ totals: [Int]) -> Figure {
    let all = Double(max(1, totals.reduce(0, +)))
    let names = content.classNames
    // Beyond what can be read at a glance, the largest and the table.
    let order = totals.indices.sorted {
      totals[$0] == totals[$1] ? $0 < $1 : totals[$0] > totals[$1]
    }
    let shown = names.count <= 30 ? Array(names.indices) : Array(order.prefix(30))
    let largest = order.first.map { names[$0] } ?? ""
    var chart = BarChart(
      title: "Rows of each class",
      summary:
        "Share of the rows by class. The largest of \(names.count) classes is \(largest) with "
        + "\(NumberText.percent(Double(totals[order[0]]) / all)).",
      axisTitle: "share of the rows",
      bars: shown.map { label in
        BarChart.Bar(
          name: names[label], value: Double(totals[label]) / all,
          text:
            "\(NumberText.grouped(totals[label])) (\(NumberText.percent(Double(totals[label]) / all)))",
          style: names.count <= outlineLimit ? SeriesStyle.ofClass(label) : nil)
      })
    chart.isPercentage = true
    return Figure(
      id: "classes", chart: chart,
      note: shown.count < names.count
        ? "The 30 largest of \(names.count) classes are drawn." : nil,
      numbers: DataTable(
        header: ["Class", "Training rows", "Test rows", "Share"],
        rows: names.indices.map { label in
          [
            names[label], NumberText.grouped(content.data?.trainingCounts[label] ?? 0),
            NumberText.grouped(content.data?.testCounts[label] ?? 0),
            NumberText.percent(Double(totals[label]) / all, digits: 2),
          ]
        }))
  }

  private static func featureFigure(
    _ index: Int, _ feature: DataContent.Feature, _ content: ReportContent
  ) -> Figure {
    let shares = feature.counts.map { row in
      let total = Double(max(1, row.reduce(0, +)))
      return row.map { Double($0) / total }
    }
    let names = content.classNames
    let labels = binLabels(feature.bins)
    let peaks = names.indices.prefix(outlineLimit).compactMap { label -> String? in
      guard let peak = shares[label].indices.max(by: { shares[label][$0] < shares[label][$1] })
      else { return nil }
      return "\(names[label]) most often \(labels[peak])"
    }
    let summary =
      "Distribution of \(feature.name) by class: " + peaks.joined(separator: "; ") + "."
    let chart: any Chart =
      names.count > outlineLimit
      ? strip(feature, summary, names, shares) : outlines(feature, summary, names, shares)
    return Figure(
      id: "feature-\(index)", chart: chart,
      numbers: DataTable(
        title: "Rows", header: [feature.name] + names,
        rows: labels.indices.map { bin in
          [labels[bin]] + feature.counts.map { NumberText.grouped($0[bin]) }
        }))
  }

  private static func outlines(
    _ feature: DataContent.Feature, _ summary: String, _ names: [String], _ shares: [[Double]]
  ) -> any Chart {
    switch feature.bins {
    case .numbers(let edges):
      let domain = edges[0]...edges[edges.count - 1]
      return HistogramChart(
        title: feature.name, summary: summary, x: Axis(feature.name, domain, tickCount: 4),
        edges: edges,
        series: names.enumerated().map {
          HistogramChart.Series(
            name: $0.element, style: SeriesStyle.ofClass($0.offset), shares: shares[$0.offset])
        })
    case .categories(let categories):
      let totals = categories.indices.map { bin in feature.counts.reduce(0) { $0 + $1[bin] } }
      let order = categories.indices.sorted {
        totals[$0] == totals[$1] ? $0 < $1 : totals[$0] > totals[$1]
      }
      // Categories keep their own order where all are drawn.
      let shown =
        categories.count <= categoryLimit
        ? Array(categories.indices) : Array(order.prefix(categoryLimit)).sorted()
      let hidden = categories.count - shown.count
      return DotChart(
        title: feature.name, summary: summary,
        axisTitle: "share of class" + (hidden > 0 ? " (\(hidden) rarer ones not drawn)" : ""),
        names: shown.map { categories[$0] },
        series: names.enumerated().map { label, name in
          DotChart.Series(
            name: name, style: SeriesStyle.ofClass(label), values: shown.map { shares[label][$0] })
        }, width: 300, isPercentage: true)
    }
  }

  private static func strip(
    _ feature: DataContent.Feature, _ summary: String, _ names: [String], _ shares: [[Double]]
  ) -> StripChart {
    let labels: [(column: Double, text: String)]
    switch feature.bins {
    case .numbers(let edges):
      let domain = edges[0]...edges[edges.count - 1]
      let ticks = Ticks(over: domain, count: 4)
      let width = max(domain.upperBound - domain.lowerBound, .leastNormalMagnitude)
      labels = zip(ticks.values, ticks.labels).map {
        (($0 - domain.lowerBound) / width * Double(edges.count - 1), $1)
      }
    case .categories(let categories):
      let room = 200 / Double(max(1, categories.count))
      labels =
        room < 14
        ? []
        : categories.enumerated().map {
          (Double($0.offset) + 0.5, TextFit.shortened($0.element, width: room, size: 12))
        }
    }
    return StripChart(
      title: feature.name, summary: summary, axisTitle: feature.name, rowNames: names,
      columnLabels: labels, shares: shares)
  }

  private static func binLabels(_ bins: DataContent.Feature.Bins) -> [String] {
    switch bins {
    case .categories(let names): names
    case .numbers(let edges):
      edges.indices.dropLast().map {
        NumberText.short(edges[$0]) + " to " + NumberText.short(edges[$0 + 1])
      }
    }
  }
}
