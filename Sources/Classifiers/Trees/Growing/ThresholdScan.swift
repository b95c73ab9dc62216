/// The best split of a node so far.
struct BestSplit {
  var feature: Int
  var threshold: Double
  /// The highest rank that goes left.
  var lastLeftRank: Int
  /// Where samples go that lack the feature; `nil` if the node has none.
  var missingGoesLeft: Bool?
}

/// A scan over a feature's values in ascending order, in which samples move to the left side. It finds the first of the
/// splits with the highest score.
///
/// Samples that lack the feature have its last rank, whose value is infinity: they are on the right side, until a last
/// threshold separates them from all others. A second scan over the other samples has them on its left side.
struct ThresholdScan<Scorer: SplitScorer> {
  var scorer: Scorer
  private(set) var best: BestSplit?
  private var bestScore = -Double.infinity
  /// Receives the classes' weights on the left side of the best split.
  private let bestLeft: UnsafeMutablePointer<Double>
  private let rowCount: Int
  private let classCount: Int
  private let minimumLeafSize: Int
  let minimumLeafWeight: Double

  // The current feature and its distinct values.
  private(set) var feature = 0
  private(set) var values = UnsafeBufferPointer<Float>(start: nil, count: 0)
  /// The rank of samples that lack the feature; `nil` if all of the data have it.
  private(set) var missingRank: Int?
  /// Where such samples of the node go in the current scan; `nil` if it has none.
  var missingGoesLeft: Bool?

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
  mutating func begin(feature: Int, _ column: PackedSamples.Feature) {
    self.feature = feature
    values = column.values
    missingRank = column.missingRank
    missingGoesLeft = nil
    scorer.reset()
  }

  // MARK: - Passes; each returns whether the feature is constant in the node

