/// The best split of a node so far.
struct BestSplit {
  var feature: Int
  var threshold: Double
  /// The highest rank that goes left.
  var lastLeftRank: Int
}

/// A scan over a feature's values in ascending order, in which samples move to the left side. It finds the first of the
/// splits with the highest score.
struct ThresholdScan<Scorer: SplitScorer> {
  var scorer: Scorer
  private(set) var best: BestSplit?
  private var bestScore = -Double.infinity
  /// Receives the classes' weights on the left side of the best split.
  private let bestLeft: UnsafeMutablePointer<Double>
  private let rowCount: Int
  private let classCount: Int
  private let minimumLeafSize: Int
  private let minimumLeafWeight: Double

  // The current feature and its distinct values.
  private(set) var feature = 0
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

  // MARK: - Passes; each returns whether the feature is constant in the node

  /// The state of a pass: the highest rank that moved left, and the number of samples that did, if leaves need more than
  /// one.
  private struct Progress {
    var lower: Int
    var leftRows = 0
  }

  /// Visits all cells of the table and clears it.
  ///
  /// - Parameter rows: how many samples each cell has, where leaves need more than one.
  @inline(__always)
  mutating func pass(
    _ table: borrowing CellTable, rows: UnsafeMutablePointer<UInt32>?
  ) -> Bool {
    let classCount = Scorer.fixedClassCount ?? self.classCount
    let cells = table.weights.start
    var lowest = 0
    while isEmpty(cells + lowest &* classCount, classCount) { lowest &+= 1 }
    var highest = values.count &- 1
    while isEmpty(cells + highest &* classCount, classCount) { highest &-= 1 }
    let isConstant = isConstant(from: lowest, to: highest)
    if !isConstant {
      var scorer = self.scorer
      var progress = Progress(lower: lowest)
      if Scorer.fixedClassCount == 2, rows == nil {
        for rank in stride(from: lowest & ~1, through: highest, by: 2) {
          if scorer.moveLeftUnlessPassing(Self.pair(cells, rank)) { continue }
          // The ranks between were not examined one by one.
          progress.lower = max(lowest, rank &- 1)
          while isEmpty(cells + progress.lower &* 2, 2) { progress.lower &-= 1 }
          step(rank, cells, nil, &scorer, &progress)
          step(rank &+ 1, cells, nil, &scorer, &progress)
        }
      } else {
        for rank in lowest...highest { step(rank, cells, rows, &scorer, &progress) }
      }
    }
    let count = (highest &- lowest &+ 1) &* classCount
    (cells + lowest &* classCount).update(repeating: 0, count: count)
    rows.map { ($0 + lowest &* classCount).update(repeating: 0, count: count) }
    return isConstant
  }

  /// Visits the cells of the table whose group was marked as touched, and clears it.
  ///
  /// - Parameter rows: how many samples each cell has, where leaves need more than one.
  @inline(__always)
  mutating func passTouched(
    _ table: borrowing CellTable, rows: UnsafeMutablePointer<UInt32>?
  ) -> Bool {
    let classCount = Scorer.fixedClassCount ?? self.classCount
    let cells = table.weights.start
    let touched = table.touched.start
    let groupCount = (values.count &* classCount &- 1) &>> Self.groupShift &+ 1
    var scorer = self.scorer
    var lowest: Int?
    var progress = Progress(lower: 0)
    for word in 0..<CellTable.wordCount(groups: groupCount) {
      var bits = touched[word]
      touched[word] = 0
      while bits != 0 {
        let group = word &<< 6 | bits.trailingZeroBitCount
        bits &= bits &- 1
        if Scorer.fixedClassCount == 2 {
          let rank = 2 &* group
          if lowest == nil { lowest = isEmpty(cells + 2 &* rank, 2) ? rank &+ 1 : rank }
          if rows == nil, scorer.moveLeftUnlessPassing(Self.pair(cells, rank)) {
            progress.lower = isEmpty(cells + (2 &* rank &+ 2), 2) ? rank : rank &+ 1
          } else {
            step(rank, cells, rows, &scorer, &progress)
            step(rank &+ 1, cells, rows, &scorer, &progress)
          }
          (cells + 2 &* rank).update(repeating: 0, count: 4)
          rows.map { ($0 + 2 &* rank).update(repeating: 0, count: 4) }
        } else {
          let rank = group / classCount
          if lowest == nil { lowest = rank }
          if rank != progress.lower, scorer.mayPassBar {
            consider(&scorer, upper: rank, progress)
          }
          scorer.moveLeft(cells[group], ofClass: group &- rank &* classCount)
          cells[group] = 0
          if let rows {
            progress.leftRows &+= Int(rows[group])
            rows[group] = 0
          }
          progress.lower = rank
        }
      }
    }
    return isConstant(from: lowest ?? 0, to: progress.lower)
  }

