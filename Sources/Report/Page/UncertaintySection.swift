import Comparison
import Evaluation
import HTML
import Support

/// How certain the ranking is: tests of the models in pairs, and the scores of folds and of other splits.
enum UncertaintySection {
  static func section(_ content: ReportContent) -> PageSection? {
    let tests = content.statistics.flatMap { pairTests($0, rowCount: content.testRowCount) }
    let folds = content.folds.flatMap { foldPart($0, content) }
    let divisions = content.divisions.flatMap { divisionPart($0, content) }
    guard tests != nil || folds != nil || divisions != nil else { return nil }
    return PageSection(id: "sure", title: "How certain the ranking is", shortTitle: "Certainty") {
      tests
      folds
      divisions
    }
  }

  private static func pairTests(_ statistics: SplitStatistics, rowCount: Int) -> HTML? {
    guard !statistics.pairs.isEmpty else { return nil }
    let mcNemar = statistics.pairs.map { pair in
      let lead = pair.mcNemar.firstOnly - pair.mcNemar.secondOnly
      return [
        "\(pair.first) − \(pair.second)",
        "accuracy, McNemar" + (pair.mcNemar.isExact ? " (exact)" : ""),
        NumberText.fixed(Double(lead) / Double(max(1, rowCount)), 4),
        probability(pair.mcNemar.p), probability(pair.mcNemarHolm),
      ]
    }
    let deLong = statistics.pairs.compactMap { pair -> [String]? in
      guard let test = pair.deLong, let corrected = pair.deLongHolm else { return nil }
      let ends = [test.interval.lower, test.interval.upper].map { NumberText.fixed($0, 4) }
      return [
        "\(pair.first) − \(pair.second)", "ROC AUC, DeLong",
        "\(NumberText.fixed(test.difference, 4)) (\(ends[0]) to \(ends[1]))",
        probability(test.p), probability(corrected),
      ]
    }
    return HTML {
      h3 { "Pairs of models on the test rows" }
      div {
        scrolling(label: "Tests on the test rows") {
          DataTable(
            header: ["Pair", "Test", "Difference", "p", "corrected p"], rows: mcNemar + deLong
          ).html
        }
        smallPrint(
          "The difference is the first model's lead. p is the probability of a difference at least this "
            + "large if the models were equal; Holm's correction accounts for the number of pairs. "
            + (deLong.isEmpty
              ? "DeLong's test needs \(DeLongTest.fewestSamples) test rows of each class." : ""))
      }
    }
  }

  private static func foldPart(_ result: CrossValidationResult, _ content: ReportContent) -> HTML? {
    let metric = content.ranking
    let models = result.models.filter { $0.mean[metric] != nil }
    guard !models.isEmpty else { return nil }
    let tests = result.pairs.compactMap { pair in
      pair.metrics[metric].map { test in
        [
          "\(pair.first) − \(pair.second)", NumberText.fixed(test.resampled.meanDifference, 4),
          probability(test.resampled.p), probability(test.resampledHolm),
        ]
          + [\BayesianTTest.firstBetter, \.equivalent, \.secondBetter].map { part in
            test.bayesian.map { NumberText.fixed($0[keyPath: part], 3) } ?? "–"
          }
      }
    }
    let rope = result.pairs.lazy.compactMap { $0.metrics[metric]?.bayesian?.rope }.first
    let times = result.repeats > 1 ? ", \(result.repeats) times" : ""
    return HTML {
      h3 { "Cross-validation" }
      Figure.grid([foldFigure(models, content)])
      if !tests.isEmpty {
        scrolling(label: "Tests on the folds") {
          DataTable(
            header: [
              "Pair", "Mean difference", "p", "corrected p", "P(first better)", "P(the same)",
              "P(second better)",
            ], rows: tests
          ).html
        }
      }
      smallPrint(
        "\(result.folds) \(kind(of: result))\(times); encoders and scaler are fitted inside each. "
          + (tests.isEmpty
            ? ""
            : "p is that of the t-test corrected for overlapping training rows (Nadeau and Bengio), and "
              + "then by Holm's method. ")
          + (rope.map {
            "P comes from the Bayesian form of the test (Benavoli and others), where “the same” is a "
              + "difference of at most \($0)."
          } ?? "")
          + (tests.isEmpty && result.time == nil
            ? "Tests need \(ResampledTTest.fewestFolds) folds and scores that differ." : "")
          + result.models.compactMap(\.notice).map { " \($0)." }.joined())
    }
  }

