import Evaluation

extension Metric {
  /// The metric as a column of a report, explained for a table of these classes.
  func column(classNames: [String]) -> MetricColumn {
    MetricColumn(
      key: rawValue, title: title,
      explanation: explanation(positive: classNames.count == 2 ? classNames[1] : nil),
      higherIsBetter: higherIsBetter)
  }

  /// What the metric means, in a sentence.
  ///
  /// - Parameter positive: the class that it is about where there are two.
  private func explanation(positive: String?) -> String {
    let mean = positive == nil ? ", the plain mean over the classes" : ""
    let this = positive.map { "“\($0)”" } ?? "a class"
    return switch self {
    case .accuracy: "The share of rows that are predicted correctly."
    case .precision: "Of the rows predicted as \(this), the share that is\(mean)."
    case .recall: "Of the rows that are \(this), the share that is found\(mean)."
    case .f1: "The harmonic mean of precision and recall\(mean)."
    case .balancedAccuracy: "The mean recall of the classes: each class counts the same."
    case .matthewsCorrelation:
      "Matthews' correlation of actual and predicted classes: 1 is perfect, 0 is guessing."
    case .cohenKappa: "Cohen's kappa: agreement beyond chance; 1 is perfect, 0 is guessing."
    case .rocAUC:
      "The chance that a row of \(this) gets a higher probability of it than another row\(mean)."
    case .logLoss:
      "The mean negative logarithm of the probability given to the actual class; 0 is perfect."
    case .weightedPrecision: "Precision, the mean over the classes weighted by their sizes."
    case .weightedRecall: "Recall, the mean over the classes weighted by their sizes."
    case .weightedF1: "F1, the mean over the classes weighted by their sizes."
    }
  }
}
