import Evaluation
import Support

/// The sentences of the findings.
struct FindingsText {
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

  var metricName: String {
    switch metric {
    case .f1, .rocAUC, .matthewsCorrelation, .weightedF1: metric.title
    case .balancedAccuracy: "balanced accuracy"
    case .cost: "cost per row"
    default: metric.title.lowercased()
    }
  }

  func capitalised(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  /// `a`, `a and b`, `a, b and c`.
  func list(_ words: [String]) -> String {
    guard words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + (words.last ?? "")
  }

  var extreme: String { metric.higherIsBetter ? "highest" : "lowest" }
}
