/// Scratch memory for searching splits.
struct SearchMemory {
  /// How many features are counted in one pass.
  static let passWidth = 3
  /// Up to this many records are sorted by insertion.
  static let insertionLimit = 20
  /// With at most this many cells a record, every cell is visited.
  static let denseLimit = 4
  /// With at most this many cells a record, touched cells are marked; with more, records are sorted.
  static let sparseLimit = 512

  /// Tables that are counted in one pass, and the features that they hold; −1: none.
  let tables: [CellTable]
  let counted: UnsafeMutablePointer<Int>
  /// A table for a feature that is counted alone.
  let singleTable: CellTable
  let rowTable: CellTable?
  /// The features that the node will probably look at.
  let candidates: UnsafeMutablePointer<Int>
  let left: UnsafeMutablePointer<Int>
  let keys: UnsafeMutablePointer<UInt64>
  let spareKeys: UnsafeMutablePointer<UInt64>
  let digitStarts: UnsafeMutablePointer<Int>

  init(_ packed: PackedSamples, rules: GrowthRules) {
    let mostCells = packed.values.indices.lazy.map(packed.cellCount).max() ?? 1
    let cellCount = max(64, min(mostCells, Self.sparseLimit * packed.sampleCount))
    tables = (0..<Self.passWidth).map { _ in CellTable(cellCount: cellCount) }
    singleTable = CellTable(cellCount: cellCount)
    rowTable = rules.minimumLeafSize > 1 ? CellTable(cellCount: cellCount) : nil
    candidates = .allocate(capacity: packed.featureCount)
    counted = .allocate(capacity: Self.passWidth)
    counted.initialize(repeating: -1, count: Self.passWidth)
    left = .allocate(capacity: packed.classCount)
    let keyCount = max(packed.sampleCount, Self.insertionLimit)
    keys = .allocate(capacity: keyCount)
    spareKeys = .allocate(capacity: keyCount)
    digitStarts = .allocate(capacity: 1 << RadixSort.digitBits)
  }

  func deallocate() {
    for table in tables { table.deallocate() }
    counted.deallocate()
    singleTable.deallocate()
    rowTable?.deallocate()
    candidates.deallocate()
    left.deallocate()
    keys.deallocate()
    spareKeys.deallocate()
    digitStarts.deallocate()
  }
}

extension TallyDivider {
  /// The best split among the features that the node happens to draw.
  ///
  /// - Parameter bestLeft: receives what each class weighs on its left side.
  func findSplit(
    _ part: Part, classWeights: UnsafePointer<Double>, constantCount: inout Int,
    bestLeft: UnsafeMutablePointer<Double>
  ) -> BestSplit {
    if rules.criterion != .gini {
      let scorer = EntropyScorer(classWeights, left: search.left, classCount: classCount)
      return findSplit(part, scorer, constantCount: &constantCount, bestLeft: bestLeft)
    }
    if classCount == 2 {
      return findSplit(
        part, BinaryGiniScorer(classWeights), constantCount: &constantCount, bestLeft: bestLeft)
    }
    let scorer = GiniScorer(classWeights, left: search.left, classCount: classCount)
    return findSplit(part, scorer, constantCount: &constantCount, bestLeft: bestLeft)
  }

  private func findSplit<Scorer: SplitScorer>(
    _ part: Part, _ scorer: Scorer, constantCount: inout Int,
    bestLeft: UnsafeMutablePointer<Double>
  ) -> BestSplit {
    var sweep = Sweep(
      scorer, bestLeft: bestLeft, rowCount: part.count, classCount: classCount,
      minimumLeafSize: rules.minimumLeafSize, minimumLeafWeight: minimumLeafWeight)
    drawing.begin(constantCount: constantCount)
    let candidateCount =
      part.count > SearchMemory.insertionLimit && rules.splitter == .best
      ? drawing.lookAhead(random, into: search.candidates) : 0
    while let feature = drawing.next(&random) {
      let isConstant = packed.values[feature].withUnsafeBufferPointer { values in
        sweep.begin(feature: feature, values: values)
        return rules.splitter == .best
          ? tryEveryThreshold(part, candidateCount: candidateCount, &sweep)
          : tryRandomThreshold(part, &sweep)
      }
      drawing.settle(isConstant: isConstant)
    }
    clearTables()
    constantCount = drawing.end()
    return sweep.best
  }

  private func column(_ part: Part, _ field: PackedSamples.Field) -> RecordColumn {
    RecordColumn(part.records, recordSize: packed.recordSize, field: field)
  }

  private func cells(_ part: Part, ofFeature feature: Int) -> RecordColumn {
    column(part, packed.fields[feature])
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
    if part.count <= SearchMemory.insertionLimit { return .sorting }
    let cellCount = packed.cellCount(of: feature)
    if cellCount <= SearchMemory.denseLimit * part.count { return .allCells }
    return cellCount <= SearchMemory.sparseLimit * part.count ? .touchedCells : .sorting
  }

