import Evaluation
import Support

/// What the tests on the test rows and on the folds show.
extension FindingsText {
  /// The first is the one with the better value; the probability is corrected for the number of
  /// pairs.
  typealias Pair = (first: String, second: String, p: Double)

  static let fewerMistakes = "makes fewer mistakes than"
  var betterOrder: String {
    document.data.classes.count == 2
      ? "puts positive rows above negative ones more often than"
      : "puts rows of a class above others more often than"
  }
  var foldRelation: String {
    "has a \(metric.higherIsBetter ? "higher" : "lower") \(metricName) than"
  }

  var mcNemarPairs: [Pair] {
    (document.statistics?.pairs ?? []).map { pair in
      pair.mcNemar.firstOnly >= pair.mcNemar.secondOnly
        ? (pair.first, pair.second, pair.mcNemarHolm)
        : (pair.second, pair.first, pair.mcNemarHolm)
    }
  }

  var deLongPairs: [Pair] {
    (document.statistics?.pairs ?? []).compactMap { pair in
      guard let test = pair.deLong, let p = pair.deLongHolm else { return nil }
      return test.difference >= 0 ? (pair.first, pair.second, p) : (pair.second, pair.first, p)
    }
  }

  var foldPairs: [Pair] {
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
}
