/// What was read of a table's rows.
struct TableRows {
  private(set) var columns: [CSVColumn]
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
    for index in columns.indices where !columns[index].isNumeric {
      guard let found = columns[index].firstUnreadNumber(reading.decimalMark) else { continue }
      columns[index].unreadNumber = CSVColumn.UnreadNumber(
        line: lines[found.row], text: found.text,
        grouping: reading.decimalMark != .point
          ? nil : DecimalMark.groupings.first(where: columns[index].isRead))
    }
    if reading.decimalMark == .point, columns.contains(where: { $0.unreadNumber != nil }) {
      offerDecimalComma(text, header, reading)
    }
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

  /// Notes which columns a decimal comma makes columns of numbers, where it leaves those of numbers as they are.
  private mutating func offerDecimalComma(
    _ text: UnsafeBufferPointer<UInt8>, _ header: CSVHeader, _ reading: CSVReading
  ) {
    var other = reading
    other.decimalMark = .comma
    /// A column that is read as words may be a target of numbers.
    func isUnchanged(_ word: String) -> Bool {
      let number = DecimalMark.point.number(in: word)
      return number == nil || number == DecimalMark.comma.number(in: word)
    }
    guard var read = try? ColumnDiagnosis(text, header, other).columns else { return }
    for index in read.indices { other.missing.mark(&read[index], .comma) }
    guard
      zip(columns, read).allSatisfy({ column, read in
        // Missing numbers are one and the same NaN.
        column.isNumeric
          ? read.isNumeric
            && read.numbers.elementsEqual(column.numbers) { $0.bitPattern == $1.bitPattern }
          : column.words.allSatisfy(isUnchanged)
      })
    else { return }
    for (index, column) in read.enumerated()
    // Between commas a comma stands between thousands.
    where header.grammar.separator != UInt8(ascii: ",")
      || columns[index].unreadNumber?.grouping == nil
    {
      columns[index].unreadNumber?.isReadWithDecimalComma = column.isRead(.comma)
    }
  }
}
