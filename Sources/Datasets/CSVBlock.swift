/// A cell of a row that is being read, as it stands in the file.
package struct CSVCell {
  /// The bytes between the separators, without spaces around them and without the quotes around them.
  package let bytes: UnsafeBufferPointer<UInt8>
  /// Whether quotes inside the cell are still doubled.
  let hasDoubledQuotes: Bool
  /// The number that was found while the cell's end was looked for; not a number where there was none.
  let shortNumber: Double

  package var text: String {
    let text = String(decoding: bytes, as: UTF8.self)
    return hasDoubledQuotes ? text.replacing("\"\"", with: "\"") : text
  }

  /// The number that the cell spells, `nil` when it spells something else.
  package var number: Double? {
    shortNumber.isNaN ? DecimalNumber.value(bytes) : shortNumber
  }
}

/// Whole rows of a CSV file, one behind the other.
///
/// The grammar is that of ``CSVTable``: quotes as in RFC 4180, spaces around a cell are not part of it,
/// lines end with LF, CR or both, and empty lines are no rows.
package struct CSVBlock: Sendable {
  /// The rows, and behind them line ends, at which every search stops.
  package let bytes: [UInt8]
  private let separator: UInt8

  /// Whether the last row goes on behind the block, which happens only to rows that are too long.
  private let isCut: Bool

  /// How many line ends stand behind the rows: eight bytes may be read wherever a cell starts.
  static let padding = 8

  /// - Parameter rows: whole rows; the last one may lack its line end.
  init(_ rows: consuming [UInt8], separator: UInt8, isCut: Bool = false) {
    self.isCut = isCut
    rows.append(contentsOf: repeatElement(UInt8(ascii: "\n"), count: Self.padding))
    bytes = rows
    self.separator = separator
  }

  /// A whole file with its line of column names, whose separator is found out.
  package init(file bytes: [UInt8]) {
    let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
    self.init(Array(text), separator: CSVReader.separator(of: text))
  }

  /// The number of bytes.
  package var count: Int { bytes.count - Self.padding }

  /// There are no more rows than this.
  package var rowLimit: Int {
    bytes.withUnsafeBufferPointer { $0.count(of: UInt8(ascii: "\n"), or: UInt8(ascii: "\r")) }
  }

  /// Why rows could not be read, and on which line, counted from 0 at the start of the block.
  package struct RowError: Error {
    package let line: Int
    package let problem: String

    package init(line: Int, problem: String) {
      self.line = line
      self.problem = problem
    }
  }

  /// Calls `body` for every row with the place of the row's bytes without its line end, its cells, and
  /// the line on which it starts, counted from 0. Cells last as long as the call.
  ///
  /// - Returns: how many lines there are.
  @discardableResult package func forEachRow(
    _ body: (
      _ row: Range<Int>, _ cells: UnsafeBufferPointer<CSVCell>, _ line: Int
    ) throws(RowError) -> Void
  ) throws(RowError) -> Int {
    try checkText()
    var failure: RowError?
    var line = 0
    var cells = CellList()
    defer { cells.deallocate() }
    bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      let end = start + count
      var position = start
      do throws(RowError) {
        while position < end {
          let row = position
          let rowLine = line
          cells.removeAll()
          try readRow(&position, end: end, line: &line, &cells)
          let rowEnd = position
          skipLineEnd(&position, end: end)
          line += 1
          if isCut, rowEnd == end { throw Self.tooLong(rowLine) }
          let read = cells.cells
          if read.count == 1, read[0].bytes.isEmpty, !isQuoted(row, rowEnd) { continue }
          try body(row - start..<rowEnd - start, read, rowLine)
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return line
  }

  /// Whether the row, whose only cell is empty, has quotes: then it is no empty line.
  private func isQuoted(_ row: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
    UnsafeBufferPointer(start: row, count: end - row).contains(UInt8(ascii: "\""))
  }

  /// Reads cells up to the row's end, where `position` is left.
  @inline(__always)
  private func readRow(
    _ position: inout UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, line: inout Int,
    _ cells: inout CellList
  ) throws(RowError) {
    while true {
      while isSpace(position.pointee) { position += 1 }
      if position.pointee == UInt8(ascii: "\"") {
        try readQuotedCell(&position, end: end, line: &line, &cells)
      } else if let number = ShortNumber(at: position), isCellEnd(position[number.length]) {
        cells.append(
          CSVCell(
            bytes: UnsafeBufferPointer(start: position, count: number.length),
            hasDoubledQuotes: false, shortNumber: number.value))
        position += number.length
      } else {
        let start = position
        while true {
          let byte = position.pointee
          if isCellEnd(byte) { break }
          if byte == UInt8(ascii: "\"") { throw Self.strayQuote(line) }
          position += 1
        }
        var last = position
        while last > start, isSpace(last[-1]) { last -= 1 }
        cells.append(
          CSVCell(
            bytes: UnsafeBufferPointer(start: start, count: last - start),
            hasDoubledQuotes: false, shortNumber: .nan))
      }
      guard position < end, position.pointee == separator else { return }
      position += 1
    }
  }

  private func readQuotedCell(
    _ position: inout UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, line: inout Int,
    _ cells: inout CellList
  ) throws(RowError) {
    let firstLine = line
    position += 1
    let start = position
    var hasDoubledQuotes = false
    while true {
      guard position < end else {
        if isCut { throw Self.tooLong(firstLine) }
        throw RowError(
          line: firstLine, problem: "expected a closing quote, found the end of the file")
      }
      let byte = position.pointee
      if byte == UInt8(ascii: "\"") {
        guard position + 1 < end, position[1] == UInt8(ascii: "\"") else { break }
        hasDoubledQuotes = true
        position += 2
      } else {
        if isLineEnd(byte) {
          skipLineEnd(&position, end: end)
          line += 1
        } else {
          position += 1
        }
      }
    }
    cells.append(
      CSVCell(
        bytes: UnsafeBufferPointer(start: start, count: position - start),
        hasDoubledQuotes: hasDoubledQuotes, shortNumber: .nan))
    position += 1
    while isSpace(position.pointee) { position += 1 }
    guard isCellEnd(position.pointee) else {
      throw Self.strayQuote(line)
    }
  }

  @inline(__always)
  private func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (byte == UInt8(ascii: "\t") && byte != separator)
  }

  @inline(__always)
  private func isLineEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  @inline(__always)
  private func isCellEnd(_ byte: UInt8) -> Bool { byte == separator || isLineEnd(byte) }

  /// Steps over LF, CR or both.
  @inline(__always)
  private func skipLineEnd(_ position: inout UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) {
    guard position < end else { return }
    let isReturn = position.pointee == UInt8(ascii: "\r")
    position += 1
    if isReturn, position < end, position.pointee == UInt8(ascii: "\n") { position += 1 }
  }

  /// Refuses zero bytes and bytes that are not UTF-8.
  private func checkText() throws(RowError) {
    if let flaw = FileBytes.firstFlaw(of: bytes) {
      throw RowError(line: flaw.line, problem: flaw.problem)
    }
  }

  private static func tooLong(_ line: Int) -> RowError {
    RowError(
      line: line,
      problem:
        "expected a row of at most \(CSVBlockReader.rowLimit) bytes; a quote may not be closed")
  }

  private static func strayQuote(_ line: Int) -> RowError {
    RowError(
      line: line,
      problem: "expected a quote to stand at a cell's start or end, or doubled inside a quoted cell"
    )
  }
}

/// The cells of the row that is being read, in memory that rows share.
private struct CellList {
  private var memory = UnsafeMutableBufferPointer<CSVCell>.allocate(capacity: 64)
  private var count = 0

  var cells: UnsafeBufferPointer<CSVCell> { UnsafeBufferPointer(rebasing: memory[..<count]) }

  @inline(__always)
  mutating func append(_ cell: CSVCell) {
    if count == memory.count { grow() }
    memory[count] = cell
    count &+= 1
  }

  mutating func removeAll() { count = 0 }

  func deallocate() { memory.deallocate() }

  private mutating func grow() {
    let larger = UnsafeMutableBufferPointer<CSVCell>.allocate(capacity: 2 * memory.count)
    _ = larger.update(fromContentsOf: memory)
    memory.deallocate()
    memory = larger
  }
}
