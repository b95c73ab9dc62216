/// The weights of a node's samples by cell: a table of classes by rank of one feature.
///
/// A table is all zero between uses, and whoever reads it leaves it so. Where there are many more
/// cells than samples, a bit for each group of cells says whether one of them was touched, so that
/// reading need not visit the others.
struct CellTable {
  let weights: UnsafeMutablePointer<UInt32>
  let touched: UnsafeMutablePointer<UInt64>

  init(cellCount: Int) {
    // Readers may take a group as a whole.
    let cellCount = (cellCount + 3) & ~3
    weights = .allocate(capacity: cellCount)
    weights.initialize(repeating: 0, count: cellCount)
    let wordCount = Self.wordCount(groups: cellCount)
    touched = .allocate(capacity: wordCount)
    touched.initialize(repeating: 0, count: wordCount)
  }

  func deallocate() {
    weights.deallocate()
    touched.deallocate()
  }

  /// How many words hold a bit for each of so many groups.
  @inline(__always) static func wordCount(groups: Int) -> Int { (groups + 63) >> 6 }
}

extension CellTable {
  /// Counts every record's weight in its cell.
  static func count(
    _ recordCount: Int, weights: RecordColumn, cells: RecordColumn, in table: CellTable
  ) {
    let table = table.weights
    for record in 0..<recordCount {
      table[cells[record]] &+= UInt32(truncatingIfNeeded: weights[record])
    }
  }

  /// Counts three features in one pass.
  static func count(
    _ recordCount: Int, weights: RecordColumn,
    _ first: RecordColumn, in firstTable: CellTable,
    _ second: RecordColumn, in secondTable: CellTable,
    _ third: RecordColumn, in thirdTable: CellTable
  ) {
    let firstTable = firstTable.weights
    let secondTable = secondTable.weights
    let thirdTable = thirdTable.weights
    for record in 0..<recordCount {
      let weight = UInt32(truncatingIfNeeded: weights[record])
      firstTable[first[record]] &+= weight
      secondTable[second[record]] &+= weight
      thirdTable[third[record]] &+= weight
    }
  }

  /// Counts, and marks the groups that were touched; a group has 2 to the power of `groupShift` cells.
  @inline(__always)
  static func countAndMark(
    _ recordCount: Int, weights: RecordColumn, cells: RecordColumn, in table: CellTable,
    groupShift: Int
  ) {
    let touched = table.touched
    let table = table.weights
    for record in 0..<recordCount {
      let cell = cells[record]
      table[cell] &+= UInt32(truncatingIfNeeded: weights[record])
      let group = cell &>> groupShift
      touched[group &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: group)
    }
  }

  /// Counts one for every record, whatever it weighs.
  static func countRows(_ recordCount: Int, cells: RecordColumn, in table: CellTable) {
    let table = table.weights
    for record in 0..<recordCount { table[cells[record]] &+= 1 }
  }
}
