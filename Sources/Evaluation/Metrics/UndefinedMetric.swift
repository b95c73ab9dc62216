extension ConfusionMatrix {
  /// Why a metric is not defined for these samples: its denominator is zero; `nil` where it is
  /// defined.
  ///
  /// Two classes: precision needs a sample that was predicted positive, recall one that is
  /// positive, F1 either, and balanced accuracy one of each class. Beyond two, these are means, in
  /// which such a class counts as 0.
  public func gap(for metric: Metric, classNames: [String]) -> String? {
    guard total > 0 else { return "there is no row" }
    let sizes = actualCounts
    let guesses = predictedCounts
    let isBinary = classCount == 2
    /// The class that an only one of several counts is of.
    func only(_ counts: [Int]) -> String? {
      counts.firstIndex(of: total).map { "“\(classNames[$0])”" }
    }
    func missing() -> String? {
      sizes.firstIndex(of: 0).map { "no row is “\(classNames[$0])”" }
    }
    switch metric {
    case .accuracy, .logLoss, .cost, .weightedPrecision, .weightedRecall, .weightedF1: return nil
    case .precision where isBinary:
      return guesses[1] == 0 ? "no row is predicted as “\(classNames[1])”" : nil
    case .recall where isBinary: return sizes[1] == 0 ? "no row is “\(classNames[1])”" : nil
    case .f1 where isBinary:
      return guesses[1] + sizes[1] == 0
        ? "no row is “\(classNames[1])”, and none is predicted as it" : nil
    case .balancedAccuracy where isBinary: return missing()
    case .precision, .recall, .f1, .balancedAccuracy: return nil
    case .rocAUC: return classCount > 1 ? missing() : "there is one class only"
    case .matthewsCorrelation:
      if let name = only(sizes) { return "all rows are \(name)" }
      return only(guesses).map { "all rows are predicted as \($0)" }
    case .cohenKappa:
      guard let name = only(sizes), only(guesses) == name else { return nil }
      return "all rows are \(name), and are predicted as it"
    }
  }
}
