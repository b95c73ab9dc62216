/// Where a node is cut in two.
struct Split {
  var feature: Int
  /// Samples whose value is at most this go left.
  var threshold: Double
  /// The highest rank that goes left.
  var lastLeftRank: Int
}

extension TreeGrower {
  /// The best split among the features that the node happens to draw.
  ///
  /// Features are drawn without replacement until `candidateFeatures` were looked at and at least one
  /// of them was not constant. The order of `featureOrder` is:
  ///
  ///     drawn constant | known constant | found constant | not drawn yet | drawn, not constant
  ///
  /// - Parameter constantCount: how many leading features of `constantFeatures` are known to be
  ///   constant in this node; grows by those that were found.
  @_specialize(where Rank == UInt16)
  @_specialize(where Rank == UInt32)
  func searchSplit(_ range: Range<Int>, constantCount: inout Int) -> Split? {
    if weighsClasses || rules.criterion != .gini {
      let scorer = GeneralScorer(
        rules.criterion, nodeTallies, left: leftTallies, classWeights: classWeights,
        classCount: classCount)
      return searchSplit(range, scorer: scorer, constantCount: &constantCount)
    }
    if classCount == 2 {
      return searchSplit(
        range, scorer: BinaryGiniScorer(nodeTallies), constantCount: &constantCount)
    }
    let scorer = GiniScorer(nodeTallies, left: leftTallies, classCount: classCount)
    return searchSplit(range, scorer: scorer, constantCount: &constantCount)
  }

  @inline(__always)
  private func searchSplit<Scorer: SplitScorer>(
    _ range: Range<Int>, scorer: Scorer, constantCount: inout Int
  ) -> Split? {
    var scorer = scorer
    var best: Split?
    var bestScore = -Double.infinity
    let knownConstants = constantCount
    var foundConstants = 0
    var drawnConstants = 0
    var visited = 0
    var undrawnEnd = features.featureCount
    while undrawnEnd > knownConstants + foundConstants,
      visited < rules.candidateFeatures || visited <= foundConstants + drawnConstants
    {
      visited += 1
      var drawn = random.next(in: drawnConstants..<(undrawnEnd - foundConstants))
      if drawn < knownConstants {
        featureOrder.swapAt(drawnConstants, drawn)
        drawnConstants += 1
        continue
      }
      drawn += foundConstants
      let feature = featureOrder[drawn]
      let isConstant =
        rules.splitter == .best
        ? tryEveryThreshold(
          range, feature: feature, scorer: &scorer, best: &best, bestScore: &bestScore)
        : tryRandomThreshold(
          range, feature: feature, scorer: &scorer, best: &best, bestScore: &bestScore)
      if isConstant {
        featureOrder.swapAt(drawn, knownConstants + foundConstants)
        foundConstants += 1
      } else {
        undrawnEnd -= 1
        featureOrder.swapAt(undrawnEnd, drawn)
      }
    }
    // Siblings and children must find the known constants in the order they had.
    for index in 0..<knownConstants { featureOrder[index] = constantFeatures[index] }
    for index in knownConstants..<(knownConstants + foundConstants) {
      constantFeatures[index] = featureOrder[index]
    }
    constantCount = knownConstants + foundConstants
    return best
  }

  /// Whether leaves need checking: by default every split leaves enough on both sides.
  private var limitsLeaves: Bool { rules.minimumLeafSize > 1 || minimumLeafWeight > 0 }

  @inline(__always)
  private func allows<Scorer: SplitScorer>(_ scorer: Scorer, rowCount: Int) -> Bool {
    scorer.leftRows >= rules.minimumLeafSize
      && rowCount - scorer.leftRows >= rules.minimumLeafSize
      && !(scorer.leftWeight < minimumLeafWeight) && !(scorer.rightWeight < minimumLeafWeight)
  }

  /// Scores every threshold of one feature and keeps the first of the best.
  ///
  /// - Returns: whether the feature is constant in the node.
  @inline(__always)
  private func tryEveryThreshold<Scorer: SplitScorer>(
    _ range: Range<Int>, feature: Int, scorer: inout Scorer, best: inout Split?,
    bestScore: inout Double
  ) -> Bool {
    scorer.reset()
    return features.ranks.withUnsafeBufferPointer { ranks in
      features.values[feature].withUnsafeBufferPointer { values in
        let column = ranks.baseAddress! + feature * features.sampleCount
        var sweep = Sweep(
          feature: feature, values: values.baseAddress!, rowCount: range.count,
          limitsLeaves: limitsLeaves, best: best, bestScore: bestScore)
        // Counting costs a visit to every rank; with few rows sorting them is cheaper.
        if range.count * 8 >= values.count {
          countRanks(range, column: column, rankCount: values.count, &scorer, &sweep)
        } else {
          sortRows(range, column: column, rankCount: values.count, &scorer, &sweep)
        }
        best = sweep.best
        bestScore = sweep.bestScore
        return values[sweep.last] <= values[sweep.first] + Self.smallestGap
      }
    }
  }

  /// The passage through one feature's values in ascending order.
  private struct Sweep {
    let feature: Int
    let values: UnsafePointer<Float>
    let rowCount: Int
    let limitsLeaves: Bool
    var best: Split?
    var bestScore: Double
    /// The lowest rank that occurs, and the highest so far.
    var first = -1
    var last = -1
  }

