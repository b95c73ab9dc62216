#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The impurity of a node's classes: 0 if all samples are of one class.
///
/// A new criterion is a type here and a case of ``Criterion``; no `switch` over the cases has a `default`,
/// so the compiler names the places to change.
protocol Impurity {
  /// The impurity of a node whose classes weigh `weight(0) … weight(classCount − 1)`, `total` together.
  ///
  /// The order of operations is scikit-learn's, so that results are equal to the last bit.
  static func impurity(classCount: Int, total: Double, weight: (Int) -> Double) -> Double
}

/// 1 − Σ (wₖ/w)²
enum Gini: Impurity {
  @inline(__always)
  static func impurity(classCount: Int, total: Double, weight: (Int) -> Double) -> Double {
    var squares = 0.0
    for index in 0..<classCount {
      let classWeight = weight(index)
      squares += classWeight * classWeight
    }
    return 1 - squares / (total * total)
  }
}

/// −Σ wₖ/w · log₂(wₖ/w)
enum Entropy: Impurity {
  @inline(__always)
  static func impurity(classCount: Int, total: Double, weight: (Int) -> Double) -> Double {
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

extension Criterion {
  /// The criterion's impurity of a node; see ``Impurity/impurity(classCount:total:weight:)``.
  @inline(__always)
  func impurity(classCount: Int, total: Double, weight: (Int) -> Double) -> Double {
    switch self {
    case .gini: Gini.impurity(classCount: classCount, total: total, weight: weight)
    case .entropy, .logLoss:
      Entropy.impurity(classCount: classCount, total: total, weight: weight)
    }
  }
}
