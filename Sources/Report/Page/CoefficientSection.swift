import Classifiers
import HTML
import Support

/// The coefficients of linear models.
enum CoefficientSection {
  /// As many features are drawn, and as many classes; tables hold all.
  private static let (shownFeatures, shownClasses) = (20, 6)

  @Sendable static func section(_ content: ReportContent) -> PageSection? {
    let models = content.models.filter { !$0.coefficients.isEmpty }
    guard !models.isEmpty else { return nil }
    return PageSection(
      id: "coefficients", title: "Coefficients", shortTitle: "Coefficients",
      introduction:
        "How much a class's log-odds rise with each feature, as the model gets it: encoded and scaled, "
        + "so that sizes can be compared. Correlated features share theirs, and a penalty makes all smaller."
    ) { Figure.grid(models.map { figure($0, content) }) }
  }

  private static func figure(_ model: ModelContent, _ content: ReportContent) -> Figure {
    let labels = Set(model.coefficients.map(\.label)).sorted()
    let table = CoefficientTable(model.coefficients, labels, content.featureNames.count)
    let order = table.ranking
    let shown = Array(order.prefix(shownFeatures))
    let drawn = Array(labels.prefix(shownClasses))
    let largest = order.prefix(3).map { feature in
      let sizes = labels.compactMap { table[$0, feature]?.value }
      return "\(content.featureNames[feature]) " + sizes.map(number).joined(separator: " / ")
    }
    return Figure(
      id: "coefficients-\(model.name)",
      chart: DotChart(
        title: "Coefficients of \(model.name)",
        summary: "Largest are " + largest.joined(separator: ", ") + ".",
        axisTitle: "coefficient", names: shown.map { content.featureNames[$0] },
        series: drawn.map { label in
          DotChart.Series(
            style: .ofClass(label), values: shown.map { table[label, $0]?.value },
            intervals: shown.map { feature in
              guard let one = table[label, feature], let error = one.standardError else {
                return nil
              }
              return one.value - 1.96 * error...one.value + 1.96 * error
            })
        }),
      legend: drawn.map { Figure.Entry(style: .ofClass($0), name: content.classNames[$0]) },
      legendHasLines: false,
      note: [
        "Whiskers are 95 % intervals, from the inverse Hessian.",
        shown.count < order.count
          ? "The \(shown.count) largest of \(order.count) features are drawn." : nil,
        drawn.count < labels.count
          ? "The first \(drawn.count) of \(labels.count) classes are drawn." : nil,
        model.notice.map { "About the fit: \($0)." },
      ].compactMap(\.self).joined(separator: " "),
      numbers: DataTable(
        title: "Coefficients ± their standard errors",
        header: ["Feature"] + labels.map { content.classNames[$0] },
        rows: (order.map(Optional.some) + (table.hasIntercepts ? [nil] : [])).map { feature in
          [feature.map { content.featureNames[$0] } ?? Coefficient.interceptName]
            + labels.map { label in
              guard let one = table[label, feature] else { return "" }
              return number(one.value) + (one.standardError.map { " ± " + number($0) } ?? "")
            }
        }))
  }

  private static func number(_ value: Double) -> String { NumberText.fixed(value, 4) }
}

/// Coefficients by class and feature.
private struct CoefficientTable {
  private let featureCount: Int
  private let byPlace: [[Int]: Coefficient]
  private let labels: [Int]

  init(_ coefficients: [Coefficient], _ labels: [Int], _ featureCount: Int) {
    self.labels = labels
    self.featureCount = featureCount
    byPlace = Dictionary(
      coefficients.map { ([$0.label, $0.feature ?? -1], $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// - Parameter feature: `nil` for the intercept.
  subscript(label: Int, feature: Int?) -> Coefficient? { byPlace[[label, feature ?? -1]] }

  var hasIntercepts: Bool { labels.contains { self[$0, nil] != nil } }

  /// The features from the one with the largest coefficient of any class down; ties in their own order.
  var ranking: [Int] {
    let sizes = (0..<featureCount).map { feature in
      labels.map { abs(self[$0, feature]?.value ?? 0) }.max() ?? 0
    }
    return sizes.indices.sorted { sizes[$0] == sizes[$1] ? $0 < $1 : sizes[$0] > sizes[$1] }
  }
}
