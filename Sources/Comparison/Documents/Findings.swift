public import Evaluation
import Support

/// What a comparison shows, and what it does not, in words.
public struct Findings: Sendable {
  /// One sentence: which model, by which metric, and how sure.
  public let answer: String
  /// Everything else that can be said, a sentence or two each.
  public let details: [String]

  public var sentences: [String] { [answer] + details }

  /// A difference is significant where its test's p-value, after Holm's correction, is below this.
  public static let level = 0.05

  /// - Parameter metric: the metric that models are ranked by.
  public init(_ document: ComparisonDocument, by metric: Metric = .accuracy) {
    let text = FindingsText(document, metric)
    answer = text.answer
    details =
      text.mcNemar + text.deLong + text.folds + text.baseline + text.limits
  }
}

private struct FindingsText {
  let document: ComparisonDocument
  let metric: Metric
  /// Whether models are ranked by their means over the folds, or on the test rows.
  let isByFolds: Bool
  /// The best model, or several that are equally good.
  let best: [(name: String, value: Double)]

  init(_ document: ComparisonDocument, _ metric: Metric) {
    self.document = document
    self.metric = metric
    let folds = (document.crossValidation?.models ?? []).compactMap { model in
      model.mean[metric].map { (model.name, $0) }
    }
    isByFolds = !folds.isEmpty
    let values =
      isByFolds
      ? folds
      : document.models.compactMap { model in
        model.validate.values[metric].map { (model.name, $0) }
      }
    let best = metric.higherIsBetter ? values.map(\.1).max() : values.map(\.1).min()
    self.best = values.filter { $0.1 == best }.map { (name: $0.0, value: $0.1) }
  }

  // MARK: The answer

  var answer: String {
    guard let first = best.first else {
      return "\(capitalised(metricName)) is not defined for these test rows."
    }
    let number = NumberText.plain(first.value, digits: 4)
    let place: String
    if isByFolds, let folds = document.crossValidation {
      place = "\(number) on average over \(folds.folds * folds.repeats) folds"
    } else {
      place = number + (best.count == 1 ? interval(first.name) : "") + " on the test rows"
    }
    guard document.models.count > 1 else { return "\(first.name): \(metricName) \(place)." }
    let extreme = metric.higherIsBetter ? "highest" : "lowest"
    guard best.count == 1 else {
      return "\(list(best.map(\.name))) share the \(extreme) \(metricName), \(place)."
    }
    return
      "\(first.name) has the \(extreme) \(metricName) of \(document.models.count) models, \(place)"
      + certainty(first.name) + "."
  }

  private func interval(_ name: String) -> String {
    guard let statistics = document.statistics,
      let interval = statistics.intervals(of: name)?[metric]?.bca
    else { return "" }
    let confidence = NumberText.plain(statistics.confidence * 100, digits: 0)
    return " (\(confidence) % interval \(NumberText.plain(interval.lower, digits: 4)) to "
      + "\(NumberText.plain(interval.upper, digits: 4)))"
  }

  /// Whether the difference to the others is significant, by the test that goes with the metric.
  private func certainty(_ name: String) -> String {
    let (test, pairs) = ranking
    let own = pairs.filter { $0.first == name || $0.second == name }
    guard !own.isEmpty else { return "; its lead was not tested" }
    let open = own.filter { $0.p >= Findings.level }
    if open.isEmpty {
      let largest = own.map(\.p).max() ?? 1
      let others = own.count == 1 ? "the other" : "every other model"
      return ", significantly better than \(others) (\(test), \(NumberText.pValue(largest)))"
    }
    let names = open.map { $0.first == name ? $0.second : $0.first }
    return "; no significant difference to \(list(names))"
      + " (\(test), \(NumberText.pValue(open.map(\.p).max() ?? 1)))"
  }

  private typealias Pair = (first: String, second: String, p: Double)

  /// The test that fits the metric, and its probabilities after correction.
  private var ranking: (test: String, pairs: [Pair]) {
    let folds: [Pair] = (document.crossValidation?.pairs ?? []).compactMap { pair in
      pair.metrics[metric].map { (pair.first, pair.second, $0.resampledHolm) }
    }
    if !folds.isEmpty { return ("corrected t-test on the folds", folds) }
    guard let pairs = document.statistics?.pairs else { return ("", []) }
    switch metric {
    case .accuracy:
      return ("McNemar's test", pairs.map { ($0.first, $0.second, $0.mcNemarHolm) })
    case .rocAUC:
      return (
        "DeLong's test",
        pairs.compactMap { pair in pair.deLongHolm.map { (pair.first, pair.second, $0) } }
      )
    default: return ("", [])
    }
  }

  // MARK: Tests

  var mcNemar: [String] {
    guard let pairs = document.statistics?.pairs, !pairs.isEmpty else { return [] }
    return [
      sentence(
        "Errors on the test rows", "McNemar's test",
        pairs.map { pair in
          let firstIsBetter = pair.mcNemar.firstOnly >= pair.mcNemar.secondOnly
          return (
            firstIsBetter ? pair.first : pair.second, firstIsBetter ? pair.second : pair.first,
            pair.mcNemarHolm
          )
        }, relation: "makes significantly fewer errors than")
    ]
  }

