/// The weights of a node's samples by cell: a table of classes by rank of one feature.
///
/// A table is all zero between uses, and whoever reads it leaves it so. Where there are many more
/// cells than samples, a bit for each cell says whether it was touched, so that reading need not visit
/// the others.
struct CellTable {
  let weights: UnsafeMutablePointer<UInt32>
  let touched: UnsafeMutablePointer<UInt64>

  init(cellCount: Int) {
    weights = .allocate(capacity: cellCount)
    weights.initialize(repeating: 0, count: cellCount)
    let wordCount = Self.touchedWords(cellCount)
    touched = .allocate(capacity: wordCount)
    touched.initialize(repeating: 0, count: wordCount)
  }

  func deallocate() {
    weights.deallocate()
    touched.deallocate()
  }

  @inline(__always) static func touchedWords(_ cellCount: Int) -> Int { (cellCount + 63) >> 6 }
}

/// One number in each of many records, for reading.
struct RecordColumn {
  let words: UnsafePointer<UInt64>
  let recordSize: Int
  let shift: UInt64
  let mask: UInt64

  @inline(__always)
  init(
    _ records: UnsafePointer<UInt64>, recordSize: Int, field: PackedSamples.Field
  ) {
    words = records + field.word
    self.recordSize = recordSize
    shift = field.shift
    mask = field.mask
  }

  @inline(__always)
  subscript(record: Int) -> Int {
    Int(truncatingIfNeeded: words[record &* recordSize] >> shift & mask)
  }
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

  /// Counts, and marks the cells that were touched.
  static func countAndMark(
    _ recordCount: Int, weights: RecordColumn, cells: RecordColumn, in table: CellTable
  ) {
    let touched = table.touched
    let table = table.weights
    for record in 0..<recordCount {
      let cell = cells[record]
      table[cell] &+= UInt32(truncatingIfNeeded: weights[record])
      touched[cell >> 6] |= 1 << UInt64(cell & 63)
    }
  }

  /// Counts one for every record, whatever it weighs.
  static func countRows(_ recordCount: Int, cells: RecordColumn, in table: CellTable) {
    let table = table.weights
    for record in 0..<recordCount { table[cells[record]] &+= 1 }
  }
}
