/// Scores the splits of one node while samples move from its right side to its left.
///
/// Weights are whole numbers here. The score equals scikit-learn's to the last bit, since a last bit may decide between
/// equally good splits. But it takes divisions (or logarithms), and nearly all splits are worse than the best so far by
/// more than rounding. So each scorer has a bar, slightly below the best score so far, and a cheap test without
/// divisions whether a split may reach it. Only splits that pass are scored.
///
/// Score and test each have an error below 2⁻⁵⁰ times the node's weight; the bar is 2⁻⁴⁸ times the node's weight below
/// the best score, so every split with a higher score passes the test.
protocol SplitScorer {
  /// The number of classes, if the scorer is made for one number.
  static var fixedClassCount: Int? { get }
  /// Moves everything back to the right side.
  mutating func reset()
  mutating func moveLeft(_ weight: UInt32, ofClass index: Int)
  /// False only if the score is below the bar or a side is empty.
  var mayPassBar: Bool { get }
  /// For two classes: moves the weights of two ranks, unless one of the splits before them may pass the bar;
  /// returns whether they were moved.
  ///
  /// - Parameter cells: the weights of the first rank's two classes, then those of the second rank's.
  mutating func moveLeftUnlessPassing(_ cells: SIMD4<UInt32>) -> Bool
  /// Whether the scores of many splits can be bounded at once; two classes are then moved as pairs of weights.
  static var hasBound: Bool { get }
  /// The weights of the two classes on the left side.
  var leftPair: SIMD2<Double> { get set }
  /// False only if none of the splits that move these weights or a part of them to the left side may pass the bar.
  func mayPassBar(movingUpTo weights: SIMD2<Double>) -> Bool
  /// Sets the bar slightly below this score.
  mutating func setBar(below score: Double)
  /// The decrease of impurity without the terms that all splits of a node share: −w₂·impurity₂ − w₁·impurity₁.
  var score: Double { get }
  var leftWeight: Double { get }
  var rightWeight: Double { get }
  /// Writes the classes' weights on the left side.
  func copyLeft(to weights: UnsafeMutablePointer<Double>)
}

extension SplitScorer {
  mutating func moveLeftUnlessPassing(_ cells: SIMD4<UInt32>) -> Bool { false }
  static var hasBound: Bool { false }
  var leftPair: SIMD2<Double> {
    get { .zero }
    set {}
  }
  func mayPassBar(movingUpTo weights: SIMD2<Double>) -> Bool { true }
}

/// The distance of the bar from the best score, as a share of the node's weight.
private let barMargin = 0x1p-48

/// Gini for two classes.
///
/// Of an impurity 1 − (a² + b²)/w² with w = a + b, the side's share in the score is −2ab/w.
struct BinaryGiniScorer: SplitScorer {
  @inline(__always) static var fixedClassCount: Int? { 2 }
  @inline(__always) static var hasBound: Bool { true }
  private let total: SIMD2<Double>
  private var left: SIMD2<Double> = .zero
  /// The upper limit of Σ ab/w.
  private var bar: Double

  init(_ totals: UnsafePointer<Double>) {
    total = SIMD2(totals[0], totals[1])
    bar = total.x + total.y
  }

  @inline(__always)
  mutating func reset() { left = .zero }

  @inline(__always)
  mutating func moveLeft(_ weight: UInt32, ofClass index: Int) {
    let weight = Double(Int(weight))
    left += SIMD2(index == 0 ? weight : 0, index == 0 ? 0 : weight)
  }

  @inline(__always) var mayPassBar: Bool {
    let right = total - left
    let leftWeight = left.x + left.y
    let rightWeight = right.x + right.y
    return left.x * left.y * rightWeight + right.x * right.y * leftWeight
      < bar * (leftWeight * rightWeight)
  }

  @inline(__always)
  mutating func moveLeftUnlessPassing(_ cells: SIMD4<UInt32>) -> Bool {
    // Weights are below 2³¹, so they can be converted as signed numbers, which is faster.
    let signed = SIMD4<Int32>(truncatingIfNeeded: cells)
    let before = left
    let between = before + SIMD2<Double>(signed.lowHalf)
    // The two splits side by side: first class, second class, both.
    let left0 = SIMD2(before.x, between.x)
    let left1 = SIMD2(before.y, between.y)
    let leftWeight = left0 + left1
    let right0 = total.x - left0
    let right1 = total.y - left1
    let rightWeight = right0 + right1
    let margin =
      bar * (leftWeight * rightWeight)
      - (left0 * left1 * rightWeight + right0 * right1 * leftWeight)
    if max(margin.x, margin.y) > 0 { return false }
    left = between + SIMD2<Double>(signed.highHalf)
    return true
  }

  @inline(__always)
  var leftPair: SIMD2<Double> {
    get { left }
    set { left = newValue }
  }

  /// A side's share ab/w is a concave function of a and b, and so is the sum of both sides: over all parts of the
  /// weights it is least where each class moves as a whole or not at all. These four splits are tested.
  @inline(__always)
  func mayPassBar(movingUpTo weights: SIMD2<Double>) -> Bool {
    let after = left + weights
    // None and both, then one class each.
    let left0 = SIMD4(left.x, after.x, left.x, after.x)
    let left1 = SIMD4(left.y, after.y, after.y, left.y)
    let right0 = total.x - left0
    let right1 = total.y - left1
    let leftWeight = left0 + left1
    let rightWeight = right0 + right1
    let margin =
      bar * (leftWeight * rightWeight)
      - (left0 * left1 * rightWeight + right0 * right1 * leftWeight)
    let larger = pointwiseMax(margin.lowHalf, margin.highHalf)
    return max(larger.x, larger.y) > 0
  }

