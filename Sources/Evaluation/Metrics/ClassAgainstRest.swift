public import LinearAlgebra

/// A question with two answers taken from predictions of several classes: whether each sample is one
/// of the positive ones, and how probable that was said to be.
public struct ClassAgainstRest: Hashable, Sendable {
  public let isPositive: [Bool]
  public let scores: [Double]

  /// Whether a sample is of one class.
  ///
  /// - Parameters:
  ///   - actual: the true class of each sample.
  ///   - probabilities: one row per sample, one column per class.
  public init(of label: Int, actual: [Int], probabilities: Matrix) {
    precondition(probabilities.rowCount == actual.count, "one row of probabilities per sample")
    isPositive = actual.map { $0 == label }
    scores = probabilities.column(label)
  }

  /// Whether the prediction is right, by the probability of the predicted class.
  public init(predicted: [Int], actual: [Int], probabilities: Matrix) {
    precondition(probabilities.rowCount == actual.count, "one row of probabilities per sample")
    precondition(predicted.count == actual.count, "one prediction per sample")
    isPositive = zip(actual, predicted).map { $0 == $1 }
    scores = predicted.indices.map { probabilities[$0, predicted[$0]] }
  }

  /// The share of the samples that are positive.
  public var prevalence: Double {
    guard !isPositive.isEmpty else { return 0 }
    var count = 0
    for positive in isPositive where positive { count += 1 }
    return Double(count) / Double(isPositive.count)
  }
}

extension Matrix {
  /// The elements of one column, from the first row down.
  public func column(_ index: Int) -> [Double] {
    precondition(0 <= index && index < columnCount, "there is no column \(index)")
    return elements.withUnsafeBufferPointer { elements in
      (0..<rowCount).map { elements[$0 * columnCount + index] }
    }
  }
}
