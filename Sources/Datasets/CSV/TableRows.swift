/// What was read of a table's rows.
struct TableRows {
  var columns: [CSVColumn]
  private(set) var lines: RowLines
  /// How many rows were dropped because their label is missing.
  let droppedCount: Int
  /// How many rows were dropped because a feature is missing.
  private(set) var incompleteCount = 0
  /// The places of the rows among all of the file; `nil` if none was dropped.
  private(set) var filePositions: [Int]?

  /// Reads the rows below a header.
  ///
  /// - Parameters:
  ///   - chunkSize: the number of bytes that a thread reads at a time.
  ///   - meanwhile: other work, which a thread may do at the same time.
  init(
    _ text: UnsafeBufferPointer<UInt8>, _ header: CSVHeader, _ reading: CSVReading, chunkSize: Int,
    threads: Int, meanwhile: @Sendable () -> Void
  ) throws(CSVError) {
    if let read = ColumnReader(
      text, header, reading, chunkSize: chunkSize, threads: threads, meanwhile: meanwhile)
    {
      columns = read.columns
      (lines, droppedCount, filePositions) = (read.rowLines, 0, nil)
    } else {
      let diagnosis = try ColumnDiagnosis(text, header, reading)
      (columns, lines, droppedCount) = (
        diagnosis.columns, diagnosis.rowLines, diagnosis.droppedCount
      )
      filePositions = droppedCount > 0 ? diagnosis.filePositions : nil
    }
    for index in columns.indices { reading.missing.mark(&columns[index], reading.decimalMark) }
    findUnreadNumbers(text, header, reading)
    if reading.needsValues { readMissing(text, header) }
    if let ignored = reading.incompleteColumns { dropIncomplete(except: ignored) }
  }

  /// Notes how the first missing number of each column is written: the columns only have that it is missing.
  private mutating func readMissing(_ text: UnsafeBufferPointer<UInt8>, _ header: CSVHeader) {
    var places: [Int: [Int]] = [:]
    for (index, column) in columns.enumerated() where column.isNumeric {
      if let row = column.firstMissingRow { places[lines[row], default: []].append(index) }
    }
    var scanner = CSVScanner(text, header.grammar, line: header.nextLine)
    var cells = RowCells()
    while !places.isEmpty, (try? scanner.readRow(into: &cells)) == true {
      for index in places.removeValue(forKey: scanner.rowLine) ?? [] {
        columns[index].missingText = cells.all[index].text
      }
      cells.removeAll()
    }
  }

  /// Drops rows in which a column has a missing cell.
  private mutating func dropIncomplete(except ignored: [String]) {
    let checked = columns.filter { $0.missingCount > 0 && !ignored.containsBytes(of: $0.name) }
    let kept = (0..<lines.rowCount).filter { row in !checked.contains { $0.isMissing(row: row) } }
    guard kept.count < lines.rowCount else { return }
    incompleteCount = lines.rowCount - kept.count
    filePositions = kept.map { filePositions?[$0] ?? $0 }
    columns = columns.map { $0.rows(kept) }
    var keptLines = RowLines()
    for row in kept { keptLines.append(lines[row]) }
    lines = keptLines
  }
}
