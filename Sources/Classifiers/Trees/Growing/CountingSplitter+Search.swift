import LinearAlgebra

extension CountingSplitter {
  /// The best split among the features that the node draws.
  ///
  /// - Parameter bestLeft: receives the classes' weights on its left side.
  mutating func findSplit(
    _ part: Part, classWeights: UnsafePointer<Double>, constantCount: inout Int,
    bestLeft: UnsafeMutablePointer<Double>
  ) -> BestSplit? {
    switch rules.criterion {
    case .gini where classCount == 2:
      return findSplit(
        part, BinaryGiniScorer(classWeights), constantCount: &constantCount, bestLeft: bestLeft)
    case .gini:
      let scorer = GiniScorer(classWeights, left: buffers.left.start, classCount: classCount)
      return findSplit(part, scorer, constantCount: &constantCount, bestLeft: bestLeft)
    case .entropy, .logLoss:
      let scorer = PlainScorer<Entropy>(
        classWeights, left: buffers.left.start, classCount: classCount)
      return findSplit(part, scorer, constantCount: &constantCount, bestLeft: bestLeft)
    }
  }

  private mutating func findSplit<Scorer: SplitScorer>(
    _ part: Part, _ scorer: Scorer, constantCount: inout Int,
    bestLeft: UnsafeMutablePointer<Double>
  ) -> BestSplit? {
    var scan = ThresholdScan(
      scorer, bestLeft: bestLeft, rowCount: part.count, classCount: classCount,
      minimumLeafSize: rules.minimumLeafSize, minimumLeafWeight: minimumLeafWeight)
    drawing.begin(constantCount: constantCount)
    let looksAhead = part.count > CountingBuffers.insertionLimit && rules.splitter == .best
    let candidateCount =
      looksAhead ? drawing.lookAhead(random, into: buffers.candidates.start) : 0
    while let feature = drawing.next(&random) {
      scan.begin(feature: feature, packed.features.start[feature])
      let isConstant =
        switch rules.splitter {
        case .best: tryEveryThreshold(part, candidateCount: candidateCount, &scan)
        case .random: tryRandomThreshold(part, &scan)
        }
      drawing.settle(isConstant: isConstant)
    }
    clearTables()
    constantCount = drawing.end()
    return scan.best
  }

  private func column(_ part: Part, _ field: PackedSamples.Field) -> RecordColumn {
    RecordColumn(part.records, recordSize: packed.recordSize, field: field)
  }

  private func cells(_ part: Part, ofFeature feature: Int) -> RecordColumn {
    column(part, packed.features.start[feature].cells)
  }

  // MARK: - Every threshold

  /// How the splits of one feature are found in a node.
  private enum Method {
    /// A table of cells is filled, and every cell visited.
    case allCells
    /// A table of cells is filled, and the cells that were touched are visited.
    case touchedCells
    case sorting
  }

  private func method(_ part: Part, feature: Int) -> Method {
    if part.count <= CountingBuffers.insertionLimit { return .sorting }
    let cellCount = packed.features.start[feature].cellCount
    if cellCount <= CountingBuffers.denseLimit * part.count { return .allCells }
    return cellCount <= CountingBuffers.sparseLimit * part.count ? .touchedCells : .sorting
  }

  /// Returns whether the feature is constant in the node.
  private func tryEveryThreshold<Scorer: SplitScorer>(
    _ part: Part, candidateCount: Int, _ scan: inout ThresholdScan<Scorer>
  ) -> Bool {
    let feature = scan.feature
    if let isConstant = tryBuckets(part, &scan) { return isConstant }
    switch method(part, feature: feature) {
    case .allCells:
      let table = takeTable(part, feature: feature, candidateCount: candidateCount)
      return scan.pass(buffers.tables.start[table], rows: countRows(part, feature: feature))
    case .touchedCells:
      let table = buffers.tables.start + CountingBuffers.singleTable
      table.pointee.countAndMark(
        part.count, weights: column(part, packed.weightField),
        cells: cells(part, ofFeature: feature), groupShift: ThresholdScan<Scorer>.groupShift)
      return scan.passTouched(table.pointee, rows: countRows(part, feature: feature))
    case .sorting:
      sortKeys(part, feature: feature)
      return scan.pass(buffers.keys.start, weightBits: weightBits)
    }
  }

  /// Counts samples by cell if leaves need more than one.
  private func countRows(_ part: Part, feature: Int) -> UnsafeMutablePointer<UInt32>? {
    guard rules.minimumLeafSize > 1 else { return nil }
    buffers.rowTable.countRows(part.count, cells: cells(part, ofFeature: feature))
    return buffers.rowTable.weights.start
  }

  /// Writes the samples' keys, cell and weight, in ascending order.
  private func sortKeys(_ part: Part, feature: Int) {
    let keys = buffers.keys.start
    let cells = cells(part, ofFeature: feature)
    let weights = column(part, packed.weightField)
    let weightBits = self.weightBits
    for index in 0..<part.count {
      keys[index] = UInt64(truncatingIfNeeded: cells[index] &<< weightBits | weights[index])
    }
    let keyBits = PackedSamples.bitCount(upTo: packed.features.start[feature].cellCount - 1)
    sort(keys, part.count, bits: keyBits)
  }

  /// Sorts keys by the lowest bits of their cells.
  private func sort(_ keys: UnsafeMutablePointer<UInt64>, _ count: Int, bits: Int) {
    guard count <= CountingBuffers.insertionLimit else {
      RadixSort.sort(
        keys, spare: buffers.spareKeys.start, count: count, bits: weightBits..<weightBits + bits,
        starts: buffers.digitStarts.start)
      return
    }
    for index in stride(from: 1, to: count, by: 1) {
      let key = keys[index]
      var hole = index
      while hole > 0, keys[hole &- 1] > key {
        keys[hole] = keys[hole &- 1]
        hole &-= 1
      }
      keys[hole] = key
    }
  }