  mutating func setBar(below score: Double) {
    bar = (barMargin * (total.x + total.y) - score) / 2
  }

  var score: Double {
    let right = total - left
    let first = SIMD2(left.x, right.x)
    let second = SIMD2(left.y, right.y)
    let weights = first + second
    let impurities = 1 - (first * first + second * second) / (weights * weights)
    let costs = weights * impurities
    return -costs.y - costs.x
  }

  var leftWeight: Double { left.x + left.y }
  var rightWeight: Double { total.x + total.y - leftWeight }

  func copyLeft(to weights: UnsafeMutablePointer<Double>) {
    weights[0] = left.x
    weights[1] = left.y
  }
}

/// Gini for any number of classes; sums of squares are kept up to date exactly.
///
/// Of an impurity 1 − s/w² with s the sum of squared class weights, the score is Σ s/w less the node's
/// weight.
struct GiniScorer: SplitScorer {
  static var fixedClassCount: Int? { nil }
  private let totals: UnsafePointer<Double>
  private let left: UnsafeMutablePointer<Int>
  private let classCount: Int
  private let totalWeight: Int
  private let totalSquares: Int
  private var leftSum = 0
  private var leftSquares = 0
  private var rightSquares = 0
  /// The lower limit of Σ s/w.
  private var bar = -1.0

  /// - Parameter left: scratch memory for `classCount` numbers.
  init(_ totals: UnsafePointer<Double>, left: UnsafeMutablePointer<Int>, classCount: Int) {
    self.totals = totals
    self.left = left
    self.classCount = classCount
    var weight = 0
    var squares = 0
    for index in 0..<classCount {
      weight += Int(totals[index])
      squares += Int(totals[index]) * Int(totals[index])
    }
    totalWeight = weight
    totalSquares = squares
  }

  mutating func reset() {
    left.update(repeating: 0, count: classCount)
    leftSum = 0
    leftSquares = 0
    rightSquares = totalSquares
  }

  @inline(__always)
  mutating func moveLeft(_ weight: UInt32, ofClass index: Int) {
    let weight = Int(weight)
    let before = left[index]
    let rest = Int(totals[index]) &- before
    leftSquares &+= weight &* (2 &* before &+ weight)
    rightSquares &-= weight &* (2 &* rest &- weight)
    left[index] = before &+ weight
    leftSum &+= weight
  }

  @inline(__always) var mayPassBar: Bool {
    let left = leftWeight
    let right = rightWeight
    return Double(leftSquares) * right + Double(rightSquares) * left > bar * (left * right)
  }

  mutating func setBar(below score: Double) {
    bar = score + Double(totalWeight) * (1 - barMargin)
  }

  var score: Double {
    let leftWeight = self.leftWeight
    let rightWeight = self.rightWeight
    let leftImpurity = 1 - Double(leftSquares) / (leftWeight * leftWeight)
    let rightImpurity = 1 - Double(rightSquares) / (rightWeight * rightWeight)
    return -rightWeight * rightImpurity - leftWeight * leftImpurity
  }

  @inline(__always) var leftWeight: Double { Double(leftSum) }
  @inline(__always) var rightWeight: Double { Double(totalWeight &- leftSum) }

  func copyLeft(to weights: UnsafeMutablePointer<Double>) {
    for index in 0..<classCount { weights[index] = Double(left[index]) }
  }
}

/// Any criterion, for any number of classes: every split is scored by the formula.
struct PlainScorer<Measure: Impurity>: SplitScorer {
  static var fixedClassCount: Int? { nil }
  private let totals: UnsafePointer<Double>
  private let left: UnsafeMutablePointer<Int>
  private let classCount: Int
  private let totalWeight: Int
  private var leftSum = 0

  /// - Parameter left: scratch memory for `classCount` numbers.
  init(_ totals: UnsafePointer<Double>, left: UnsafeMutablePointer<Int>, classCount: Int) {
    self.totals = totals
    self.left = left
    self.classCount = classCount
    totalWeight = (0..<classCount).reduce(0) { $0 + Int(totals[$1]) }
  }

  mutating func reset() {
    left.update(repeating: 0, count: classCount)
    leftSum = 0
  }

  mutating func moveLeft(_ weight: UInt32, ofClass index: Int) {
    left[index] &+= Int(weight)
    leftSum &+= Int(weight)
  }

  var mayPassBar: Bool { leftSum > 0 && leftSum < totalWeight }
  mutating func setBar(below score: Double) {}

  var score: Double {
    let leftImpurity = Measure.impurity(classCount: classCount, total: leftWeight) {
      Double(left[$0])
    }
    let rightImpurity = Measure.impurity(classCount: classCount, total: rightWeight) {
      totals[$0] - Double(left[$0])
    }
    return -rightWeight * rightImpurity - leftWeight * leftImpurity
  }

  var leftWeight: Double { Double(leftSum) }
  var rightWeight: Double { Double(totalWeight &- leftSum) }

  func copyLeft(to weights: UnsafeMutablePointer<Double>) {
    for index in 0..<classCount { weights[index] = Double(left[index]) }
  }
}
