#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

extension Criterion {
  /// The impurity of a node whose classes weigh `weight(0) … weight(classCount − 1)`, `total` together.
  ///
  ///     gini = 1 − Σ (wₖ/w)²        entropy = −Σ wₖ/w · log₂(wₖ/w)
  ///
  /// The order of operations is scikit-learn's, so that equal splits stay equal to the last bit.
  @inline(__always)
  func impurity(classCount: Int, total: Double, weight: (Int) -> Double) -> Double {
    switch self {
    case .gini:
      var squares = 0.0
      for index in 0..<classCount {
        let classWeight = weight(index)
        squares += classWeight * classWeight
      }
      return 1 - squares / (total * total)
    case .entropy, .logLoss:
      var entropy = 0.0
      for index in 0..<classCount {
        let classWeight = weight(index)
        guard classWeight > 0 else { continue }
        let share = classWeight / total
        entropy -= share * (log(share) / log(2.0))
      }
      return entropy
    }
  }
}
