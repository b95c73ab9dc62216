extension CountingSplitter {
  /// Moves the records of each child together, except those of children that are not kept.
  func move(
    _ part: Part, by split: BestSplit, keepsLeft: Bool, keepsRight: Bool
  ) -> (left: Part, right: Part) {
    let size = packed.recordSize
    let feature = packed.features.start[split.feature]
    let cells = RecordColumn(part.records, recordSize: size, field: feature.cells)
    let firstRight = (split.lastLeftRank + 1) * classCount
    let leftCount: Int
    if split.missingGoesLeft == true, let missingRank = feature.missingRank {
      // Samples that lack the feature have the last cells.
      leftCount = move(
        part, cells, right: firstRight..<missingRank * classCount, keepsLeft: keepsLeft,
        keepsRight: keepsRight)
    } else if keepsLeft && keepsRight && size == 16 {
      leftCount = Self.move(part, cells, firstRight: firstRight)
    } else {
      leftCount = move(
        part, cells, right: firstRight..., keepsLeft: keepsLeft, keepsRight: keepsRight)
    }
    var left = part
    left.count = leftCount
    var right = part
    right.count = part.count - leftCount
    if keepsLeft && keepsRight {
      // The right child is at the end of the former reserve, and its reserve is where the records were.
      right.records = part.reserve + leftCount * size
      right.reserve = part.records + leftCount * size
    }
    return (left, right)
  }

  /// Moves records whose cells are in `right` to the right child; returns how many go left.
  @inline(__always)
  private func move(
    _ part: Part, _ cells: RecordColumn, right: some RangeExpression<Int>, keepsLeft: Bool,
    keepsRight: Bool
  ) -> Int {
    let size = packed.recordSize
    if keepsLeft && keepsRight { return Self.move(part, size: size, cells, right: right) }
    if keepsLeft || keepsRight {
      let kept = Self.gather(part, size: size, cells, right: right, gathersLeft: keepsLeft)
      return keepsLeft ? kept : part.count - kept
    }
    return (0..<part.count).reduce(0) { $0 &+ (right.contains(cells[$1]) ? 0 : 1) }
  }

  /// Moves records of 16 bytes: those of the left child to the front, in place, and those of the
  /// right child to the reserve, from its end. Returns how many go left.
  private static func move(_ part: Part, _ cells: RecordColumn, firstRight: Int) -> Int {
    typealias Record = SIMD2<UInt64>
    let size = MemoryLayout<Record>.size
    // Record i goes to place l, or to the place i − l before the reserve's last, with l the number of
    // those that went left. Both places are written and one counter moves: no branch to mispredict.
    var reserveEnd = part.reserve + (part.count - 1) * size
    var left = 0
    for index in 0..<part.count {
      // Sixteen where the difference is negative, and else zero.
      let difference = UInt(bitPattern: cells[index] &- firstRight)
      let step = Int(bitPattern: difference &>> UInt(UInt.bitWidth - 5)) & size
      let record = part.records.load(fromByteOffset: index &* size, as: Record.self)
      part.records.storeBytes(of: record, toByteOffset: left, as: Record.self)
      reserveEnd.storeBytes(of: record, toByteOffset: left, as: Record.self)
      reserveEnd -= size
      left &+= step
    }
    return left / size
  }

  @inline(__always)
  private static func move(
    _ part: Part, size: Int, _ cells: RecordColumn, right: some RangeExpression<Int>
  ) -> Int {
    let wordCount = size / 8
    let records = part.records.assumingMemoryBound(to: UInt64.self)
    var left = records
    var rest =
      part.reserve.assumingMemoryBound(to: UInt64.self) + (part.count - 1) * wordCount
    for index in 0..<part.count {
      let record = records + index &* wordCount
      let step = right.contains(cells[index]) ? 0 : 1
      for word in 0..<wordCount {
        let value = record[word]
        left[word] = value
        rest[word] = value
      }
      left += step &* wordCount
      rest -= (1 &- step) &* wordCount
    }
    return (left - records) / wordCount
  }

  /// Moves the records of one child to the front and forgets the others; returns how many there are.
  @inline(__always)
  private static func gather(
    _ part: Part, size: Int, _ cells: RecordColumn, right: some RangeExpression<Int>,
    gathersLeft: Bool
  ) -> Int {
    let wordCount = size / 8
    let records = part.records.assumingMemoryBound(to: UInt64.self)
    var kept = records
    for index in 0..<part.count {
      let isKept = right.contains(cells[index]) != gathersLeft
      let record = records + index &* wordCount
      for word in 0..<wordCount { kept[word] = record[word] }
      kept += isKept ? wordCount : 0
    }
    return (kept - records) / wordCount
  }
}
