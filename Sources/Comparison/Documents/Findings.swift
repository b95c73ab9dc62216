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
      text.choice + text.costs + text.divisions + text.mcNemar + text.deLong + text.folds
      + text.baseline + text.allRight + text.gaps + text.limits
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
    let scores = document.scores(by: metric)
    isByFolds = scores.areOfFolds
    let best = metric.best(scores.values)
    self.best = zip(document.models, scores.values).compactMap { model, value in
      value.flatMap { $0 == best ? (name: model.name, value: $0) : nil }
    }
  }

  // MARK: The answer

  var answer: String {
    guard let first = best.first else {
      let gaps = Set(document.models.compactMap { gap($0, metric) })
      let why = gaps.count == 1 ? ": \(gaps.first ?? "")" : ""
      return "\(capitalised(metricName)) is not defined for these test rows\(why)."
    }
    let number = NumberText.plain(first.value, digits: 4)
    let place: String
    if isByFolds,
      let folds = document.crossValidation?.models.first(where: { $0.name == first.name })
    {
      place =
        "\(number)\(foldInterval(first.name)) on average over "
        + "\(folds.folds.count) folds of the training rows"
        + (best.count == 1 ? lookAtTestRows(first.name) : "")
    } else {
      place = "\(number) on the test rows\(interval(first.name))"
    }
    guard document.models.count > 1 else { return "\(first.name): \(metricName) \(place)." }
    guard best.count == 1 else {
      return "\(list(best.map(\.name))) share the \(extreme) \(metricName): \(place)."
    }
    return [
      "\(first.name) has the \(extreme) \(metricName) of \(document.models.count) models: "
        + "\(place).",
      certainty(first.name), noneBeatsBaseline,
    ].filter { !$0.isEmpty }.joined(separator: " ")
  }

  private var extreme: String { metric.higherIsBetter ? "highest" : "lowest" }

  /// The interval of a model on the test rows. The best of several was chosen by the same rows, which
  /// its interval allows for; several that are equally good have none in common.
  private func interval(_ name: String) -> String {
    guard let statistics = document.statistics else { return "" }
    guard document.models.count > 1 else {
      return statistics.intervals(of: name)?[metric]?.interval.map {
        text($0, confidence: statistics.confidence)
      } ?? ""
    }
    guard let best = statistics.best?[metric], best.name == name else { return "" }
    return best.interval.map {
      text(
        $0, confidence: statistics.confidence,
        " for the best of \(document.models.count) on the same rows")
    } ?? ""
  }

  /// What the folds' winner scores on rows that had no part in the choice.
  private func lookAtTestRows(_ name: String) -> String {
    guard let model = document.models.first(where: { $0.name == name }),
      let value = model.validate.values[metric]
    else { return "" }
    let interval = document.statistics?.intervals(of: name)?[metric]?.interval
    return "; \(NumberText.plain(value, digits: 4))"
      + (interval.map { text($0, confidence: document.statistics?.confidence ?? 0.95) } ?? "")
      + " on the test rows"
      + (document.chosenFrom == nil ? ", which had no part in the choice" : "")
  }

  private func foldInterval(_ name: String) -> String {
    let model = document.crossValidation?.models.first { $0.name == name }
    return model?.interval[metric].map { text($0, confidence: 0.95) } ?? ""
  }

  private func text(_ interval: Interval, confidence: Double, _ what: String = "") -> String {
    " (\(NumberText.plain(confidence * 100, digits: 0)) %\(what): "
      + "\(NumberText.plain(interval.lower, digits: 4)) to "
      + "\(NumberText.plain(interval.upper, digits: 4)))"
  }

  /// From which models the best one can be told, by the test that goes with the metric.
  private func certainty(_ name: String) -> String {
    let (test, relation, pairs) = ranking
    let own = pairs.filter { $0.first == name || $0.second == name }
    guard !own.isEmpty else { return "Its lead was not tested." }
    let rows = isByFolds ? "folds" : "rows"
    let told = own.filter { $0.first == name && $0.p < Findings.level }
    let others = document.models.map(\.name).filter { other in
      other != name && !told.contains { $0.second == other }
    }
    guard !told.isEmpty else { return "These \(rows) cannot tell it from \(list(others))." }
    let beaten =
      others.isEmpty
      ? (told.count == 1 ? "the other" : "every other model") : list(told.map(\.second))
    return "It \(relation) \(beaten) (\(test), \(NumberText.pValue(told.map(\.p).max() ?? 1)))."
      + (others.isEmpty ? "" : " These \(rows) cannot tell it from \(list(others)).")
  }

  /// The first is the one with the better value; the probability is corrected for the number of
  /// pairs.
  private typealias Pair = (first: String, second: String, p: Double)

  /// The test that fits the metric, what it shows, and of which pairs.
  private var ranking: (test: String, relation: String, pairs: [Pair]) {
    if isByFolds { return ("corrected t-test on the folds", foldRelation, foldPairs) }
    switch metric {
    case .accuracy: return ("McNemar's test", Self.fewerMistakes, mcNemarPairs)
    case .rocAUC: return ("DeLong's test", betterOrder, deLongPairs)
    default: return ("", "", [])
    }
  }

  // MARK: Costs

  /// What the thresholds save, where mistakes have costs.
  var costs: [String] {
    let models = document.models.compactMap { model in model.threshold.map { (model, $0) } }
    guard let first = models.first?.1 else { return [] }
    let savings = models.map { model, threshold -> String in
      let half = NumberText.plain(threshold.costAtHalf, digits: 4)
      guard let value = threshold.value, let cost = model.validate.values[.cost] else {
        return "\(model.name) has the same probability for all rows of a fold, and stays at 0.5 "
          + "(\(half))"
      }
      return "\(model.name) \(NumberText.plain(value, digits: 4)) ("
        + "\(NumberText.plain(cost, digits: 4)) instead of \(half))"
    }
    return [
      "With \(first.costs.joined(separator: ", ")), “\(first.positiveClass)” is predicted from the "
        + "probability on that was cheapest on folds of the training rows (cost per test row instead of "
        + "that at 0.5): \(savings.joined(separator: "; "))."
    ]
  }

  // MARK: Tests

  private static let fewerMistakes = "makes fewer mistakes than"
  private var betterOrder: String {
    document.data.classes.count == 2
      ? "puts positive rows above negative ones more often than"
      : "puts rows of a class above others more often than"
  }
  private var foldRelation: String {
    "has a \(metric.higherIsBetter ? "higher" : "lower") \(metricName) than"
  }

  private var mcNemarPairs: [Pair] {
    (document.statistics?.pairs ?? []).map { pair in
      pair.mcNemar.firstOnly >= pair.mcNemar.secondOnly
        ? (pair.first, pair.second, pair.mcNemarHolm)
        : (pair.second, pair.first, pair.mcNemarHolm)
    }
  }

  private var deLongPairs: [Pair] {
    (document.statistics?.pairs ?? []).compactMap { pair in
      guard let test = pair.deLong, let p = pair.deLongHolm else { return nil }
      return test.difference >= 0 ? (pair.first, pair.second, p) : (pair.second, pair.first, p)
    }
  }

  private var foldPairs: [Pair] {
    (document.crossValidation?.pairs ?? []).compactMap { pair in
      guard let test = pair.metrics[metric] else { return nil }
      let sign = metric.higherIsBetter ? 1.0 : -1.0
      return test.resampled.meanDifference * sign >= 0
        ? (pair.first, pair.second, test.resampledHolm)
        : (pair.second, pair.first, test.resampledHolm)
    }
  }

  var mcNemar: [String] {
    sentence("Mistakes on the test rows", "McNemar's test", mcNemarPairs, Self.fewerMistakes)
  }

  var deLong: [String] {
    sentence("Area under the ROC curve", "DeLong's test", deLongPairs, betterOrder)
  }

  var folds: [String] {
    guard let folds = document.crossValidation, document.models.count > 1 else { return [] }
    if let time = folds.time {
      return [
        "Folds in the order of \(time) are of different periods, and learn from more and more rows, so that "
          + "the intervals and tests for folds do not hold and are left out."
      ]
    }
    let finished = folds.models.map(\.folds.count).min() ?? 0
    guard finished >= ResampledTTest.fewestFolds else {
      return [
        "\(finished) folds are too few to compare models: it takes "
          + "\(ResampledTTest.fewestFolds), better 10."
      ]
    }
    return sentence(
      "\(capitalised(metricName)) on the folds", "corrected resampled t-test", foldPairs,
      foldRelation)
      + bayesian(
        folds.pairs.compactMap { pair in
          pair.metrics[metric]?.bayesian.map { (pair, $0) }
        })
  }

  /// What is decided with a probability of at least 95 %: which models are better, and which
  /// practically the same.
  private func bayesian(_ tested: [(pair: FoldTests, test: BayesianTTest)]) -> [String] {
    guard let margin = tested.first?.test.rope else { return [] }
    let decided = tested.compactMap { pair, test -> String? in
      let (first, second) = (pair.first, pair.second)
      if test.firstBetter >= 0.95 {
        return "\(first) is better than \(second) by more than \(margin)"
      }
      if test.secondBetter >= 0.95 {
        return "\(second) is better than \(first) by more than \(margin)"
      }
      return test.equivalent >= 0.95
        ? "\(first) and \(second) are within \(margin) of each other" : nil
    }
    guard !decided.isEmpty else {
      return ["Bayesian t-test on the folds: no pair is decided with a probability of 95 %."]
    }
    let open = tested.count - decided.count
    return [
      "Bayesian t-test on the folds, with a probability of at least 95 %: "
        + decided.joined(separator: "; ")
        + (open > 0 ? "; \(open) of \(tested.count) pairs are undecided." : ".")
    ]
  }

  /// Which models are better than which, and which pairs show no clear difference; nothing without
  /// pairs.
  private func sentence(
    _ subject: String, _ test: String, _ pairs: [Pair], _ relation: String
  ) -> [String] {
    guard !pairs.isEmpty else { return [] }
    let clear = pairs.filter { $0.p < Findings.level }
    let open = pairs.filter { $0.p >= Findings.level }
    let correction = pairs.count > 1 ? ", corrected for \(pairs.count) pairs" : ""
    let start = "\(subject) (\(test)\(correction)): "
    guard !clear.isEmpty else { return [start + "no clear difference."] }
    let winners = document.models.map(\.name).compactMap { name -> String? in
      let losers = clear.filter { $0.first == name }.map(\.second)
      return losers.isEmpty ? nil : "\(name) \(relation) \(list(losers))"
    }
    let rest = open.map { "\($0.first) and \($0.second) (\(NumberText.pValue($0.p)))" }
    return [
      start + winners.joined(separator: "; ") + "."
        + (rest.isEmpty ? "" : " No clear difference: \(rest.joined(separator: "; ")).")
    ]
  }

  // MARK: Other divisions and the choice

  /// What it means that a sweep has chosen the model.
  var choice: [String] {
    document.chosenFrom.map {
      [
        "It is the best of \($0) candidates of a sweep, which was judged on rows that include these test rows: "
          + "its scores are partly luck, and their intervals do not allow for that."
      ]
    } ?? []
  }

  /// How often which model is the best when the rows are divided again, the most frequent winner first.
  var divisions: [String] {
    guard let divisions = document.repeatedSplits, document.models.count > 1 else { return [] }
    let models = divisions.models.compactMap { model in
      model.wins[metric].map { (name: model.name, wins: $0) }
    }
    guard let total = models.first?.wins.divisions else { return [] }
    let ranked = models.enumerated().sorted {
      (-$0.element.wins.best, -$0.element.wins.near, $0.offset)
        < (-$1.element.wins.best, -$1.element.wins.near, $1.offset)
    }.map(\.element)
    let winners = ranked.filter { $0.wins.best > 0 }.enumerated().map { place, model in
      model.name
        + (place == 0
          ? " has the \(extreme) \(metricName) in \(model.wins.best) of \(total) divisions of the rows"
          : " in \(model.wins.best)")
        + near(model.wins, divisions.margin, isFirst: place == 0)
    }
    let others = ranked.filter { $0.wins.best == 0 }
    let close = others.filter { $0.wins.near > 0 }.map { model in
      model.name + " in none" + near(model.wins, divisions.margin, isFirst: false)
    }
    let far = others.filter { $0.wins.near == 0 }.map(\.name)
    return [
      (winners + close + (far.isEmpty ? [] : ["\(list(far)) in none"])).joined(separator: "; ")
        + "."
        + (total < divisions.count ? " (\(divisions.count) divisions were asked for.)" : "")
    ]
  }

  private func near(_ wins: Wins, _ margin: Double, isFirst: Bool) -> String {
    guard wins.near > 0 else { return "" }
    return ", within \(margin)\(isFirst ? " of the \(extreme)" : "") in \(wins.near)"
  }

  // MARK: Baseline and limits

  /// Always saying the most frequent class, and how often that is right.
  private var baselineName: String? {
    guard let baseline = document.baseline, let value = baseline.validation[.accuracy] else {
      return nil
    }
    return "always saying “\(baseline.className)” (\(NumberText.plain(value, digits: 4)))"
  }

  private var baselineTests: [BaselineTest] { document.statistics?.baseline ?? [] }

  /// Said with the answer where it is about accuracy.
  private var noneBeatsBaseline: String {
    guard metric == .accuracy, let name = baselineName, !baselineTests.isEmpty,
      baselineTests.allSatisfy({ $0.betterHolm >= Findings.level })
    else { return "" }
    return "No model is shown to beat \(name)."
  }

  var baseline: [String] {
    guard let name = baselineName, !baselineTests.isEmpty else { return [] }
    let better = baselineTests.filter { $0.betterHolm < Findings.level }.map(\.name)
    let worse = baselineTests.filter { $0.worseHolm < Findings.level }.map(\.name)
    let open = baselineTests.map(\.name).filter { !better.contains($0) && !worse.contains($0) }
    func part(_ names: [String], _ words: String) -> String? {
      names.isEmpty ? nil : "\(list(names)) \(names.count == 1 ? "is" : "are") \(words)"
    }
    let parts = [
      better.isEmpty
        ? "none is clearly better"
        : better.count == baselineTests.count && better.count > 1
          ? "every model is clearly better" : part(better, "clearly better"),
      better.isEmpty ? nil : part(open, "not"), part(worse, "worse"),
    ]
    return ["Compared with \(name): \(parts.compactMap { $0 }.joined(separator: "; "))."]
  }

  /// What it means that models make no mistake.
  var allRight: [String] {
    let perfect = document.models.filter { $0.validate.values[.accuracy] == 1 }
    guard let first = perfect.first,
      let lower = document.statistics?.intervals(of: first.name)?[.accuracy]?.interval?.lower
    else { return [] }
    // Rounded down: what is said is a lower limit.
    let scale = lower < 0.99 ? 100.0 : 10_000
    let share = NumberText.plain(
      (lower * scale).rounded(.down) / scale * 100, digits: lower < 0.99 ? 0 : 2)
    let count = first.validate.confusionMatrix.total
    return [
      "\(list(perfect.map(\.name))): \(count) of \(count) right; the true accuracy is probably at "
        + "least \(share) %."
    ]
  }

  private func gap(_ model: ComparisonDocument.ModelPart, _ metric: Metric) -> String? {
    model.validate.confusionMatrix.gap(for: metric, classNames: document.data.classes)
  }

  /// Which metrics are not defined for which models, and why; and why there is no interval for the
  /// ranking's.
  var gaps: [String] {
    var found: [(metrics: [String], why: String, models: [String])] = []
    for model in document.models {
      var own: [(metrics: [String], why: String)] = []
      for metric in Metric.shown(classCount: document.data.classes.count) {
        guard let why = gap(model, metric) else { continue }
        if let place = own.firstIndex(where: { $0.why == why }) {
          own[place].metrics.append(metric.title)
        } else {
          own.append(([metric.title], why))
        }
      }
      for (metrics, why) in own {
        if let place = found.firstIndex(where: { $0.why == why && $0.metrics == metrics }) {
          found[place].models.append(model.name)
        } else {
          found.append((metrics, why, [model.name]))
        }
      }
    }
    let undefined = found.map { metrics, why, models in
      "Not defined for \(list(models)): \(list(metrics)), because \(why)."
    }
    let withoutInterval = (document.statistics?.models ?? []).compactMap { model -> String? in
      guard let interval = model.validate[metric], interval.estimate != nil,
        let reason = interval.reason
      else { return nil }
      return "No interval for the \(metricName) of \(model.name): \(reason)."
    }
    let costs =
      metric == .cost && document.statistics != nil
      ? ["No interval for the cost per row: none was shown to hold as often as it says."] : []
    return undefined + withoutInterval + costs
  }

  var limits: [String] {
    guard let statistics = document.statistics else { return [] }
    let division = document.data.division
    if let groups = statistics.groups, let column = division?.group?.column {
      return [
        "Test rows of one \(column) are alike: intervals resample the \(groups) groups, and McNemar's, DeLong's "
          + "and the baseline's tests, which need independent rows, are left out."
      ] + ofOneSplit
    }
    if let time = division?.time {
      return [
        "The test rows are the last by \(time.column): intervals and tests take them for independent, and are too "
          + "sure where rows close in time are alike."
      ] + ofOneSplit
    }
    return ofOneSplit
  }

  private var ofOneSplit: [String] {
    guard document.crossValidation == nil, document.repeatedSplits == nil,
      document.data.division?.testData == nil
    else { return [] }
    return [
      "These results come from one train/test split; --cross-validate 10 shows how much another split "
        + "would change them."
    ]
  }

  // MARK: Words

  private var metricName: String {
    switch metric {
    case .f1, .rocAUC, .matthewsCorrelation, .weightedF1: metric.title
    case .balancedAccuracy: "balanced accuracy"
    case .cost: "cost per row"
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
