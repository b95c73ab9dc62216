/// The weights of a node's samples by cell: a table of classes by rank of one feature.
///
/// A table is all zero between uses; readers clear it. With many more cells than samples, a bit for each group of
/// cells says whether one of them was touched, so that readers can skip the others.
struct CellTable: ~Copyable {
  let weights: Buffer<UInt32>
  let touched: Buffer<UInt64>
  /// The feature that was counted ahead of its turn.
  var feature: Int?

  init(cellCount: Int) {
    // Readers may read a whole block.
    let cellCount = (cellCount + 31) & ~31
    weights = Buffer(repeating: 0, count: cellCount)
    touched = Buffer(repeating: 0, count: Self.wordCount(groups: cellCount))
  }

  /// The table is empty, as it is between two nodes.
  func assertInvariants() {
    #if DEBUG
      precondition(feature == nil, "a table was counted ahead and not cleared")
      for cell in 0..<weights.count {
        precondition(weights.start[cell] == 0, "cell \(cell) is in use")
      }
      for word in 0..<touched.count { precondition(touched.start[word] == 0, "a mark was left") }
    #endif
  }

  /// The number of words with a bit for each group.
  @inline(__always) static func wordCount(groups: Int) -> Int { (groups + 63) >> 6 }
}

extension CellTable {
  /// Counts every record's weight in its cell.
  func count(_ recordCount: Int, weights: RecordColumn, cells: RecordColumn) {
    let table = self.weights.start
    if weights.byteCount == 1, cells.byteCount == 2 {
      // Without masks, as below.
      var offset = 0
      for _ in 0..<recordCount {
        let cell = Int(cells.start.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
        table[cell] &+= UInt32(weights.start.load(fromByteOffset: offset, as: UInt8.self))
        offset &+= weights.recordSize
      }
    } else {
      for record in 0..<recordCount {
        table[cells[record]] &+= UInt32(truncatingIfNeeded: weights[record])
      }
    }
  }

  /// Counts three features in one pass, in three tables.
  static func count(
    _ recordCount: Int, weights: RecordColumn,
    _ columns: (RecordColumn, RecordColumn, RecordColumn),
    in tables: UnsafePointer<CellTable>
  ) {
    var first = (columns.0, tables[0].weights.start)
    var second = (columns.1, tables[1].weights.start)
    var third = (columns.2, tables[2].weights.start)
    // Wide fields first.
    if first.0.byteCount < second.0.byteCount { swap(&first, &second) }
    if second.0.byteCount < third.0.byteCount { swap(&second, &third) }
    if first.0.byteCount < second.0.byteCount { swap(&first, &second) }
    guard weights.byteCount == 1, first.0.byteCount <= 2 else {
      count(recordCount, weights: weights, first, second, third)
      return
    }
    switch (first.0.byteCount, second.0.byteCount, third.0.byteCount) {
    case (1, _, _):
      count(
        recordCount, weights, first, UInt8.self, second, UInt8.self, third, UInt8.self)
    case (_, 1, _):
      count(
        recordCount, weights, first, UInt16.self, second, UInt8.self, third, UInt8.self)
    case (_, _, 1):
      count(
        recordCount, weights, first, UInt16.self, second, UInt16.self, third, UInt8.self)
    default:
      count(
        recordCount, weights, first, UInt16.self, second, UInt16.self, third, UInt16.self)
    }
  }

  private typealias Counted = (cells: RecordColumn, table: UnsafeMutablePointer<UInt32>)

  private static func count(
    _ recordCount: Int, weights: RecordColumn, _ first: Counted, _ second: Counted,
    _ third: Counted
  ) {
    for record in 0..<recordCount {
      let weight = UInt32(truncatingIfNeeded: weights[record])
      first.table[first.cells[record]] &+= weight
      second.table[second.cells[record]] &+= weight
      third.table[third.cells[record]] &+= weight
    }
  }

  /// The same for fields of known widths: without masks, which would need too many registers.
  @inline(__always)
  private static func count<
    First: FixedWidthInteger & UnsignedInteger, Second: FixedWidthInteger & UnsignedInteger,
    Third: FixedWidthInteger & UnsignedInteger
  >(
    _ recordCount: Int, _ weights: RecordColumn, _ first: Counted, _: First.Type,
    _ second: Counted, _: Second.Type, _ third: Counted, _: Third.Type
  ) {
    let size = weights.recordSize
    let (start, firstStart, secondStart, thirdStart) = (
      weights.start, first.cells.start, second.cells.start, third.cells.start
    )
    let (firstTable, secondTable, thirdTable) = (first.table, second.table, third.table)
    var offset = 0
    for _ in 0..<recordCount {
      let weight = UInt32(start.load(fromByteOffset: offset, as: UInt8.self))
      let first = Int(firstStart.loadUnaligned(fromByteOffset: offset, as: First.self))
      let second = Int(secondStart.loadUnaligned(fromByteOffset: offset, as: Second.self))
      let third = Int(thirdStart.loadUnaligned(fromByteOffset: offset, as: Third.self))
      firstTable[first] &+= weight
      secondTable[second] &+= weight
      thirdTable[third] &+= weight
      offset &+= size
    }
  }

  /// Counts, and marks the groups that were touched; a group has 2 to the power of `groupShift` cells.
  @inline(__always)
  func countAndMark(
    _ recordCount: Int, weights: RecordColumn, cells: RecordColumn, groupShift: Int
  ) {
    let touched = self.touched.start
    let table = self.weights.start
    for record in 0..<recordCount {
      let cell = cells[record]
      table[cell] &+= UInt32(truncatingIfNeeded: weights[record])
      let group = cell &>> groupShift
      touched[group &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: group)
    }
  }

  /// Removes the marks of those groups of these cells that have only zeros.
  func unmarkEmptyGroups(from first: Int, count: Int, groupShift: Int) {
    for group in first &>> groupShift...(first + count - 1) &>> groupShift {
      let cells = UnsafeBufferPointer(
        start: weights.start + group &<< groupShift, count: 1 &<< groupShift)
      if cells.allSatisfy({ $0 == 0 }) {
        touched.start[group &>> 6] &= ~(1 &<< UInt64(truncatingIfNeeded: group))
      }
    }
  }

  /// Counts one for every record, whatever it weighs.
  func countRows(_ recordCount: Int, cells: RecordColumn) {
    let table = weights.start
    for record in 0..<recordCount { table[cells[record]] &+= 1 }
  }
}
