import LinearAlgebra

extension TallyDivider {
  /// The best split among the features that the node happens to draw.
  ///
  /// - Parameter bestLeft: receives what each class weighs on its left side.
  mutating func findSplit(
    _ part: Part, classWeights: UnsafePointer<Double>, constantCount: inout Int,
    bestLeft: UnsafeMutablePointer<Double>
  ) -> BestSplit {
    if rules.criterion != .gini {
      let scorer = EntropyScorer(classWeights, left: memory.left, classCount: classCount)
      return findSplit(part, scorer, constantCount: &constantCount, bestLeft: bestLeft)
    }
    if classCount == 2 {
      return findSplit(
        part, BinaryGiniScorer(classWeights), constantCount: &constantCount, bestLeft: bestLeft)
    }
    let scorer = GiniScorer(classWeights, left: memory.left, classCount: classCount)
    return findSplit(part, scorer, constantCount: &constantCount, bestLeft: bestLeft)
  }

  private mutating func findSplit<Scorer: SplitScorer>(
    _ part: Part, _ scorer: Scorer, constantCount: inout Int,
    bestLeft: UnsafeMutablePointer<Double>
  ) -> BestSplit {
    var sweep = Sweep(
      scorer, bestLeft: bestLeft, rowCount: part.count, classCount: classCount,
      minimumLeafSize: rules.minimumLeafSize, minimumLeafWeight: minimumLeafWeight)
    drawing.begin(constantCount: constantCount)
    let candidateCount =
      part.count > TallyMemory.insertionLimit && rules.splitter == .best
      ? drawing.lookAhead(random, into: memory.candidates) : 0
    while let feature = drawing.next(&random) {
      sweep.begin(feature: feature, values: packed.features[feature].values)
      let isConstant =
        rules.splitter == .best
        ? tryEveryThreshold(part, candidateCount: candidateCount, &sweep)
        : tryRandomThreshold(part, &sweep)
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
    column(part, packed.features[feature].cells)
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
    if part.count <= TallyMemory.insertionLimit { return .sorting }
    let cellCount = packed.features[feature].cellCount
    if cellCount <= TallyMemory.denseLimit * part.count { return .allCells }
    return cellCount <= TallyMemory.sparseLimit * part.count ? .touchedCells : .sorting
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
      let table = memory.singleTable
      CellTable.countAndMark(
        part.count, weights: column(part, packed.weightField),
        cells: cells(part, ofFeature: feature), in: table,
        groupShift: Sweep<Scorer>.groupShift)
      return sweep.passTouched(table, rows: countRows(part, feature: feature))
    case .sorting:
      sortKeys(part, feature: feature)
      return sweep.pass(memory.keys, weightBits: weightBits)
    }
  }

  /// Counts samples by cell where leaves need more than one.
  private func countRows(_ part: Part, feature: Int) -> CellTable? {
    guard let table = memory.rowTable else { return nil }
    CellTable.countRows(part.count, cells: cells(part, ofFeature: feature), in: table)
    return table
  }

  /// Writes the samples' keys, cell and weight, in ascending order.
  private func sortKeys(_ part: Part, feature: Int) {
    let keys = memory.keys
    let cells = cells(part, ofFeature: feature)
    let weights = column(part, packed.weightField)
    let weightBits = self.weightBits
    if part.count <= TallyMemory.insertionLimit {
      for index in 0..<part.count {
        let key = UInt64(truncatingIfNeeded: cells[index] &<< weightBits | weights[index])
        var hole = index
        while hole > 0, keys[hole &- 1] > key {
          keys[hole] = keys[hole &- 1]
          hole &-= 1
        }
        keys[hole] = key
      }
    } else {
      for index in 0..<part.count {
        keys[index] = UInt64(truncatingIfNeeded: cells[index] &<< weightBits | weights[index])
      }
      let keyBits = PackedSamples.bitCount(upTo: packed.features[feature].cellCount - 1)
      RadixSort.sort(
        keys, spare: memory.spareKeys, count: part.count,
        bits: weightBits..<weightBits + keyBits,
        starts: memory.digitStarts)
    }
  }

  // MARK: - Counting several features in one pass

  /// The table of a feature, counted now unless it was before.
  ///
  /// With it the features are counted that will be looked at next, so that one pass over the records
  /// serves several. Should one of them turn out to be constant, others may be drawn instead; what was
  /// counted in vain is emptied by ``clearTables()``.
  private func takeTable(_ part: Part, feature: Int, candidateCount: Int) -> CellTable {
    for index in 0..<TallyMemory.passWidth where memory.counted[index] == feature {
      memory.counted[index] = -1
      return memory.tables[index]
    }
    if countAhead(part, from: feature, candidateCount: candidateCount) {
      memory.counted[0] = -1
      return memory.tables[0]
    }
    CellTable.count(
      part.count, weights: column(part, packed.weightField),
      cells: cells(part, ofFeature: feature), in: memory.singleTable)
    return memory.singleTable
  }

  /// Counts the feature and those of the candidates after it whose tables will be needed; false where
  /// they are too few for a pass.
  private func countAhead(_ part: Part, from feature: Int, candidateCount: Int) -> Bool {
    let counted = memory.counted
    for index in 0..<TallyMemory.passWidth where counted[index] >= 0 { return false }
    var found = 0
    for index in 0..<candidateCount where found < TallyMemory.passWidth {
      let candidate = memory.candidates[index]
      guard found > 0 || candidate == feature else { continue }
      guard method(part, feature: candidate) == .allCells,
        packed.features[candidate].cellCount <= TallyMemory.passCellLimit
      else { continue }
      counted[found] = candidate
      found += 1
    }
    guard found == TallyMemory.passWidth else {
      for index in 0..<found { counted[index] = -1 }
      return false
    }
    CellTable.count(
      part.count, weights: column(part, packed.weightField),
      (
        cells(part, ofFeature: counted[0]), cells(part, ofFeature: counted[1]),
        cells(part, ofFeature: counted[2])
      ), in: (memory.tables[0], memory.tables[1], memory.tables[2]))
    return true
  }

  /// Empties the tables of features that were not drawn after all.
  private func clearTables() {
    for index in 0..<TallyMemory.passWidth where memory.counted[index] >= 0 {
      memory.tables[index].weights.update(
        repeating: 0, count: packed.features[memory.counted[index]].cellCount)
      memory.counted[index] = -1
    }
  }

  // MARK: - Random thresholds

  /// Returns whether the feature is constant in the node.
  private mutating func tryRandomThreshold<Scorer: SplitScorer>(
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
        &random, sweep.values, lowest: lowest / classCount,
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
