import Comparison
import Evaluation
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
    let training = data.trainingCounts.reduce(0, +)
    let test = data.testCounts.reduce(0, +)
    // Of many classes the largest.
    let drawn =
      content.hasManyClasses
      ? largestFirst(totals(data)).prefix(ConfusionMatrix.fullLimit).sorted()
      : Array(names.indices)
    let drawnNames = drawn.map { names[$0] }
    let shown = data.features.prefix(featureLimit).map { $0.ofClasses(drawn) }
    let named = data.features.filter { $0.categories != nil }.map(\.name)
    let missing = data.features.compactMap { feature in
      feature.missing.map { "\(feature.name) \(NumberText.grouped($0))" }
    }
    return PageSection(
      id: "data", title: "The data", shortTitle: "Data",
      introduction: "\(NumberText.grouped(training + test)) rows with \(data.features.count) "
        + (data.features.count == 1 ? "feature" : "features")
        + ": \(NumberText.grouped(training)) training rows and \(NumberText.grouped(test)) test rows."
        + content.division.map { " \($0)." }.joined()
        + dropped(content.droppedRowCount, "no label")
        + dropped(content.incompleteRowCount, "a missing cell in a feature")
        + (named.isEmpty ? "" : " Columns taken as names: \(named.listed()).")
        + (missing.isEmpty ? "" : " Missing cells: \(missing.listed()).")
    ) {
      Figure.grid([classFigure(data, names, drawn)])
      h3 { "Features by class" }
      smallPrint(
        "Shares are of each class's rows, training and test rows together, so that classes of "
          + "different sizes can be compared. The outermost bins also hold all values beyond them."
          + (shown.count < data.features.count
            ? " The first \(shown.count) of \(data.features.count) features are drawn." : "")
          + (drawn.count < names.count
            ? " Only the \(drawn.count) largest classes are shown; report-data.json has all." : ""))
      if names.count <= outlineLimit {
        div(.class("legend-line")) {
          Figure.legend(
            names.enumerated().map {
              Figure.Entry(style: SeriesStyle.ofClass($0.offset), name: $0.element)
            },
            withLines: true)
        }
      }
      Figure.grid(shown.enumerated().map { featureFigure($0, $1, drawnNames) }, .three)
    }
  }

  private static func dropped(_ count: Int, _ why: String) -> String {
    count == 0 ? "" : " \(NumberText.grouped(count)) more rows have \(why) and were dropped."
  }

  /// How many rows each class has.
  private static func totals(_ data: DataSummary) -> [Int] {
    zip(data.trainingCounts, data.testCounts).map(+)
  }

  /// - Parameter drawn: the classes that are drawn, in their own order.
  private static func classFigure(
    _ data: DataSummary, _ names: [String], _ drawn: [Int]
  ) -> Figure {
    let totals = totals(data)
    let all = Double(max(1, totals.reduce(0, +)))
    func share(_ label: Int, digits: Int = 1) -> String {
      NumberText.percent(Double(totals[label]) / all, digits: digits)
    }
    let order = largestFirst(totals)
    let shown = drawn.count < names.count ? Array(order.prefix(drawn.count)) : drawn
    return Figure(
      id: "classes",
      chart: BarChart(
        title: "Rows of each class",
        summary:
          "Share of the rows by class. The largest of \(names.count) classes is \(names[order[0]]) with "
          + "\(share(order[0])).",
        axisTitle: "share of the rows",
        bars: shown.map { label in
          BarChart.Bar(
            name: names[label], value: Double(totals[label]) / all,
            text: "\(NumberText.grouped(totals[label])) (\(share(label)))",
            style: names.count <= outlineLimit ? SeriesStyle.ofClass(label) : nil)
        }, isPercentage: true),
      note: shown.count < names.count
        ? "The \(shown.count) largest of \(names.count) classes are shown." : nil,
      numbers: DataTable(
        header: ["Class", "Training rows", "Test rows", "Share"],
        rows: shown.map { label in
          [
            names[label], NumberText.grouped(data.trainingCounts[label]),
            NumberText.grouped(data.testCounts[label]), share(label, digits: 2),
          ]
        }))
  }

  /// The places of numbers, the largest first; equal ones in their own order.
  private static func largestFirst(_ numbers: [Int]) -> [Int] {
    numbers.indices.sorted {
      numbers[$0] == numbers[$1] ? $0 < $1 : numbers[$0] > numbers[$1]
    }
  }

  private static func featureFigure(
    _ index: Int, _ feature: DataSummary.Feature, _ names: [String]
  ) -> Figure {
    let shares = feature.counts.map { row in
      let total = Double(max(1, row.reduce(0, +)))
      return row.map { Double($0) / total }
    }
    let labels =
      feature.categories
      ?? zip(feature.borders, feature.borders.dropFirst()).map {
        NumberText.short($0) + " to " + NumberText.short($1)
      }
    let peaks = names.indices.prefix(outlineLimit).compactMap { label -> String? in
      guard let peak = shares[label].indices.max(by: { shares[label][$0] < shares[label][$1] })
      else { return nil }
      return "\(names[label]) most often \(labels[peak])"
    }
    let summary =
      "Distribution of \(feature.name) by class: " + peaks.joined(separator: "; ") + "."
    let chart: any Chart =
      if names.count > outlineLimit {
        strip(feature, summary, names, shares)
      } else if let categories = feature.categories {
        dots(feature, categories, summary, shares)
      } else {
        HistogramChart(
          title: feature.name, summary: summary,
          x: Axis(feature.name, feature.domain, tickCount: 4), edges: feature.borders,
          series: shares.enumerated().map {
            HistogramChart.Series(style: SeriesStyle.ofClass($0), shares: $1)
          })
      }
    return Figure(
      id: "feature-\(index)", chart: chart,
      numbers: DataTable(
        title: "Rows", header: [feature.name] + names,
        rows: labels.indices.map { bin in
          [labels[bin]] + feature.counts.map { NumberText.grouped($0[bin]) }
        }))
  }

  private static func dots(
    _ feature: DataSummary.Feature, _ categories: [String], _ summary: String, _ shares: [[Double]]
  ) -> DotChart {
    let totals = categories.indices.map { bin in feature.counts.reduce(0) { $0 + $1[bin] } }
    // Categories keep their own order.
    let shown = largestFirst(totals).prefix(categoryLimit).sorted()
    let hidden = categories.count - shown.count
    return DotChart(
      title: feature.name, summary: summary,
      axisTitle: "share of class" + (hidden > 0 ? " (\(hidden) rarer ones not drawn)" : ""),
      names: shown.map { categories[$0] },
      series: shares.enumerated().map { label, shares in
        DotChart.Series(style: SeriesStyle.ofClass(label), values: shown.map { shares[$0] })
      }, width: 300, isPercentage: true)
  }

  private static func strip(
    _ feature: DataSummary.Feature, _ summary: String, _ names: [String], _ shares: [[Double]]
  ) -> StripChart {
    let labels: [(column: Double, text: String)]
    if let categories = feature.categories {
      let room = 200 / Double(max(1, categories.count))
      labels =
        room < 14
        ? []
        : categories.enumerated().map {
          (Double($0.offset) + 0.5, TextFit.shortened($0.element, width: room, size: 12))
        }
    } else {
      let domain = feature.domain
      let ticks = Ticks(over: domain, count: 4)
      let width = max(domain.upperBound - domain.lowerBound, .leastNormalMagnitude)
      labels = zip(ticks.values, ticks.labels).map {
        (($0 - domain.lowerBound) / width * Double(feature.borders.count - 1), $1)
      }
    }
    return StripChart(
      title: feature.name, summary: summary, axisTitle: feature.name, rowNames: names,
      columnLabels: labels, shares: shares)
  }
}

extension DataSummary.Feature {
  /// The same with the counts of some classes alone.
  fileprivate func ofClasses(_ labels: [Int]) -> Self {
    var feature = self
    feature.counts = labels.map { counts[$0] }
    return feature
  }

  /// The borders of the bins of numbers.
  fileprivate var borders: [Double] { edges ?? [] }

  fileprivate var domain: ClosedRange<Double> { borders[0]...borders[borders.count - 1] }
}