  /// Returns whether the feature is constant in the node; `nil` where buckets do not serve.
  private func tryBuckets<Scorer: SplitScorer>(
    _ part: Part, _ scan: inout ThresholdScan<Scorer>
  ) -> Bool? {
    guard Scorer.hasBound, rules.minimumLeafSize == 1, scan.missingRank == nil,
      part.count > CountingBuffers.insertionLimit,
      RankBuckets.pay(rankCount: scan.values.count, sampleCount: part.count)
    else { return nil }
    let cells = cells(part, ofFeature: scan.feature)
    let weights = column(part, packed.weightField)
    let shift = RankBuckets.shift(rankCount: scan.values.count, sampleCount: part.count)
    buffers.buckets.count(part.count, weights: weights, cells: cells, shift: shift)
    guard let marked = scan.mark(buffers.buckets, shift: shift),
      marked.weight <= buffers.buckets.keyLimit
    else { return nil }
    if marked.count == 0 { return false }
    let keys = buffers.keys.start
    buffers.buckets.gather(
      part.count, weights: weights, cells: cells, shift: shift, weightBits: weightBits, into: keys)
    var last = 0
    for place in 0..<marked.count {
      let bucket = buffers.buckets.marked.start[place]
      let own = keys + bucket.start
      let count = buffers.buckets.ends.start[bucket.bucket] - bucket.start
      sort(own, count, bits: shift + 1)
      last = scan.visit(bucket, own, count, weightBits: weightBits, after: last)
    }
    return false
  }

  // MARK: - Counting several features in one pass

  /// The index of a feature's table, counted now unless it was before.
  ///
  /// The features that will be tried next are counted with it, so that one pass over the records serves several. If
  /// one of them is constant, others may be drawn instead; ``clearTables()`` clears tables that were not used.
  private func takeTable(_ part: Part, feature: Int, candidateCount: Int) -> Int {
    let tables = buffers.tables.start
    for place in 0..<CountingBuffers.passWidth where tables[place].feature == feature {
      tables[place].feature = nil
      return place
    }
    if countAhead(part, from: feature, candidateCount: candidateCount) {
      tables[0].feature = nil
      return 0
    }
    tables[CountingBuffers.singleTable].count(
      part.count, weights: column(part, packed.weightField),
      cells: cells(part, ofFeature: feature))
    return CountingBuffers.singleTable
  }

  /// Counts the feature and the candidates after it whose tables will be needed; false if they are too few for a
  /// pass.
  private func countAhead(_ part: Part, from feature: Int, candidateCount: Int) -> Bool {
    let tables = buffers.tables.start
    for place in 0..<CountingBuffers.passWidth where tables[place].feature != nil { return false }
    var found = 0
    var features = (0, 0, 0)
    for index in 0..<candidateCount where found < CountingBuffers.passWidth {
      let candidate = buffers.candidates.start[index]
      guard found > 0 || candidate == feature else { continue }
      guard method(part, feature: candidate) == .allCells,
        packed.features.start[candidate].cellCount <= CountingBuffers.passCellLimit
      else { continue }
      features = (features.1, features.2, candidate)
      found += 1
    }
    guard found == CountingBuffers.passWidth else { return false }
    tables[0].feature = features.0
    tables[1].feature = features.1
    tables[2].feature = features.2
    CellTable.count(
      part.count, weights: column(part, packed.weightField),
      (
        cells(part, ofFeature: features.0), cells(part, ofFeature: features.1),
        cells(part, ofFeature: features.2)
      ), in: tables)
    return true
  }

  /// Clears the tables of features that were not drawn after all.
  private func clearTables() {
    let tables = buffers.tables.start
    for place in 0..<CountingBuffers.passWidth {
      guard let feature = tables[place].feature else { continue }
      tables[place].weights.start.update(
        repeating: 0, count: packed.features.start[feature].cellCount)
      tables[place].feature = nil
    }
  }

  // MARK: - Random thresholds

  /// Returns whether the feature is constant in the node.
  private mutating func tryRandomThreshold<Scorer: SplitScorer>(
    _ part: Part, _ scan: inout ThresholdScan<Scorer>
  ) -> Bool {
    let cells = cells(part, ofFeature: scan.feature)
    let weights = column(part, packed.weightField)
    let missingStart = scan.missingRank.map { $0 * classCount } ?? Int.max
    var lowest = Int.max
    var highest = -classCount
    var someMissing = false
    for index in 0..<part.count {
      let cell = cells[index]
      lowest = min(lowest, cell)
      if cell < missingStart { highest = max(highest, cell) } else { someMissing = true }
    }
    guard
      let (threshold, lastLeftRank, missingGoesLeft) = SplitThreshold.random(
        &random, scan.values, lowest: lowest / classCount, highest: highest / classCount,
        someMissing: someMissing)
    else { return true }
    scan.missingGoesLeft = missingGoesLeft
    let firstRight = (lastLeftRank + 1) * classCount
    let rightEnd = missingGoesLeft == true ? missingStart : Int.max
    var leftRows = 0
    for index in 0..<part.count where cells[index] < firstRight || cells[index] >= rightEnd {
      scan.scorer.moveLeft(
        UInt32(truncatingIfNeeded: weights[index]), ofClass: cells[index] % classCount)
      leftRows += 1
    }
    // All go left where the threshold is the only value and samples without one go left too.
    if leftRows < part.count {
      scan.consider(threshold: threshold, lastLeftRank: lastLeftRank, leftRows: leftRows)
    }
    return false
  }
}
