#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A class's samples within a node: how many rows, and what they weigh together.
///
/// One addition updates both: rows are counted in the upper half, weights (bootstrap draws) in the
/// lower.
typealias Tally = UInt64

extension Tally {
  init(rows: Int, draws: Int) { self = UInt64(rows) << 32 | UInt64(draws) }
  var rows: Int { Int(self >> 32) }
  var draws: Int { Int(self & 0xffff_ffff) }
}

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

/// Scores the splits of one node while samples move from its right side to its left.
protocol SplitScorer {
  /// The number of classes, where the scorer knows no other.
  static var fixedClassCount: Int? { get }
  /// Moves everything back to the right.
  mutating func reset()
  mutating func moveLeft(_ tally: Tally, ofClass index: Int)
  var leftRows: Int { get }
  var leftWeight: Double { get }
  var rightWeight: Double { get }
  /// Grows with the decrease of impurity, with the terms left out that all splits of a node share:
  /// −w₂·impurity₂ − w₁·impurity₁.
  var score: Double { get }
}

/// Gini for two classes and whole weights.
struct BinaryGiniScorer: SplitScorer {
  @inline(__always) static var fixedClassCount: Int? { 2 }
  private let total0: Tally
  private let total1: Tally
  private var left0: Tally = 0
  private var left1: Tally = 0

  init(_ totals: UnsafePointer<Tally>) {
    total0 = totals[0]
    total1 = totals[1]
  }

  @inline(__always)
  mutating func reset() {
    left0 = 0
    left1 = 0
  }

  @inline(__always)
  mutating func moveLeft(_ tally: Tally, ofClass index: Int) {
    let second = tally & (0 &- UInt64(truncatingIfNeeded: index))
    left1 &+= second
    left0 &+= tally &- second
  }

  @inline(__always) var leftRows: Int { (left0 &+ left1).rows }
  @inline(__always) var leftWeight: Double { Double((left0 &+ left1).draws) }
  @inline(__always) var rightWeight: Double {
    Double((total0 &+ total1 &- left0 &- left1).draws)
  }

  @inline(__always) var score: Double {
    let first = SIMD2(Double(left0.draws), Double((total0 &- left0).draws))
    let second = SIMD2(Double(left1.draws), Double((total1 &- left1).draws))
    let weights = first + second
    let impurities = 1 - (first * first + second * second) / (weights * weights)
    let costs = weights * impurities
    return -costs.y - costs.x
  }
}

/// Gini for any number of classes and whole weights; sums of squares are kept up to date exactly.
struct GiniScorer: SplitScorer {
  static var fixedClassCount: Int? { nil }
  private let totals: UnsafePointer<Tally>
  private let left: UnsafeMutablePointer<Tally>
  private let classCount: Int
  private let totalTally: Tally
  private let totalSquares: Int
  private var leftTally: Tally = 0
  private var leftSquares = 0
  private var rightSquares = 0

  init(
    _ totals: UnsafePointer<Tally>, left: UnsafeMutablePointer<Tally>, classCount: Int
  ) {
    self.totals = totals
    self.left = left
    self.classCount = classCount
    var tally: Tally = 0
    var squares = 0
    for index in 0..<classCount {
      tally &+= totals[index]
      squares += totals[index].draws * totals[index].draws
    }
    totalTally = tally
    totalSquares = squares
  }

  mutating func reset() {
    left.update(repeating: 0, count: classCount)
    leftTally = 0
    leftSquares = 0
    rightSquares = totalSquares
  }

  @inline(__always)
  mutating func moveLeft(_ tally: Tally, ofClass index: Int) {
    let draws = tally.draws
    let before = left[index].draws
    let rest = totals[index].draws &- before
    leftSquares &+= draws &* (2 &* before &+ draws)
    rightSquares &-= draws &* (2 &* rest &- draws)
    left[index] &+= tally
    leftTally &+= tally
  }

  @inline(__always) var leftRows: Int { leftTally.rows }
  @inline(__always) var leftWeight: Double { Double(leftTally.draws) }
  @inline(__always) var rightWeight: Double { Double((totalTally &- leftTally).draws) }

  @inline(__always) var score: Double {
    let leftWeight = self.leftWeight
    let rightWeight = self.rightWeight
    let leftImpurity = 1 - Double(leftSquares) / (leftWeight * leftWeight)
    let rightImpurity = 1 - Double(rightSquares) / (rightWeight * rightWeight)
    return -rightWeight * rightImpurity - leftWeight * leftImpurity
  }
}

/// Every criterion, any number of classes, classes that weigh differently.
struct GeneralScorer: SplitScorer {
  static var fixedClassCount: Int? { nil }
  private let criterion: Criterion
  private let totals: UnsafePointer<Tally>
  private let left: UnsafeMutablePointer<Tally>
  private let classWeights: UnsafePointer<Double>
  private let classCount: Int
  private(set) var leftRows = 0

  init(
    _ criterion: Criterion, _ totals: UnsafePointer<Tally>, left: UnsafeMutablePointer<Tally>,
    classWeights: UnsafePointer<Double>, classCount: Int
  ) {
    self.criterion = criterion
    self.totals = totals
    self.left = left
    self.classWeights = classWeights
    self.classCount = classCount
  }

  mutating func reset() {
    left.update(repeating: 0, count: classCount)
    leftRows = 0
  }

  mutating func moveLeft(_ tally: Tally, ofClass index: Int) {
    left[index] &+= tally
    leftRows &+= tally.rows
  }

  private func leftClass(_ index: Int) -> Double { Double(left[index].draws) * classWeights[index] }
  private func rightClass(_ index: Int) -> Double {
    Double((totals[index] &- left[index]).draws) * classWeights[index]
  }

  var leftWeight: Double { (0..<classCount).reduce(0) { $0 + leftClass($1) } }
  var rightWeight: Double { (0..<classCount).reduce(0) { $0 + rightClass($1) } }

  var score: Double {
    let leftWeight = self.leftWeight
    let rightWeight = self.rightWeight
    let leftImpurity = criterion.impurity(
      classCount: classCount, total: leftWeight, weight: leftClass)
    let rightImpurity = criterion.impurity(
      classCount: classCount, total: rightWeight, weight: rightClass)
    return -rightWeight * rightImpurity - leftWeight * leftImpurity
  }
}