  private static func kind(of folds: CrossValidationResult) -> String {
    if let group = folds.group { return "stratified folds that keep each \(group) whole" }
    return folds.time.map {
      "folds in the order of \($0), each judged after learning from all rows before"
    }
      ?? "stratified folds"
  }

  private static func foldFigure(_ models: [ModelFolds], _ content: ReportContent) -> Figure {
    let metric = content.ranking
    let rows = models.map { model in
      FoldChart.Row(
        name: model.name, style: content.style(of: model.name), scores: model.scores(metric),
        mean: model.mean[metric] ?? .nan, deviation: model.deviation[metric] ?? 0,
        reach: model.interval[metric].map { $0.width / 2 })
    }
    let count = rows.map(\.scores.count).max() ?? 0
    return Figure(
      id: "folds",
      chart: FoldChart(
        title: "\(metric.title) in \(count) folds",
        summary: "Mean over the folds, and how far its 95 % interval reaches: "
          + rows.map {
            "\($0.name) \(NumberText.fixed($0.mean, 4))"
              + ($0.reach.map { " ± \(NumberText.fixed($0, 4))" } ?? "")
          }.joined(separator: ", ") + ".",
        axisTitle: metric.title, rows: rows),
      note: note("a fold", "folds"), numbers: numbers(of: rows, each: "Fold", hasReach: true))
  }

  private static func divisionPart(
    _ result: RepeatedSplitsResult, _ content: ReportContent
  ) -> HTML? {
    let metric = content.ranking
    // In the order of the page.
    let models = content.models.compactMap { model in
      result.models.first { $0.name == model.name && $0.mean[metric] != nil }
    }
    guard !models.isEmpty else { return nil }
    let rows = models.map { model in
      FoldChart.Row(
        name: model.name, style: content.style(of: model.name),
        scores: model.divisions.compactMap { $0.scores[metric] },
        mean: model.mean[metric] ?? .nan, deviation: model.deviation[metric] ?? 0)
    }
    let wins = models.map { model in
      let wins = model.wins[metric]
      return [model.name]
        + [wins?.best, wins?.near, wins?.divisions].map { $0?.description ?? "–" }
    }
    let count = rows.map(\.scores.count).max() ?? 0
    return HTML {
      h3 { "Other divisions of the rows" }
      Figure.grid([
        Figure(
          id: "divisions",
          chart: FoldChart(
            title: "\(metric.title) in \(count) divisions of the rows",
            summary: "In how many divisions each model is the best: "
              + wins.map { "\($0[0]) \($0[1])" }.joined(separator: ", ") + ".",
            axisTitle: metric.title, rows: rows),
          note: note("a division", "divisions"), numbers: numbers(of: rows, each: "Division"))
      ])
      scrolling(label: "How often each model is the best") {
        DataTable(
          header: ["Model", "Best", "Within \(result.margin) of the best", "Of divisions"],
          rows: wins
        ).html
      }
      smallPrint(
        "Each division is what a run with its seed does, from \(result.seed) on; models that are equally "
          + "good all count as the best. The divisions share rows, so that how often a model wins is no "
          + "probability that it is better."
          + result.models.compactMap(\.notice).map { " \($0)." }.joined())
    }
  }

  private static func note(_ mark: String, _ all: String) -> String {
    "Each mark is \(mark). The bar is the mean ± one standard deviation: how much single \(all) "
      + "differ, not how certain the mean is."
  }

  /// The numbers of a chart, a row for each fold or division.
  private static func numbers(
    of rows: [FoldChart.Row], each: String, hasReach: Bool = false
  ) -> DataTable {
    func line(_ title: String, _ value: (FoldChart.Row) -> Double?) -> [String] {
      [title] + rows.map { row in value(row).map { NumberText.fixed($0, 4) } ?? "–" }
    }
    let count = rows.map(\.scores.count).max() ?? 0
    return DataTable(
      header: [each] + rows.map(\.name),
      rows: (0..<count).map { number in
        line("\(number + 1)") { $0.scores.indices.contains(number) ? $0.scores[number] : nil }
      } + [line("Mean", \.mean)]
        + (hasReach ? [line("Reach of the mean's 95 % interval", \.reach)] : [])
        + [line("Standard deviation", \.deviation)])
  }

  /// A p-value; very small ones as a bound, since their digits mean little.
  private static func probability(_ value: Double) -> String {
    value < 0.0001 ? "< 0.0001" : NumberText.fixed(value, 4)
  }
}
