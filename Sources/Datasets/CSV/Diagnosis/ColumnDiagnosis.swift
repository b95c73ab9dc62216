import Support

/// Reads any table row by row, and says what is wrong with it.
///
/// It reads what ``ColumnReader`` does not: columns of both numbers and words, decimal commas, rows without a label,
/// rows with too few or too many cells, text that is not CSV, and very many columns.
struct ColumnDiagnosis {
  let columns: [CSVColumn]
  private(set) var rowLines = RowLines()
  /// How many rows were dropped because their label is missing.
  private(set) var droppedCount = 0
  /// The places of the rows among all of the file, where some may be dropped.
  private(set) var filePositions: [Int] = []

  init(
    _ text: UnsafeBufferPointer<UInt8>, _ header: CSVHeader, _ reading: CSVReading
  ) throws(CSVError) {
    var columns = header.names.map { MixedColumn($0, reading) }
    let label = reading.labelColumn.flatMap { label in
      header.names.firstIndex { $0.hasBytes(of: label) }
    }
    var scanner = CSVScanner(text, header.grammar, line: header.nextLine)
    var cells = RowCells()
    while try scanner.readRow(into: &cells) {
      guard cells.all.count == columns.count else {
        throw CSVError(
          line: scanner.rowLine,
          problem: "expected \(columns.count) cells as in the header, found \(cells.all.count)")
      }
      defer { cells.removeAll() }
      if let label {
        guard !reading.isMissingLabel(cells.all[label].text) else {
          droppedCount += 1
          continue
        }
        filePositions.append(rowLines.rowCount + droppedCount)
      }
      for (index, cell) in cells.all.enumerated() {
        columns[index].append(cell, line: scanner.rowLine)
      }
      rowLines.append(scanner.rowLine)
    }
    self.columns = columns.map(\.finished)
  }
}

/// A column that may hold anything.
private struct MixedColumn {
  private var column: CSVColumn
  private let decimalMark: DecimalMark
  private let missing: MissingCells
  private var table = WordTable()
  private var numberCount = 0
  private var missingCount = 0
  private var textCount = 0
  private var firstNumber: (line: Int, text: String, expected: String)?
  private var firstText: (line: Int, text: String, expected: String)?

  init(_ name: String, _ reading: CSVReading) {
    column = CSVColumn(
      name: name, isForcedText: reading.textColumns.containsBytes(of: name), isNumeric: true)
    decimalMark = reading.decimalMark
    missing = reading.missing
  }

  /// Words are kept from the first missing cell on, since what means a missing value among numbers is a name among
  /// names.
  mutating func append(_ cell: CSVCell, line: Int) {
    let isAlwaysMissing = missing.contains(cell.bytes)
    if !column.isForcedText, !isAlwaysMissing, let number = decimalMark.number(in: cell) {
      if numberCount == 0 { firstNumber = (line, cell.text, "text") }
      numberCount += 1
      if textCount == 0 { column.numbers.append(number) }
      if textCount + missingCount > 0 { column.wordNumbers.append(-1) }
      return
    }
    if textCount + missingCount == 0 {
      column.wordNumbers = [Int32](repeating: -1, count: numberCount)
    }
    if !column.isForcedText, isAlwaysMissing || MissingWord.contains(cell.bytes) {
      missingCount += 1
      if textCount == 0 { column.numbers.append(.nan) }
    } else {
      if textCount == 0 { firstText = (line, cell.text, "a number") }
      textCount += 1
    }
    column.wordNumbers.append(table.number(of: cell.bytes))
  }

  var finished: CSVColumn {
    var column = column
    column.isNumeric = textCount == 0
    if column.isNumeric {
      column.wordNumbers = []
      column.missingCount = missingCount
      return column
    }
    column.numbers = []
    column.words = table.texts
    if numberCount > 0, textCount > 0 {
      column.odd = numberCount >= textCount ? firstText : firstNumber
    }
    return column
  }
}
