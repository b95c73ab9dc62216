/// The best split of a node that was found so far.
struct BestSplit {
  /// −1 where none was found.
  var feature = -1
  var threshold = 0.0
  /// The highest rank that goes left.
  var lastLeftRank = -1
  var score = -Double.infinity
}

/// The passage through one feature's values in ascending order, during which samples move to the left
/// side, and what it finds: the first of the splits that score highest.
struct Sweep<Scorer: SplitScorer> {
  var scorer: Scorer
  private(set) var best = BestSplit()
  /// Receives what the classes weigh on the left side of the best split.
  private let bestLeft: UnsafeMutablePointer<Double>
  private let rowCount: Int
  private let classCount: Int
  private let minimumLeafSize: Int
  private let minimumLeafWeight: Double

  // The feature at hand and its distinct values.
  private(set) var feature = -1
  private(set) var values = UnsafeBufferPointer<Float>(start: nil, count: 0)

  init(
    _ scorer: Scorer, bestLeft: UnsafeMutablePointer<Double>, rowCount: Int, classCount: Int,
    minimumLeafSize: Int, minimumLeafWeight: Double
  ) {
    self.scorer = scorer
    self.bestLeft = bestLeft
    self.rowCount = rowCount
    self.classCount = classCount
    self.minimumLeafSize = minimumLeafSize
    self.minimumLeafWeight = minimumLeafWeight
  }

  @inline(__always)
  mutating func begin(feature: Int, values: UnsafeBufferPointer<Float>) {
    self.feature = feature
    self.values = values
    scorer.reset()
  }

  // MARK: - Passages; each returns whether the feature is constant in the node

  /// Visits all cells of the table and clears it.
  ///
  /// - Parameter rows: how many samples each cell has, where leaves need more than one.
  @inline(__always)
  mutating func pass(_ table: CellTable, rows: CellTable?) -> Bool {
    let classCount = Scorer.fixedClassCount ?? self.classCount
    let cells = table.weights
    var lowest = 0
    while isEmpty(cells + lowest &* classCount, classCount) { lowest &+= 1 }
    var highest = values.count &- 1
    while isEmpty(cells + highest &* classCount, classCount) { highest &-= 1 }
    guard !isConstant(from: lowest, to: highest) else {
      for rank in [lowest, highest] {
        (cells + rank &* classCount).update(repeating: 0, count: classCount)
        rows.map { ($0.weights + rank &* classCount).update(repeating: 0, count: classCount) }
      }
      return true
    }
    var lower = lowest
    var leftRows = 0
    for rank in lowest...highest {
      let own = cells + rank &* classCount
      let isEmpty = isEmpty(own, classCount)
      if scorer.mayPassBar, !isEmpty {
        consider(lower: lower, upper: rank, leftRows: leftRows)
      }
      for label in 0..<classCount {
        scorer.moveLeft(own[label], ofClass: label)
        own[label] = 0
      }
      if let rows {
        let rows = rows.weights + rank &* classCount
        for label in 0..<classCount {
          leftRows &+= Int(rows[label])
          rows[label] = 0
        }
      }
      lower = isEmpty ? lower : rank
    }
    return false
  }

  @inline(__always)
  private func isEmpty(_ cells: UnsafePointer<UInt32>, _ classCount: Int) -> Bool {
    var all: UInt32 = 0
    for label in 0..<classCount { all |= cells[label] }
    return all == 0
  }

  /// Visits the cells of the table that were marked as touched, and clears it.
  ///
  /// - Parameter rows: how many samples each cell has, where leaves need more than one.
  @inline(__always)
  mutating func passTouched(_ table: CellTable, rows: CellTable?) -> Bool {
    let classCount = Scorer.fixedClassCount ?? self.classCount
    let cells = table.weights
    var lowest = -1
    var lower = -1
    var leftRows = 0
    for word in 0..<CellTable.touchedWords(values.count &* classCount) {
      var bits = table.touched[word]
      table.touched[word] = 0
      while bits != 0 {
        let cell = word << 6 | bits.trailingZeroBitCount
        bits &= bits &- 1
        let rank = cell / classCount
        if lower < 0 { lowest = rank }
        if scorer.mayPassBar, rank != lower {
          consider(lower: lower, upper: rank, leftRows: leftRows)
        }
        scorer.moveLeft(cells[cell], ofClass: cell &- rank &* classCount)
        cells[cell] = 0
        if let rows {
          leftRows &+= Int(rows.weights[cell])
          rows.weights[cell] = 0
        }
        lower = rank
      }
    }
    return isConstant(from: lowest, to: lower)
  }

  /// Visits sorted keys: a sample's cell, and its weight in the lowest `weightBits` bits.
  @inline(__always)
  mutating func pass(_ keys: UnsafePointer<UInt64>, weightBits: Int) -> Bool {
    let classCount = Scorer.fixedClassCount ?? self.classCount
    let shift = UInt64(truncatingIfNeeded: weightBits)
    let lowest = Int(keys[0] >> shift) / classCount
    let highest = Int(keys[rowCount &- 1] >> shift) / classCount
    guard !isConstant(from: lowest, to: highest) else { return true }
    var lower = lowest
    for index in 0..<rowCount {
      let cell = Int(keys[index] >> shift)
      let rank = cell / classCount
      if scorer.mayPassBar, rank != lower {
        consider(lower: lower, upper: rank, leftRows: index)
      }
      let weight = UInt32(truncatingIfNeeded: keys[index] & (1 << shift &- 1))
      scorer.moveLeft(weight, ofClass: cell &- rank &* classCount)
      lower = rank
    }
    return false
  }

  /// Whether all ranks between these two are one value.
  @inline(__always)
  private func isConstant(from lowest: Int, to highest: Int) -> Bool {
    values[highest] <= values[lowest] + SplitThreshold.smallestGap
  }

  // MARK: - The best split

  /// Scores the split between two neighbouring ranks, the lower of which has moved left.
  ///
  /// - Parameter leftRows: how many samples have moved left, where leaves need more than one.
  @inline(never)
  private mutating func consider(lower: Int, upper: Int, leftRows: Int) {
    guard values[upper] > values[lower] + SplitThreshold.smallestGap else { return }
    consider(
      threshold: SplitThreshold.between(values[lower], values[upper]), lastLeftRank: lower,
      leftRows: leftRows)
  }

  /// Keeps the split that the scorer describes where it is allowed and scores higher than all before.
  mutating func consider(threshold: Double, lastLeftRank: Int, leftRows: Int) {
    if minimumLeafSize > 1 {
      guard leftRows >= minimumLeafSize, rowCount - leftRows >= minimumLeafSize else { return }
    }
    guard !(scorer.leftWeight < minimumLeafWeight), !(scorer.rightWeight < minimumLeafWeight)
    else { return }
    let score = scorer.score
    guard score > best.score else { return }
    best = BestSplit(
      feature: feature, threshold: threshold, lastLeftRank: lastLeftRank, score: score)
    scorer.setBar(below: score)
    scorer.copyLeft(to: bestLeft)
  }
}
