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

  /// A complete text, the row of column names first.
  ///
  /// - Parameter separator: the separator of cells; `nil` for the most frequent one in the first line.
  package init(text: [UInt8], separator: UInt8? = nil) {
    let bytes = text + CSVGrammar.padding
    let (start, found, lineEnds) = bytes.withUnsafeBufferPointer { bytes in
      let start = CSVHeader.markLength(bytes)
      let text = UnsafeBufferPointer(rebasing: bytes[start...].dropLast(CSVGrammar.padding.count))
      return (start, CSVHeader.separator(of: text), text.quoteAndLineEndCounts.lineEnds)
    }
    self.init(
      Array(bytes[start...]), CSVGrammar(separator: separator ?? found), firstLine: 1,
      lineEnds: lineEnds)
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