  var deLong: [String] {
    let pairs = (document.statistics?.pairs ?? []).compactMap { pair -> Pair? in
      guard let test = pair.deLong, let p = pair.deLongHolm else { return nil }
      return test.difference >= 0 ? (pair.first, pair.second, p) : (pair.second, pair.first, p)
    }
    guard !pairs.isEmpty else { return [] }
    return [
      sentence(
        "Area under the ROC curve", "DeLong's test", pairs,
        relation: "has a significantly larger area than")
    ]
  }

  var folds: [String] {
    guard let folds = document.crossValidation, !folds.pairs.isEmpty else { return [] }
    let tested = folds.pairs.compactMap { pair in pair.metrics[metric].map { (pair, $0) } }
    guard !tested.isEmpty else { return [] }
    let pairs = tested.map { pair, test -> Pair in
      let sign = metric.higherIsBetter ? 1.0 : -1.0
      return test.resampled.meanDifference * sign >= 0
        ? (pair.first, pair.second, test.resampledHolm)
        : (pair.second, pair.first, test.resampledHolm)
    }
    return [
      sentence(
        "\(capitalised(metricName)) on the folds", "corrected resampled t-test", pairs,
        relation: "scores significantly better than"),
      bayesian(tested),
    ]
  }

  /// What is decided with a probability of at least 95 %: which models are better, and which practically
  /// the same.
  private func bayesian(_ tested: [(pair: FoldTests, test: FoldTest)]) -> String {
    let margin = "\(tested[0].test.bayesian.rope)"
    let decided = tested.compactMap { pair, test -> String? in
      let (first, second) = (pair.first, pair.second)
      if test.bayesian.firstBetter >= 0.95 {
        return "\(first) is better than \(second) by more than \(margin)"
      }
      if test.bayesian.secondBetter >= 0.95 {
        return "\(second) is better than \(first) by more than \(margin)"
      }
      return test.bayesian.equivalent >= 0.95
        ? "\(first) and \(second) are within \(margin) of each other" : nil
    }
    guard !decided.isEmpty else {
      return "Bayesian t-test on the folds: no pair is decided with a probability of 95 %."
    }
    let open = tested.count - decided.count
    return "Bayesian t-test on the folds, with a probability of at least 95 %: "
      + decided.joined(separator: "; ")
      + (open > 0 ? "; \(open) of \(tested.count) pairs are undecided." : ".")
  }

  /// Which models are significantly better than which, and which pairs show no significant difference.
  private func sentence(
    _ subject: String, _ test: String, _ pairs: [Pair], relation: String
  ) -> String {
    let significant = pairs.filter { $0.p < Findings.level }
    let open = pairs.filter { $0.p >= Findings.level }
    let correction = pairs.count > 1 ? ", corrected for \(pairs.count) pairs" : ""
    let start = "\(subject) (\(test)\(correction)): "
    guard !significant.isEmpty else { return start + "no significant differences." }
    let winners = document.models.map(\.name).compactMap { name -> String? in
      let losers = significant.filter { $0.first == name }.map(\.second)
      return losers.isEmpty ? nil : "\(name) \(relation) \(list(losers))"
    }
    let rest = open.map { "\($0.first) and \($0.second) (\(NumberText.pValue($0.p)))" }
    return start + winners.joined(separator: "; ") + "."
      + (rest.isEmpty ? "" : " No significant difference between \(rest.joined(separator: "; ")).")
  }

  // MARK: Baseline and limits

  var baseline: [String] {
    guard let baseline = document.baseline, let value = baseline.validation[.accuracy] else {
      return []
    }
    let doubtful = document.models.filter { model in
      let interval = document.statistics?.intervals(of: model.name)?[.accuracy]?.bca
      return (interval?.lower ?? model.validate.values[.accuracy] ?? 0) <= value
    }
    let share = NumberText.plain(value * 100, digits: 1)
    return [
      "Always predicting \(baseline.className) is right for \(share) % of the test rows; "
        + (doubtful.isEmpty
          ? "every model is better."
          : "\(list(doubtful.map(\.name))) \(doubtful.count == 1 ? "is" : "are") not clearly better.")
    ]
  }

  var limits: [String] {
    guard let statistics = document.statistics else { return [] }
    let narrow = statistics.models.filter { $0.validate[metric]?.bca.width == 0 }
    let warning =
      narrow.isEmpty
      ? []
      : [
        "The interval of \(list(narrow.map(\.name))) has no width, because every resample of the test "
          + "rows gives the same number; the true value may still be another."
      ]
    guard document.crossValidation == nil else { return warning }
    return warning + [
      "These results come from one train/test split; --cross-validate 10 shows how much another split "
        + "would change them."
    ]
  }

  // MARK: Words

  private var metricName: String {
    switch metric {
    case .f1, .rocAUC, .matthewsCorrelation, .weightedF1: metric.title
    case .balancedAccuracy: "balanced accuracy"
    default: metric.title.lowercased()
    }
  }

  private func capitalised(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  /// `a`, `a and b`, `a, b and c`.
  private func list(_ words: [String]) -> String {
    guard words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + (words.last ?? "")
  }
}
