/// The bytes that mean something in a CSV text.
///
/// The grammar is RFC 4180 with any separator. Lines end with LF, CR or both. Spaces and tabs around a
/// cell are not part of it unless they stand in its quotes, and lines of nothing else are no rows.
struct CSVGrammar: Sendable {
  let separator: UInt8

  /// How many line ends have to stand behind a text: no search for a cell's end passes them, and eight
  /// bytes can be read wherever a cell starts.
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

/// Why a text cannot be read, and on which of its lines.
package struct CSVError: Error {
  package let line: Int
  package let problem: String

  package init(line: Int, problem: String) {
    self.line = line
    self.problem = problem
  }
}

/// What a scanner hands the cells of a row to. It is a generic parameter, so that both become one loop.
protocol CSVSink: ~Copyable {
  /// Takes the cell that starts here if its first eight bytes show where it ends; `nil` leaves it to the
  /// scanner to find that, and to ``take(_:)``.
  ///
  /// - Returns: how many bytes it has.
  mutating func takeShortCell(at start: UnsafePointer<UInt8>, _ grammar: CSVGrammar) -> Int?

  mutating func take(_ cell: CSVCell) throws(CSVError)
}

/// Finds rows and cells in a text: the only place that knows how a CSV file is written.
struct CSVScanner {
  let grammar: CSVGrammar
  private(set) var position: UnsafePointer<UInt8>
  /// The line that `position` stands on.
  private(set) var line: Int
  /// Where the last row starts and where its line end does, and the line on which it starts.
  private(set) var rowStart: UnsafePointer<UInt8>
  private(set) var rowEnd: UnsafePointer<UInt8>
  private(set) var rowLine: Int

  private let end: UnsafePointer<UInt8>

  /// - Parameters:
  ///   - text: bytes that start outside of quotes, and behind which ``CSVGrammar/padding`` or more rows stand.
  ///   - line: the line on which they start.
  init(_ text: UnsafeBufferPointer<UInt8>, _ grammar: CSVGrammar, line: Int) {
    guard let start = text.baseAddress else { preconditionFailure("a text has padding") }
    self.grammar = grammar
    self.line = line
    end = start + text.count
    (position, rowStart, rowEnd, rowLine) = (start, start, start, line)
  }

  /// Hands the cells of the next row to a sink; false where there is no further row.
  @inline(__always)
  mutating func readRow<Sink: CSVSink & ~Copyable>(into sink: inout Sink) throws(CSVError) -> Bool {
    while true {
      rowStart = position
      skipSpaces()
      guard position < end else { return false }
      guard grammar.isLineEnd(position.pointee) else { break }
      skipLineEnd()
    }
    position = rowStart
    rowLine = line
    while true {
      if let length = sink.takeShortCell(at: position, grammar) {
        position += length
      } else {
        try sink.take(nextCell())
      }
      guard position.pointee == grammar.separator else { break }
      position += 1
    }
    rowEnd = position
    if position < end { skipLineEnd() }
    return true
  }

  /// Moves to the cell's end.
  @inline(__always)
  private mutating func nextCell() throws(CSVError) -> CSVCell {
    skipSpaces()
    if position.pointee == CSVGrammar.quote { return try nextQuotedCell() }
    let start = position
    while !grammar.isCellEnd(position.pointee) {
      if position.pointee == CSVGrammar.quote { throw strayQuote }
      position += 1
    }
    var last = position
    while last > start, grammar.isSpace(last[-1]) { last -= 1 }
    return CSVCell(bytes: UnsafeBufferPointer(start: start, count: last - start))
  }

  private mutating func nextQuotedCell() throws(CSVError) -> CSVCell {
    let start = position + 1
    // A variable of its own stays in a register.
    var place = start
    while true {
      guard place < end else {
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
    position = place + 1
    skipSpaces()
    guard grammar.isCellEnd(position.pointee) else { throw strayQuote }
    return cell
  }

  @inline(__always)
  private mutating func skipSpaces() {
    while grammar.isSpace(position.pointee) { position += 1 }
  }

  /// Steps over LF, CR or both.
  @inline(__always)
  private mutating func skipLineEnd() {
    let isReturn = position.pointee == UInt8(ascii: "\r")
    position += 1
    if isReturn, position < end, position.pointee == UInt8(ascii: "\n") { position += 1 }
    line += 1
  }

  private var strayQuote: CSVError {
    CSVError(
      line: line,
      problem: "expected a quote to stand at a cell's start or end, or doubled inside a quoted cell"
    )
  }
}
