/// Reads any table row by row, and says what is wrong with it.
///
/// It reads what ``ColumnReader`` does not: columns of both numbers and words, empty cells, rows with too few or
/// too many cells, text that is not CSV, and very many columns.
struct ColumnDiagnosis {
  let columns: [CSVColumn]
  private(set) var rowLines = RowLines()

  init(
    _ text: UnsafeBufferPointer<UInt8>, _ header: CSVHeader, textColumns: Set<String>
  ) throws(CSVError) {
    var columns = header.names.map { MixedColumn($0, isForcedText: textColumns.contains($0)) }
    var scanner = CSVScanner(text, header.grammar, line: header.nextLine)
    var cells = RowCells()
    while try scanner.readRow(into: &cells) {
      guard cells.all.count == columns.count else {
        throw CSVError(
          line: scanner.rowLine,
          problem: "expected \(columns.count) cells as in the header, found \(cells.all.count)")
      }
      for (index, cell) in cells.all.enumerated() {
        columns[index].append(cell, line: scanner.rowLine)
      }
      rowLines.append(scanner.rowLine)
      cells.removeAll()
    }
    self.columns = columns.dropFirst(header.hasIndexColumn ? 1 : 0).map(\.finished)
  }
}

/// A column that may hold anything.
private struct MixedColumn {
  private var column: CSVColumn
  private var table = WordTable()
  private var numberCount = 0
  private var textCount = 0
  private var firstNumber: (line: Int, text: String, expected: String)?
  private var firstText: (line: Int, text: String, expected: String)?

  init(_ name: String, isForcedText: Bool) {
    column = CSVColumn(name: name, isForcedText: isForcedText, isNumeric: true)
  }

  mutating func append(_ cell: CSVCell, line: Int) {
    if cell.bytes.isEmpty, column.firstEmptyLine == nil { column.firstEmptyLine = line }
    if !column.isForcedText, let number = cell.number {
      if numberCount == 0 { firstNumber = (line, cell.text, "text") }
      numberCount += 1
      if textCount == 0 { column.numbers.append(number) }
    } else {
      if textCount == 0 { firstText = (line, cell.text, "a number") }
      textCount += 1
      // A column of both is refused later, and its words are not needed.
      if numberCount == 0 { column.wordNumbers.append(table.number(of: cell.bytes)) }
    }
  }

  var finished: CSVColumn {
    var column = column
    column.isNumeric = textCount == 0
    column.words = table.texts
    if numberCount > 0, textCount > 0 {
      column.odd = numberCount >= textCount ? firstText : firstNumber
    }
    return column
  }
}
