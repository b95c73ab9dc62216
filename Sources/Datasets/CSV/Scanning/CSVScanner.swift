/// The bytes with a meaning in a CSV text.
///
/// The grammar is RFC 4180 with any separator. Lines end with LF, CR or both. Spaces and tabs around a
/// cell are not part of it unless they are in its quotes, and lines of nothing else are skipped.
struct CSVGrammar: Sendable {
  let separator: UInt8

  /// The line ends that must follow a text: the search for a cell's end stops there, and eight bytes can be
  /// read wherever a cell starts.
  static let padding = [UInt8](repeating: UInt8(ascii: "\n"), count: 8)
  static let quote = UInt8(ascii: "\"")

  @inline(__always)
  func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (byte == UInt8(ascii: "\t") && byte != separator)
  }

  @inline(__always)
  func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

  @inline(__always)
  func isCellEnd(_ byte: UInt8) -> Bool { byte == separator || isLineEnd(byte) }
}

/// The receiver of a row's cells. It is a generic parameter of the scanner, so that both become one loop.
protocol CSVSink: ~Copyable {
  /// Takes the cell that starts here if its first eight bytes show its end; after `nil` the scanner searches the
  /// end and calls ``take(_:)``.
  ///
  /// - Returns: the length of the cell in bytes.
  mutating func takeShortCell(at start: UnsafePointer<UInt8>, _ grammar: CSVGrammar) -> Int?

  mutating func take(_ cell: CSVCell) throws(CSVError)
}

/// Finds rows and cells in a text: the only place that knows how a CSV file is written.
struct CSVScanner {
  let grammar: CSVGrammar
  /// The start of the next row, or the position of an error.
  private(set) var position: UnsafePointer<UInt8>
  /// The line of `position`.
  private(set) var line: Int
  /// The start of the last row, the start of its line end, and the line on which the row starts.
  private(set) var rowStart: UnsafePointer<UInt8>
  private(set) var rowEnd: UnsafePointer<UInt8>
  private(set) var rowLine: Int

  private let end: UnsafePointer<UInt8>

  /// - Parameters:
  ///   - text: bytes that start outside of quotes, followed by ``CSVGrammar/padding`` or more rows.
  ///   - line: the line on which they start.
  init(_ text: UnsafeBufferPointer<UInt8>, _ grammar: CSVGrammar, line: Int) {
    guard let start = text.baseAddress else { preconditionFailure("a text has padding") }
    self.grammar = grammar
    self.line = line
    end = start + text.count
    (position, rowStart, rowEnd, rowLine) = (start, start, start, line)
  }

  /// Passes the cells of the next row to a sink; false if there is no further row.
  @inline(__always)
  mutating func readRow<Sink: CSVSink & ~Copyable>(into sink: inout Sink) throws(CSVError) -> Bool {
    // A local variable that is not passed on stays in a register.
    var place = position
    while true {
      rowStart = place
      skipSpaces(&place)
      guard place < end else { return false }
      guard grammar.isLineEnd(place.pointee) else { break }
      skipLineEnd(&place)
    }
    place = rowStart
    rowLine = line
    while true {
      if let length = sink.takeShortCell(at: place, grammar) {
        place += length
      } else {
        let (cell, next) = try cell(at: place)
        try sink.take(cell)
        place = next
      }
      guard place.pointee == grammar.separator else { break }
      place += 1
    }
    rowEnd = place
    if place < end { skipLineEnd(&place) }
    position = place
    return true
  }

  /// The cell that starts at a position, and the position of the next separator or line end.
  @inline(__always)
  private mutating func cell(
    at start: UnsafePointer<UInt8>
  ) throws(CSVError) -> (cell: CSVCell, next: UnsafePointer<UInt8>) {
    var start = start
    skipSpaces(&start)
    if start.pointee == CSVGrammar.quote { return try quotedCell(at: start + 1) }
    var place = start
    while !grammar.isCellEnd(place.pointee) {
      if place.pointee == CSVGrammar.quote { throw strayQuote(at: place) }
      place += 1
    }
    var last = place
    while last > start, grammar.isSpace(last[-1]) { last -= 1 }
    return (CSVCell(bytes: UnsafeBufferPointer(start: start, count: last - start)), place)
  }

  /// The same for a cell in quotes.
  private mutating func quotedCell(
    at start: UnsafePointer<UInt8>
  ) throws(CSVError) -> (cell: CSVCell, next: UnsafePointer<UInt8>) {
    var place = start
    while true {
      guard place < end else {
        position = place
        throw CSVError(
          line: rowLine, problem: "expected a closing quote, found the end of the file")
      }
      let byte = place.pointee
      if byte == CSVGrammar.quote {
        guard place[1] == CSVGrammar.quote else { break }
        place += 1
      } else if grammar.isLineEnd(byte),
        byte == UInt8(ascii: "\n") || place[1] != UInt8(ascii: "\n")
      {
        line += 1
      }
      place += 1
    }
    let cell = CSVCell(bytes: UnsafeBufferPointer(start: start, count: place - start))
    place += 1
    skipSpaces(&place)
    guard grammar.isCellEnd(place.pointee) else { throw strayQuote(at: place) }
    return (cell, place)
  }

  @inline(__always)
  private func skipSpaces(_ place: inout UnsafePointer<UInt8>) {
    while grammar.isSpace(place.pointee) { place += 1 }
  }

  /// Steps over LF, CR or both.
  @inline(__always)
  private mutating func skipLineEnd(_ place: inout UnsafePointer<UInt8>) {
    let isReturn = place.pointee == UInt8(ascii: "\r")
    place += 1
    if isReturn, place < end, place.pointee == UInt8(ascii: "\n") { place += 1 }
    line += 1
  }

  private mutating func strayQuote(at place: UnsafePointer<UInt8>) -> CSVError {
    position = place
    return CSVError(
      line: line,
      problem: "expected a quote to stand at a cell's start or end, or doubled inside a quoted cell"
    )
  }
}
