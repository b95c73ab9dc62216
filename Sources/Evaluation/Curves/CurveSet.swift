public import LinearAlgebra

/// The ROC curves of one model: one for two classes, one per class against the rest for more.
public struct CurveSet: Hashable, Sendable {
  /// Each curve with the name of the class that is positive in it.
  public let curves: [NamedCurve]

  public struct NamedCurve: Hashable, Sendable {
    public let className: String
    public let curve: ROCCurve
  }

  /// The curves of probabilities or other scores, one column per class.
  public init(actual: [Int], scores: Matrix, classNames: [String]) {
    self.init(actual: actual, classNames: classNames) { label in
      (0..<scores.rowCount).map { scores[$0, label] }
    }
  }

  /// The curves of predicted labels, which have one point between the corners.
  public init(actual: [Int], predicted: [Int], classNames: [String]) {
    self.init(actual: actual, classNames: classNames) { label in
      predicted.map { $0 == label ? 1 : 0 }
    }
  }

  private init(actual: [Int], classNames: [String], scores: (Int) -> [Double]) {
    let positives = classNames.count == 2 ? 1..<2 : 0..<classNames.count
    curves = positives.map { label in
      NamedCurve(
        className: classNames[label],
        curve: ROCCurve(isPositive: actual.map { $0 == label }, scores: scores(label)))
    }
  }
}