  /// The state of a pass: the highest rank that moved left, and the number of samples that did, if leaves need more than
  /// one.
  struct Progress {
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
      if highest == missingRank {
        visitTwice(table, rows, from: lowest)
      } else {
        visit(cells, rows, from: lowest, through: highest, Progress(lower: lowest))
      }
    }
    let count = (highest &- lowest &+ 1) &* classCount
    (cells + lowest &* classCount).update(repeating: 0, count: count)
    rows.map { ($0 + lowest &* classCount).update(repeating: 0, count: count) }
    return isConstant
  }

  /// Visits the ranks of the table in ascending order.
  @inline(__always)
  private mutating func visit(
    _ cells: UnsafePointer<UInt32>, _ rows: UnsafePointer<UInt32>?, from lowest: Int,
    through highest: Int, _ begun: Progress
  ) {
    if Scorer.hasBound, rows == nil {
      visitBlocks(cells, from: lowest, through: highest, begun)
    } else {
      var scorer = self.scorer
      var progress = begun
      for rank in lowest...highest { step(rank, cells, rows, &scorer, &progress) }
    }
  }

  /// Visits the ranks of a node of which samples, but not all, lack the feature.
  @inline(never)
  private mutating func visitTwice(
    _ table: borrowing CellTable, _ rows: UnsafeMutablePointer<UInt32>?, from lowest: Int
  ) {
    let classCount = Scorer.fixedClassCount ?? self.classCount
    let cells = table.weights.start
    var highest = values.count &- 1
    missingGoesLeft = false
    visit(cells, rows, from: lowest, through: highest, Progress(lower: lowest))
    let progress = moveMissingLeft(cells, rows, lowest: lowest)
    while isEmpty(cells + highest &* classCount, classCount) { highest &-= 1 }
    visit(cells, rows, from: lowest, through: highest, progress)
  }

  /// Begins the second scan: moves the samples that lack the feature to the left side, and clears their cells.
  private mutating func moveMissingLeft(
    _ cells: UnsafeMutablePointer<UInt32>, _ rows: UnsafeMutablePointer<UInt32>?, lowest: Int
  ) -> Progress {
    let first = (values.count &- 1) &* classCount
    var progress = Progress(lower: lowest)
    missingGoesLeft = true
    scorer.reset()
    for label in 0..<classCount {
      scorer.moveLeft(cells[first &+ label], ofClass: label)
      cells[first &+ label] = 0
      if let rows {
        progress.leftRows &+= Int(rows[first &+ label])
        rows[first &+ label] = 0
      }
    }
    return progress
  }

  /// Visits the cells of the table whose group was marked as touched, and clears it.
  ///
  /// - Parameter rows: how many samples each cell has, where leaves need more than one.
  @inline(__always)
  mutating func passTouched(
    _ table: borrowing CellTable, rows: UnsafeMutablePointer<UInt32>?
  ) -> Bool {
    if let missingRank,
      !isEmpty(table.weights.start + missingRank &* classCount, classCount)
    {
      return passTouchedTwice(table, rows)
    }
    let (lowest, highest) = visitTouched(table, rows, Progress(lower: 0), clears: true)
    return isConstant(from: lowest, to: highest)
  }

  /// The same for a node of which samples lack the feature.
  @inline(never)
  private mutating func passTouchedTwice(
    _ table: borrowing CellTable, _ rows: UnsafeMutablePointer<UInt32>?
  ) -> Bool {
    missingGoesLeft = false
    let (lowest, highest) = visitTouched(table, rows, Progress(lower: 0), clears: false)
    let progress = moveMissingLeft(table.weights.start, rows, lowest: lowest)
    table.unmarkEmptyGroups(
      from: highest &* classCount, count: classCount, groupShift: Self.groupShift)
    _ = visitTouched(table, rows, progress, clears: true)
    return isConstant(from: lowest, to: highest)
  }

  /// Visits the touched cells of the table in ascending order.
  ///
  /// - Returns: the lowest and the highest rank.
  @inline(__always)
  private mutating func visitTouched(
    _ table: borrowing CellTable, _ rows: UnsafeMutablePointer<UInt32>?, _ begun: Progress,
    clears: Bool
  ) -> (lowest: Int, highest: Int) {
    let classCount = Scorer.fixedClassCount ?? self.classCount
    let cells = table.weights.start
    let touched = table.touched.start
    let groupCount = (values.count &* classCount &- 1) &>> Self.groupShift &+ 1
    var scorer = self.scorer
    var lowest: Int?
    var progress = begun
    for word in 0..<CellTable.wordCount(groups: groupCount) {
      var bits = touched[word]
      if clears { touched[word] = 0 }
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
          guard clears else { continue }
          (cells + 2 &* rank).update(repeating: 0, count: 4)
          rows.map { ($0 + 2 &* rank).update(repeating: 0, count: 4) }
        } else {
          let rank = group / classCount
          if lowest == nil { lowest = rank }
          if rank != progress.lower, scorer.mayPassBar {
            consider(&scorer, upper: rank, progress)
          }
          scorer.moveLeft(cells[group], ofClass: group &- rank &* classCount)
          if let rows { progress.leftRows &+= Int(rows[group]) }
          if clears {
            cells[group] = 0
            rows?[group] = 0
          }
          progress.lower = rank
        }
      }
    }
    return (lowest ?? 0, progress.lower)
  }

  /// How many cells make a group, as a power of two: those of two ranks, where there are two classes.
  @inline(__always) static var groupShift: Int { Scorer.fixedClassCount == 2 ? 2 : 0 }

  /// What the two classes of two ranks weigh.
  @inline(__always)
  static func pair(_ cells: UnsafePointer<UInt32>, _ rank: Int) -> SIMD4<UInt32> {
    UnsafeRawPointer(cells).loadUnaligned(fromByteOffset: rank &* 8, as: SIMD4<UInt32>.self)
  }

  /// Moves one rank to the left side, unless it is empty.
  @inline(__always)
  mutating func step(
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
  func isEmpty(_ cells: UnsafePointer<UInt32>, _ classCount: Int) -> Bool {
    var all: UInt32 = 0
    for label in 0..<classCount { all |= cells[label] }
    return all == 0
  }

  /// Visits sorted keys: a sample's cell, and its weight in the lowest `weightBits` bits.
  @inline(__always)
  mutating func pass(_ keys: UnsafePointer<UInt64>, weightBits: Int) -> Bool {
    let classCount = Scorer.fixedClassCount ?? self.classCount
    let shift = UInt64(truncatingIfNeeded: weightBits)
    let lowest = Int(keys[0] &>> shift) / classCount
    let highest = Int(keys[rowCount &- 1] &>> shift) / classCount
    guard !isConstant(from: lowest, to: highest) else { return true }
    if highest == missingRank {
      visitTwice(keys, weightBits: weightBits, from: lowest)
    } else {
      visit(keys, rowCount, weightBits: weightBits, Progress(lower: lowest))
    }
    return false
  }

  /// Visits the keys of a node of which samples, but not all, lack the feature.
  @inline(never)
  private mutating func visitTwice(
    _ keys: UnsafePointer<UInt64>, weightBits: Int, from lowest: Int
  ) {
    let firstMissing = UInt64(truncatingIfNeeded: (values.count &- 1) &* classCount &<< weightBits)
    var presentCount = rowCount
    while keys[presentCount &- 1] >= firstMissing { presentCount &-= 1 }
    missingGoesLeft = false
    visit(keys, rowCount, weightBits: weightBits, Progress(lower: lowest))
    missingGoesLeft = true
    scorer.reset()
    for index in presentCount..<rowCount {
      let key = keys[index] &- firstMissing
      scorer.moveLeft(
        UInt32(truncatingIfNeeded: key & (1 &<< weightBits &- 1)),
        ofClass: Int(key &>> weightBits))
    }
    let progress = Progress(lower: lowest, leftRows: rowCount &- presentCount)
    visit(keys, presentCount, weightBits: weightBits, progress)
  }

  /// Visits the first `count` keys in ascending order.
  @inline(__always)
  mutating func visit(
    _ keys: UnsafePointer<UInt64>, _ count: Int, weightBits: Int, _ begun: Progress
  ) {
    let classCount = Scorer.fixedClassCount ?? self.classCount
    let shift = UInt64(truncatingIfNeeded: weightBits)
    let mask = UInt64(1) &<< shift &- 1
    var scorer = self.scorer
    var progress = begun
    for index in 0..<count {
      let cell = Int(keys[index] &>> shift)
      let rank = cell / classCount
      if scorer.mayPassBar, rank != progress.lower {
        progress.leftRows = begun.leftRows &+ index
        consider(&scorer, upper: rank, progress)
      }
      let weight = UInt32(truncatingIfNeeded: keys[index] & mask)
      scorer.moveLeft(weight, ofClass: cell &- rank &* classCount)
      progress.lower = rank
    }
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
    best = BestSplit(
      feature: feature, threshold: threshold, lastLeftRank: lastLeftRank,
      missingGoesLeft: missingGoesLeft)
    scorer.setBar(below: score)
    scorer.copyLeft(to: bestLeft)
  }
}
