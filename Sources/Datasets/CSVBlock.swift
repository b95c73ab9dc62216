/// A cell of a row that is being read, as it stands in the file.
package struct CSVCell {
  /// The bytes between the separators, without spaces around them and without the quotes around them.
  package let bytes: UnsafeBufferPointer<UInt8>
  /// Whether quotes inside the cell are still doubled.
  let hasDoubledQuotes: Bool

  package var text: String {
    let text = String(decoding: bytes, as: UTF8.self)
    return hasDoubledQuotes ? text.replacing("\"\"", with: "\"") : text
  }

  /// The number that the cell spells, `nil` when it spells something else.
  package var number: Double? { DecimalNumber.value(bytes) }
}

/// Whole rows of a CSV file, one behind the other.
///
/// The grammar is that of ``CSVTable``: quotes as in RFC 4180, spaces around a cell are not part of it,
/// lines end with LF, CR or both, and empty lines are no rows.
package struct CSVBlock: Sendable {
  /// The rows, and a line end behind them at which every search stops.
  package let bytes: [UInt8]
  private let separator: UInt8

  /// Whether the last row goes on behind the block, which happens only to rows that are too long.
  private let isCut: Bool

  /// - Parameter rows: whole rows; the last one may lack its line end.
  init(_ rows: some Sequence<UInt8>, separator: UInt8, isCut: Bool = false) {
    self.isCut = isCut
    var bytes = Array(rows)
    bytes.append(UInt8(ascii: "\n"))
    self.bytes = bytes
    self.separator = separator
  }

  /// A whole file with its line of column names, whose separator is found out.
  package init(file bytes: [UInt8]) {
    let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
    self.init(text, separator: CSVReader.separator(of: text))
  }

  /// The number of bytes.
  package var count: Int { bytes.count - 1 }

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
    var cells: [CSVCell] = []
    bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      let end = start + count
      var position = start
      do throws(RowError) {
        while position < end {
          let row = position
          let rowLine = line
          cells.removeAll(keepingCapacity: true)
          try readRow(&position, end: end, line: &line, &cells)
          let rowEnd = position
          skipLineEnd(&position, end: end)
          line += 1
          if isCut, rowEnd == end { throw Self.tooLong(rowLine) }
          if cells.count == 1, cells[0].bytes.isEmpty, !isQuoted(row, rowEnd) { continue }
          let place = row - start..<rowEnd - start
          var bodyFailure: RowError?
          cells.withUnsafeBufferPointer { cells in
            do throws(RowError) { try body(place, cells, rowLine) } catch { bodyFailure = error }
          }
          if let bodyFailure { throw bodyFailure }
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
    _ cells: inout [CSVCell]
  ) throws(RowError) {
    while true {
      while isSpace(position.pointee) { position += 1 }
      if position.pointee == UInt8(ascii: "\"") {
        try readQuotedCell(&position, end: end, line: &line, &cells)
      } else {
        let start = position
        while true {
          let byte = position.pointee
          if byte == separator || isLineEnd(byte) { break }
          if byte == UInt8(ascii: "\"") { throw Self.strayQuote(line) }
          position += 1
        }
        var last = position
        while last > start, isSpace(last[-1]) { last -= 1 }
        cells.append(
          CSVCell(
            bytes: UnsafeBufferPointer(start: start, count: last - start), hasDoubledQuotes: false))
      }
      guard position < end, position.pointee == separator else { return }
      position += 1
    }
  }

  private func readQuotedCell(
    _ position: inout UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, line: inout Int,
    _ cells: inout [CSVCell]
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
        hasDoubledQuotes: hasDoubledQuotes))
    position += 1
    while isSpace(position.pointee) { position += 1 }
    guard position.pointee == separator || isLineEnd(position.pointee) else {
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
    var isPlain = true
    for byte in bytes where byte &- 1 >= 0x7f { isPlain = false }
    if !isPlain, let flaw = FileBytes.firstFlaw(of: bytes) {
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
