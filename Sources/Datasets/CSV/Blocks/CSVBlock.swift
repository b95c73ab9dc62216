/// Consecutive complete rows of a CSV file.
package struct CSVBlock: Sendable {
  /// The rows, followed by ``CSVGrammar/padding``.
  package let bytes: [UInt8]
  /// No more rows than this are in the block.
  package let rowLimit: Int

  private let grammar: CSVGrammar
  private let firstLine: Int

  /// - Parameters:
  ///   - bytes: complete rows, the last one perhaps without its line end, and padding.
  ///   - firstLine: the line on which they start.
  ///   - lineEnds: how many lines end in them.
  init(_ bytes: [UInt8], _ grammar: CSVGrammar, firstLine: Int, lineEnds: Int) {
    self.bytes = bytes
    self.grammar = grammar
    self.firstLine = firstLine
    rowLimit = lineEnds + 1
  }

  /// A complete text, and all of its rows.
  package init(text: [UInt8], separator: UInt8) {
    self.init(
      text + CSVGrammar.padding, CSVGrammar(separator: separator), firstLine: 1,
      lineEnds: text.count { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
  }

  /// The columns' names and the rows of a complete text, read as a file is.
  package static func table(
    _ text: [UInt8]
  ) throws(CSVError) -> (columnNames: [String], rows: CSVBlock) {
    var bytes = text + CSVGrammar.padding
    let header = try CSVHeader(&bytes)
    let rows = bytes[header.bodyStart...]
    let lineEnds = rows.count { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    return (
      header.names,
      CSVBlock(Array(rows), header.grammar, firstLine: header.nextLine, lineEnds: lineEnds)
    )
  }

  /// Calls `body` for every row with the range of its bytes without the line end, its cells, which are valid during
  /// the call, and the line on which it starts.
  package func forEachRow(
    _ body: (
      _ row: Range<Int>, _ cells: UnsafeBufferPointer<CSVCell>, _ line: Int
    ) throws(CSVError) -> Void
  ) throws(CSVError) {
    try bytes.withUnsafeBufferPointer { bytes throws(CSVError) in
      if let flaw = bytes.textFlaw(firstLine: firstLine) { throw flaw }
      guard let start = bytes.baseAddress else { return }
      let text = UnsafeBufferPointer(rebasing: bytes.dropLast(CSVGrammar.padding.count))
      var scanner = CSVScanner(text, grammar, line: firstLine)
      var cells = RowCells()
      while try scanner.readRow(into: &cells) {
        try body(scanner.rowStart - start..<scanner.rowEnd - start, cells.all, scanner.rowLine)
        cells.removeAll()
      }
    }
  }
}
