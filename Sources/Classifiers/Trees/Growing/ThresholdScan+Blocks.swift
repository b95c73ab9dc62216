/// Passes that look at many ranks of two classes at once.
///
/// Within a range of ranks no split can score more than the best of four that can be computed from the range's weights
/// alone (``SplitScorer/mayPassBar(movingUpTo:)``), and the splits between ranges are known too. So the best split between
/// ranges sets the bar, and only ranges that may pass it are looked at rank by rank. These are few: in a node of *n* samples
/// that its features do not divide, a range of *m* samples moves a split's score, in standard errors, by *m* / √*n*.
extension ThresholdScan {
  /// How many ranks make a block of a table.
  private static var blockSize: Int { 16 }

  /// Visits the ranks of a table in ascending order.
  @inline(__always)
  mutating func visitBlocks(
    _ cells: UnsafePointer<UInt32>, from lowest: Int, through highest: Int, _ begun: Progress
  ) {
    let size = Self.blockSize
    let first = lowest & ~(size &- 1)
    var scorer = self.scorer
    let start = scorer.leftPair
    if highest &- first >= 2 &* size {
      for rank in stride(from: first, through: highest &- size, by: size) {
        scorer.leftPair += Self.weights(ofBlock: cells + 2 &* rank)
        raiseBar(&scorer, before: rank &+ size)
      }
      scorer.leftPair = start
    }
    var progress = begun
    for block in stride(from: first, through: highest, by: size) {
      let weights = Self.weights(ofBlock: cells + 2 &* block)
      guard scorer.mayPassBar(movingUpTo: weights) else {
        scorer.leftPair += weights
        continue
      }
      for rank in stride(from: block, through: min(block &+ size &- 1, highest), by: 2) {
        if scorer.moveLeftUnlessPassing(Self.pair(cells, rank)) { continue }
        // The ranks between were not examined one by one.
        progress.lower = max(lowest, rank &- 1)
        while isEmpty(cells + progress.lower &* 2, 2) { progress.lower &-= 1 }
        step(rank, cells, nil, &scorer, &progress)
        step(rank &+ 1, cells, nil, &scorer, &progress)
      }
    }
  }

  /// Sets the bar by the scorer's split, whose right side begins with this rank, if it is surely allowed.
  @inline(__always)
  private func raiseBar(_ scorer: inout Scorer, before rank: Int) {
    if scorer.mayPassBar, minimumLeafWeight == 0,
      values[rank] > values[rank &- 1] + SplitThreshold.smallestGap
    {
      scorer.setBar(below: scorer.score)
    }
  }

  /// What the two classes of a block weigh.
  @inline(__always)
  private static func weights(ofBlock cells: UnsafePointer<UInt32>) -> SIMD2<Double> {
    let cells = UnsafeRawPointer(cells)
    var sums = SIMD4<UInt32>.zero
    for offset in stride(from: 0, to: blockSize * 8, by: 16) {
      sums &+= cells.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt32>.self)
    }
    return pair(sums.lowHalf &+ sums.highHalf)
  }

  /// Weights are below 2³¹, so they can be converted as signed numbers, which is faster.
  @inline(__always)
  private static func pair(_ weights: SIMD2<UInt32>) -> SIMD2<Double> {
    SIMD2<Double>(SIMD2<Int32>(truncatingIfNeeded: weights))
  }

  // MARK: - Buckets

  /// Marks the buckets of ranks in which a split may be better than all before, and clears the weights of all.
  ///
  /// - Returns: how many are marked, and what the samples in them weigh; `nil` if the feature may be constant in the node.
  mutating func mark(_ buckets: borrowing RankBuckets, shift: Int) -> (count: Int, weight: Int)? {
    let weights = buckets.weights.start
    var lowest = 0
    while isEmpty(weights + 2 &* lowest, 2) { lowest &+= 1 }
    var highest = (values.count &- 1) &>> shift
    while isEmpty(weights + 2 &* highest, 2) { highest &-= 1 }
    defer {
      (weights + 2 &* lowest).update(repeating: 0, count: 2 &* (highest &- lowest &+ 1))
    }
    guard lowest < highest,
      values[highest &<< shift]
        > values[(lowest &+ 1) &<< shift &- 1] + SplitThreshold.smallestGap
    else { return nil }
    var scorer = self.scorer
    for bucket in lowest..<highest {
      scorer.leftPair += Self.weights(ofBucket: weights + 2 &* bucket)
      raiseBar(&scorer, before: (bucket &+ 1) &<< shift)
    }
    scorer.reset()
    self.scorer = scorer
    var count = 0
    var weight = 0
    var lastIsMarked = false
    for bucket in lowest...highest {
      let own = Self.weights(ofBucket: weights + 2 &* bucket)
      if own == .zero { continue }
      let isMarked = scorer.mayPassBar(movingUpTo: own)
      buckets.set(bucket, isMarked: isMarked, keysAt: isMarked ? weight : buckets.keyLimit)
      if isMarked {
        buckets.marked.start[count] = RankBuckets.Marked(
          bucket: bucket, start: weight, left: scorer.leftPair, followsMarked: lastIsMarked)
        count &+= 1
        weight &+= Int(own.x + own.y)
      }
      lastIsMarked = isMarked
      scorer.leftPair += own
    }
    return (count, weight)
  }

  /// Visits the sorted keys of a marked bucket.
  ///
  /// - Parameter last: the rank before it, if that is of a marked bucket; otherwise the split between them is not worth
  ///   a look.
  /// - Returns: its last rank.
  mutating func visit(
    _ bucket: RankBuckets.Marked, _ keys: UnsafePointer<UInt64>, _ count: Int, weightBits: Int,
    after last: Int
  ) -> Int {
    scorer.leftPair = bucket.left
    let first = Int(keys[0] &>> UInt64(truncatingIfNeeded: weightBits)) &>> 1
    visit(
      keys, count, weightBits: weightBits, Progress(lower: bucket.followsMarked ? last : first))
    return Int(keys[count &- 1] &>> UInt64(truncatingIfNeeded: weightBits)) &>> 1
  }

  @inline(__always)
  private static func weights(ofBucket weights: UnsafePointer<UInt32>) -> SIMD2<Double> {
    pair(SIMD2(weights[0], weights[1]))
  }
}