  /// How many cells make a group, as a power of two: those of two ranks, where there are two classes.
  @inline(__always) static var groupShift: Int { Scorer.fixedClassCount == 2 ? 2 : 0 }

  /// What the two classes of two ranks weigh.
  @inline(__always)
  private static func pair(_ cells: UnsafePointer<UInt32>, _ rank: Int) -> SIMD4<UInt32> {
    UnsafeRawPointer(cells).loadUnaligned(fromByteOffset: rank &* 8, as: SIMD4<UInt32>.self)
  }

  /// Moves one rank to the left side, unless it is empty.
  @inline(__always)
  private mutating func step(
    _ rank: Int, _ cells: UnsafePointer<UInt32>, _ rows: UnsafePointer<UInt32>?,
    _ scorer: inout Scorer, _ progress: inout Progress
  ) {
    let classCount = Scorer.fixedClassCount ?? self.classCount
    let own = cells + rank &* classCount
    if isEmpty(own, classCount) { return }
    if scorer.mayPassBar { consider(&scorer, upper: rank, progress) }
    for label in 0..<classCount { scorer.moveLeft(own[label], ofClass: label) }
    if let rows {
      for label in 0..<classCount {
        progress.leftRows &+= Int(rows[rank &* classCount &+ label])
      }
    }
    progress.lower = rank
  }

  @inline(__always)
  private func isEmpty(_ cells: UnsafePointer<UInt32>, _ classCount: Int) -> Bool {
    var all: UInt32 = 0
    for label in 0..<classCount { all |= cells[label] }
    return all == 0
  }

  /// Visits sorted keys: a sample's cell, and its weight in the lowest `weightBits` bits.
  @inline(__always)
  mutating func pass(_ keys: UnsafePointer<UInt64>, weightBits: Int) -> Bool {
    let classCount = Scorer.fixedClassCount ?? self.classCount
    let shift = UInt64(truncatingIfNeeded: weightBits)
    let mask = UInt64(1) &<< shift &- 1
    let lowest = Int(keys[0] &>> shift) / classCount
    let highest = Int(keys[rowCount &- 1] &>> shift) / classCount
    guard !isConstant(from: lowest, to: highest) else { return true }
    var scorer = self.scorer
    var progress = Progress(lower: lowest)
    for index in 0..<rowCount {
      let cell = Int(keys[index] &>> shift)
      let rank = cell / classCount
      if scorer.mayPassBar, rank != progress.lower {
        progress.leftRows = index
        consider(&scorer, upper: rank, progress)
      }
      let weight = UInt32(truncatingIfNeeded: keys[index] & mask)
      scorer.moveLeft(weight, ofClass: cell &- rank &* classCount)
      progress.lower = rank
    }
    return false
  }

  /// Whether all ranks between these two are one value.
  @inline(__always)
  private func isConstant(from lowest: Int, to highest: Int) -> Bool {
    values[highest] <= values[lowest] + SplitThreshold.smallestGap
  }

  // MARK: - The best split

  /// Scores the split between the highest rank that moved left and the next one.
  ///
  /// - Parameter passing: the scorer of the pass, a copy that can stay in registers.
  @inline(never)
  private mutating func consider(
    _ passing: inout Scorer, upper: Int, _ progress: Progress
  ) {
    let lower = progress.lower
    guard values[upper] > values[lower] + SplitThreshold.smallestGap else { return }
    scorer = passing
    consider(
      threshold: SplitThreshold.between(values[lower], values[upper]), lastLeftRank: lower,
      leftRows: progress.leftRows)
    passing = scorer
  }

  /// Keeps the scorer's split if it is allowed and its score is higher than all before.
  mutating func consider(threshold: Double, lastLeftRank: Int, leftRows: Int) {
    if minimumLeafSize > 1 {
      guard leftRows >= minimumLeafSize, rowCount - leftRows >= minimumLeafSize else { return }
    }
    guard !(scorer.leftWeight < minimumLeafWeight), !(scorer.rightWeight < minimumLeafWeight)
    else { return }
    let score = scorer.score
    guard score > bestScore else { return }
    bestScore = score
    best = BestSplit(feature: feature, threshold: threshold, lastLeftRank: lastLeftRank)
    scorer.setBar(below: score)
    scorer.copyLeft(to: bestLeft)
  }
}
