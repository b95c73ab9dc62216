/// Reads a table's rows one by one, whatever they hold, and finds the words for what is wrong.
///
/// It is what ``ColumnReader`` leaves: columns of both numbers and words, empty cells, rows of too few or too
/// many cells, text that is no CSV, and very many columns.
struct ColumnDiagnosis: CSVSink {
  private(set) var columns: [Column]
  /// The line on which each row starts.
  private(set) var rowLines: [Int] = []
  private var cellCount = 0

  /// - Parameter columns: one for every name of the header.
  init(
    _ text: UnsafeBufferPointer<UInt8>, _ header: CSVHeader, textColumns: Set<String>
  ) throws(CSVError) {
    columns = header.names.map { Column(name: $0, isForcedText: textColumns.contains($0)) }
    var scanner = CSVScanner(text, header.grammar, line: header.nextLine)
    while try scanner.readRow(into: &self) {
      guard cellCount == columns.count else {
        throw CSVError(
          line: scanner.rowLine,
          problem: "expected \(columns.count) cells as in the header, found \(cellCount)")
      }
      rowLines.append(scanner.rowLine)
      cellCount = 0
    }
  }

  func takeShortCell(at start: UnsafePointer<UInt8>, _ grammar: CSVGrammar) -> Int? { nil }

  mutating func take(_ cell: CSVCell, line: Int) {
    if cellCount < columns.count { columns[cellCount].append(cell, line: line) }
    cellCount += 1
  }

  /// A column that may turn out to hold anything.
  struct Column {
    private var column: CSVColumn
    private var table = WordTable()
    private var numberCount = 0
    private var textCount = 0
    private var firstNumber: (line: Int, text: String)?
    private var firstText: (line: Int, text: String)?

    init(name: String, isForcedText: Bool) {
      column = CSVColumn(name: name, isForcedText: isForcedText)
    }

    mutating func append(_ cell: CSVCell, line: Int) {
      if cell.bytes.isEmpty, column.firstEmptyLine == nil { column.firstEmptyLine = line }
      if !column.isForcedText, let number = cell.number {
        if numberCount == 0 { firstNumber = (line, cell.text) }
        numberCount += 1
        if textCount == 0 { column.numbers.append(number) }
      } else {
        if textCount == 0 { firstText = (line, cell.text) }
        textCount += 1
        // A column of numbers with a stray text is refused later; its words are of no use.
        if numberCount == 0, let word = table.number(of: cell.bytes) {
          column.wordNumbers.append(word)
        }
      }
    }

    var finished: CSVColumn {
      var column = column
      column.isNumeric = textCount == 0
      column.words = table.texts
      if numberCount > 0, textCount > 0, let firstNumber, let firstText {
        column.odd =
          numberCount >= textCount
          ? (firstText.line, firstText.text, "a number")
          : (firstNumber.line, firstNumber.text, "text")
      }
      return column
    }
  }
}