  /// Before rank `rank` moves left: scores the threshold between it and the rank before.
  @inline(__always)
  private func reach<Scorer: SplitScorer>(_ rank: Int, _ scorer: Scorer, _ sweep: inout Sweep) {
    if sweep.last < 0 {
      sweep.first = rank
    } else if sweep.values[rank] > sweep.values[sweep.last] + Self.smallestGap,
      !sweep.limitsLeaves || allows(scorer, rowCount: sweep.rowCount)
    {
      let score = scorer.score
      if score > sweep.bestScore {
        sweep.bestScore = score
        sweep.best = Split(
          feature: sweep.feature,
          threshold: Double(sweep.values[sweep.last]) / 2 + Double(sweep.values[rank]) / 2,
          lastLeftRank: sweep.last)
      }
    }
    sweep.last = rank
  }

  @inline(__always)
  private func countRanks<Scorer: SplitScorer>(
    _ range: Range<Int>, column: UnsafePointer<Rank>, rankCount: Int, _ scorer: inout Scorer,
    _ sweep: inout Sweep
  ) {
    let classCount = Scorer.fixedClassCount ?? self.classCount
    let histogram = self.histogram
    let samples = self.samples
    let payloads = self.payloads
    for position in range {
      let row = Int(samples[position])
      let payload = payloads[row]
      histogram[Int(column[row]) &* classCount &+ Int(payload >> 26)] &+=
        1 << 32 | payload & 0x3ff_ffff
    }
    var rank = 0
    var rowsLeft = range.count
    while rowsLeft > 0 {
      let cells = histogram + rank &* classCount
      var all: Tally = 0
      for index in 0..<classCount { all &+= cells[index] }
      if all != 0 {
        reach(rank, scorer, &sweep)
        for index in 0..<classCount {
          scorer.moveLeft(cells[index], ofClass: index)
          cells[index] = 0
        }
        rowsLeft &-= all.rows
      }
      rank &+= 1
    }
  }

  @inline(__always)
  private func sortRows<Scorer: SplitScorer>(
    _ range: Range<Int>, column: UnsafePointer<Rank>, rankCount: Int, _ scorer: inout Scorer,
    _ sweep: inout Sweep
  ) {
    let keys = sortKeys
    let count = range.count
    let start = range.lowerBound
    if count <= 32 {
      for index in 0..<count {
        let row = Int(samples[start &+ index])
        let key = UInt64(truncatingIfNeeded: column[row]) << 38 | payloads[row]
        var hole = index
        while hole > 0, keys[hole &- 1] > key {
          keys[hole] = keys[hole &- 1]
          hole &-= 1
        }
        keys[hole] = key
      }
    } else {
      for index in 0..<count {
        let row = Int(samples[start &+ index])
        keys[index] = UInt64(truncatingIfNeeded: column[row]) << 38 | payloads[row]
      }
      let rankBits = Int.bitWidth - (rankCount - 1).leadingZeroBitCount
      RadixSort.sort(
        keys, spare: spareKeys, count: count, bits: 38..<(38 + max(1, rankBits)),
        starts: digitStarts)
    }
    for index in 0..<count {
      let key = keys[index]
      let rank = Int(key >> 38)
      if rank != sweep.last { reach(rank, scorer, &sweep) }
      scorer.moveLeft(
        1 << 32 | key & 0x3ff_ffff, ofClass: Int(key >> 26 & 0xfff))
    }
  }

  /// Scores one random threshold of one feature.
  ///
  /// - Returns: whether the feature is constant in the node.
  private func tryRandomThreshold<Scorer: SplitScorer>(
    _ range: Range<Int>, feature: Int, scorer: inout Scorer, best: inout Split?,
    bestScore: inout Double
  ) -> Bool {
    let values = features.values[feature]
    return features.ranks.withUnsafeBufferPointer { ranks in
      let column = ranks.baseAddress! + feature * features.sampleCount
      var lowest = values.count
      var highest = -1
      for position in range {
        let rank = Int(column[Int(samples[position])])
        lowest = min(lowest, rank)
        highest = max(highest, rank)
      }
      let smallest = Double(values[lowest])
      let largest = Double(values[highest])
      if values[highest] <= values[lowest] + Self.smallestGap { return true }
      var threshold = random.next(from: smallest, to: largest)
      if threshold == largest { threshold = smallest }
      var lastLeft = lowest
      var end = highest
      while lastLeft < end {
        let middle = (lastLeft + end + 1) / 2
        if Double(values[middle]) <= threshold { lastLeft = middle } else { end = middle - 1 }
      }
      scorer.reset()
      for position in range {
        let row = Int(samples[position])
        guard Int(column[row]) <= lastLeft else { continue }
        let payload = payloads[row]
        scorer.moveLeft(1 << 32 | payload & 0x3ff_ffff, ofClass: Int(payload >> 26))
      }
      guard allows(scorer, rowCount: range.count) else { return false }
      let score = scorer.score
      if score > bestScore {
        bestScore = score
        best = Split(feature: feature, threshold: threshold, lastLeftRank: lastLeft)
      }
      return false
    }
  }
}

// MARK: - Scoring
//
// The scorers stand in the search's file: a debug build optimises file by file, and the search is fast
// only where it sees through them.

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
