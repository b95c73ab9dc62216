/// A cell of a row that is being read.
package struct CSVCell {
  /// The bytes between the separators without surrounding spaces and quotes; quotes inside are still
  /// doubled.
  package let bytes: UnsafeBufferPointer<UInt8>
  /// The number that the scanner found while it searched the cell's end; NaN if it found none.
  var shortNumber = Double.nan

  package var text: String {
    guard bytes.contains(CSVGrammar.quote) else { return String(decoding: bytes, as: UTF8.self) }
    var text: [UInt8] = []
    var isFirstOfTwo = false
    for byte in bytes {
      isFirstOfTwo = byte == CSVGrammar.quote && !isFirstOfTwo
      if !isFirstOfTwo { text.append(byte) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The cell's number; `nil` if it is not a number.
  package var number: Double? {
    shortNumber.isNaN ? DecimalNumber.value(bytes) : shortNumber
  }
}

/// The cells of one row at a time.
struct RowCells: ~Copyable, CSVSink {
  private var memory = UnsafeMutableBufferPointer<CSVCell>.allocate(capacity: 64)
  private var count = 0

  deinit { memory.deallocate() }

  var all: UnsafeBufferPointer<CSVCell> { UnsafeBufferPointer(rebasing: memory[..<count]) }

  mutating func removeAll() { count = 0 }

  @inline(__always)
  mutating func takeShortCell(at start: UnsafePointer<UInt8>, _ grammar: CSVGrammar) -> Int? {
    guard let number = ShortNumber(at: start), grammar.isCellEnd(start[number.length]) else {
      return nil
    }
    let bytes = UnsafeBufferPointer(start: start, count: number.length)
    take(CSVCell(bytes: bytes, shortNumber: number.value))
    return number.length
  }

  @inline(__always)
  mutating func take(_ cell: CSVCell) {
    if count == memory.count { grow() }
    memory[count] = cell
    count &+= 1
  }

  private mutating func grow() {
    let larger = UnsafeMutableBufferPointer<CSVCell>.allocate(capacity: 2 * count)
    _ = larger.update(fromContentsOf: memory)
    memory.deallocate()
    memory = larger
  }
}
