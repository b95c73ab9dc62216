import HTML
import Support

/// How certain the ranking is: tests of the models in pairs, and the scores of folds.
enum UncertaintySection {
  static func section(_ content: ReportContent) -> PageSection? {
    guard content.pairTests != nil || content.folds != nil else { return nil }
    return PageSection(id: "sure", title: "How certain the ranking is", shortTitle: "Certainty") {
      content.pairTests.map(pairTests)
      content.folds.map { folds($0, content) }
    }
  }

  @HTMLBuilder private static func pairTests(_ pairs: PairTestContent) -> HTML {
    h3 { "Pairs of models on the test rows" }
    div {
      scrolling(label: "Tests on the test rows") {
        DataTable(
          header: ["Pair", "Test", "Difference", "p", "corrected p"],
          rows: pairs.tests.map { test in
            [
              "\(test.first) − \(test.second)", test.test, difference(test.difference),
              NumberText.probability(test.pValue), NumberText.probability(test.correctedPValue),
            ]
          }
        ).html
      }
      smallPrint(pairs.note)
    }
  }

  private static func difference(_ value: MetricValue) -> String {
    guard let number = value.value else { return "–" }
    let interval = value.interval.map {
      " (\(NumberText.fixed($0.lowerBound, 4)) to \(NumberText.fixed($0.upperBound, 4)))"
    }
    return NumberText.fixed(number, 4) + (interval ?? "")
  }

  @HTMLBuilder private static func folds(
    _ folds: FoldContent, _ content: ReportContent
  ) -> HTML {
    h3 { "Cross-validation" }
    Figure.grid([figure(folds, content)])
    if !folds.pairs.isEmpty {
      scrolling(label: "Tests on the folds") {
        DataTable(
          header: [
            "Pair", "Mean difference", "p", "corrected p", "P(first better)", "P(the same)",
            "P(second better)",
          ],
          rows: folds.pairs.map { pair in
            [
              "\(pair.first) − \(pair.second)", NumberText.fixed(pair.difference, 4),
              NumberText.probability(pair.pValue), NumberText.probability(pair.correctedPValue),
            ] + pair.probabilities.map { NumberText.fixed($0, 3) }
          }
        ).html
      }
    }
    smallPrint(folds.note)
  }

  private static func figure(_ folds: FoldContent, _ content: ReportContent) -> Figure {
    let count = folds.models.map(\.scores.count).max() ?? 0
    return Figure(
      id: "folds",
      chart: FoldChart(
        title: "\(folds.metric) in \(count) folds",
        summary: "Mean and standard deviation over the folds: "
          + folds.models.map {
            "\($0.name) \(NumberText.fixed($0.mean, 4)) ± \(NumberText.fixed($0.deviation, 4))"
          }.joined(separator: ", ") + ".",
        axisTitle: folds.metric,
        rows: folds.models.map { model in
          let index = content.models.firstIndex { $0.name == model.name } ?? 7
          return FoldChart.Row(
            name: model.name, style: SeriesStyle(index), scores: model.scores, mean: model.mean,
            deviation: model.deviation)
        }),
      note:
        "Each mark is a fold. The bar is the mean ± one standard deviation: how much single folds "
        + "differ, not how certain the mean is.",
      numbers: DataTable(
        header: ["Fold"] + folds.models.map(\.name),
        rows: (0..<count).map { fold in
          ["\(fold + 1)"]
            + folds.models.map {
              $0.scores.indices.contains(fold) ? NumberText.fixed($0.scores[fold], 4) : "–"
            }
        } + [["Mean"] + folds.models.map { NumberText.fixed($0.mean, 4) }]
          + [["Standard deviation"] + folds.models.map { NumberText.fixed($0.deviation, 4) }]))
  }
}

extension NumberText {
  /// A p-value; very small ones as a bound, since their digits mean little.
  static func probability(_ value: Double) -> String {
    value < 0.0001 ? "< 0.0001" : fixed(value, 4)
  }
}