  /// Returns whether the feature is constant in the node.
  private func tryEveryThreshold<Scorer: SplitScorer>(
    _ part: Part, candidateCount: Int, _ sweep: inout Sweep<Scorer>
  ) -> Bool {
    let feature = sweep.feature
    switch method(part, feature: feature) {
    case .allCells:
      let table = takeTable(part, feature: feature, candidateCount: candidateCount)
      return sweep.pass(table, rows: countRows(part, feature: feature))
    case .touchedCells:
      let table = search.singleTable
      CellTable.countAndMark(
        part.count, weights: column(part, packed.weightField),
        cells: cells(part, ofFeature: feature), in: table)
      return sweep.passTouched(table, rows: countRows(part, feature: feature))
    case .sorting:
      sortKeys(part, feature: feature)
      return sweep.pass(search.keys, weightBits: weightBits)
    }
  }

  /// Counts samples by cell where leaves need more than one.
  private func countRows(_ part: Part, feature: Int) -> CellTable? {
    guard let table = search.rowTable else { return nil }
    CellTable.countRows(part.count, cells: cells(part, ofFeature: feature), in: table)
    return table
  }

  /// Writes the samples' keys, cell and weight, in ascending order.
  private func sortKeys(_ part: Part, feature: Int) {
    let keys = search.keys
    let cells = cells(part, ofFeature: feature)
    let weights = column(part, packed.weightField)
    let shift = UInt64(truncatingIfNeeded: weightBits)
    if part.count <= SearchMemory.insertionLimit {
      for index in 0..<part.count {
        let key = UInt64(truncatingIfNeeded: cells[index] << shift | weights[index])
        var hole = index
        while hole > 0, keys[hole &- 1] > key {
          keys[hole] = keys[hole &- 1]
          hole &-= 1
        }
        keys[hole] = key
      }
    } else {
      for index in 0..<part.count {
        keys[index] = UInt64(truncatingIfNeeded: cells[index] << shift | weights[index])
      }
      RadixSort.sort(
        keys, spare: search.spareKeys, count: part.count,
        bits: weightBits..<(weightBits + packed.fields[feature].bitCount),
        starts: search.digitStarts)
    }
  }

  // MARK: - Counting several features in one pass

  /// The table of a feature, counted now unless it was before.
  ///
  /// With it the features are counted that will be looked at next, so that one pass over the records
  /// serves several. Should one of them turn out to be constant, others may be drawn instead; what was
  /// counted in vain is emptied by ``clearTables()``.
  private func takeTable(_ part: Part, feature: Int, candidateCount: Int) -> CellTable {
    for index in 0..<SearchMemory.passWidth where search.counted[index] == feature {
      search.counted[index] = -1
      return search.tables[index]
    }
    if countAhead(part, from: feature, candidateCount: candidateCount) {
      search.counted[0] = -1
      return search.tables[0]
    }
    CellTable.count(
      part.count, weights: column(part, packed.weightField),
      cells: cells(part, ofFeature: feature), in: search.singleTable)
    return search.singleTable
  }

  /// Counts the feature and those of the candidates after it whose tables will be needed; false where
  /// they are too few for a pass.
  private func countAhead(_ part: Part, from feature: Int, candidateCount: Int) -> Bool {
    let counted = search.counted
    for index in 0..<SearchMemory.passWidth where counted[index] >= 0 { return false }
    var found = 0
    for index in 0..<candidateCount where found < SearchMemory.passWidth {
      let candidate = search.candidates[index]
      guard found > 0 || candidate == feature else { continue }
      guard method(part, feature: candidate) == .allCells else { continue }
      counted[found] = candidate
      found += 1
    }
    guard found == SearchMemory.passWidth else {
      for index in 0..<found { counted[index] = -1 }
      return false
    }
    CellTable.count(
      part.count, weights: column(part, packed.weightField),
      cells(part, ofFeature: counted[0]), in: search.tables[0],
      cells(part, ofFeature: counted[1]), in: search.tables[1],
      cells(part, ofFeature: counted[2]), in: search.tables[2])
    return true
  }

  /// Empties the tables of features that were not drawn after all.
  private func clearTables() {
    for index in 0..<SearchMemory.passWidth where search.counted[index] >= 0 {
      search.tables[index].weights.update(
        repeating: 0, count: packed.cellCount(of: search.counted[index]))
      search.counted[index] = -1
    }
  }

  // MARK: - Random thresholds

  /// Returns whether the feature is constant in the node.
  private func tryRandomThreshold<Scorer: SplitScorer>(
    _ part: Part, _ sweep: inout Sweep<Scorer>
  ) -> Bool {
    let cells = cells(part, ofFeature: sweep.feature)
    let weights = column(part, packed.weightField)
    var lowest = cells[0]
    var highest = lowest
    for index in 0..<part.count {
      lowest = min(lowest, cells[index])
      highest = max(highest, cells[index])
    }
    guard
      let (threshold, lastLeftRank) = SplitThreshold.random(
        &random, packed.values[sweep.feature], lowest: lowest / classCount,
        highest: highest / classCount)
    else { return true }
    var leftRows = 0
    for index in 0..<part.count where cells[index] / classCount <= lastLeftRank {
      sweep.scorer.moveLeft(
        UInt32(truncatingIfNeeded: weights[index]), ofClass: cells[index] % classCount)
      leftRows += 1
    }
    sweep.consider(threshold: threshold, lastLeftRank: lastLeftRank, leftRows: leftRows)
    return false
  }
}
