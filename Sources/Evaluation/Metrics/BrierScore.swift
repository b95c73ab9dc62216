public import LinearAlgebra

/// How far probabilities are from what happened, squared: 0 is perfect.
///
/// - SeeAlso: Brier, "Verification of forecasts expressed in terms of probability", 1950,
///   doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
public enum BrierScore {
  /// The mean squared distance of the probabilities from 1 for the true class and 0 for others:
  /// with two classes that of the second one's probability, with more the sum over the classes, as
  /// scikit-learn's `brier_score_loss` has it.
  ///
  /// - Parameters:
  ///   - actual: the true class of each sample; `nil` is returned where there is none.
  ///   - probabilities: one row per sample, one column per class.
  public static func of(actual: [Int], probabilities: Matrix) -> Double? {
    guard !actual.isEmpty else { return nil }
    let classes = probabilities.columnCount == 2 ? 1..<2 : 0..<probabilities.columnCount
    let sum = actual.enumerated().reduce(0.0) { sum, row in
      classes.reduce(sum) { sum, label in
        let distance = probabilities[row.offset, label] - (row.element == label ? 1 : 0)
        return sum + distance * distance
      }
    }
    return sum / Double(actual.count)
  }
}
