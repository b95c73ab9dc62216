import Evaluation
import Support

/// The baseline, and what the results do not say.
extension FindingsText {
  /// Always saying the most frequent class, and how often that is right.
  private var baselineName: String? {
    guard let baseline = document.baseline, let value = baseline.validation[.accuracy] else {
      return nil
    }
    return "always saying “\(baseline.className)” (\(NumberText.plain(value, digits: 4)))"
  }

  private var baselineTests: [BaselineTest] { document.statistics?.baseline ?? [] }

  /// Said with the answer where it is about accuracy.
  var noneBeatsBaseline: String {
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

  func gap(_ model: ComparisonDocument.ModelPart, _ metric: Metric) -> String? {
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
}
