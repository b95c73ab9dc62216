import Evaluation
import Support

/// Which model is the best, and how sure that is.
extension FindingsText {
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

  /// The test that fits the metric, what it shows, and of which pairs.
  private var ranking: (test: String, relation: String, pairs: [Pair]) {
    if isByFolds { return ("corrected t-test on the folds", foldRelation, foldPairs) }
    switch metric {
    case .accuracy: return ("McNemar's test", Self.fewerMistakes, mcNemarPairs)
    case .rocAUC: return ("DeLong's test", betterOrder, deLongPairs)
    default: return ("", "", [])
    }
  }
}
