import Support

/// A second file, whose rows are tested on and never learned from.
public struct TestFile: Hashable, Sendable {
  /// The file's name without its folder.
  public internal(set) var name: String
  /// The SHA-256 of the file's bytes, in hexadecimal digits.
  public let sha256: String
  /// The position of its first row in the joined table: all rows before are of the training file.
  public let firstRow: Int
  /// How many rows were dropped because their label is missing.
  public let droppedRowCount: Int
  /// How many more rows were dropped because a feature is missing.
  public let incompleteRowCount: Int
  /// The dropped columns of the training file, which the joined table does not have.
  let unusedColumns: [String]
  /// The columns that only this file has.
  let ignoredColumns: [String]
}

extension Preprocessing {
  /// Reads a table and, where there is one, a second file to test on, whose rows follow.
  ///
  /// The second file has the columns of the first, in any order; it may lack those that are dropped.
  ///
  /// - Parameter threads: how many threads may work; it never changes the result.
  public func table(
    contentsOf path: String, testFile: String?, threads: Int
  ) throws(DatasetError) -> CSVTable {
    let training = try CSVTable(contentsOf: path, reading, threads: threads)
    guard let testFile else { return training }
    var testReading = reading
    testReading.textColumns += training.columns.filter { !$0.isNumeric }.map(\.name)
    testReading.incompleteColumns = nil
    var test = try CSVTable(contentsOf: testFile, testReading, threads: threads)
    if let columns = reading.incompleteColumns {
      // Rows that lack nothing but what is ignored are kept.
      let others = test.columnNames.filter { training.column(named: $0) == nil }
      testReading.incompleteColumns = columns + others
      test = try CSVTable(contentsOf: testFile, testReading, threads: threads)
    }
    guard test.sha256 != training.sha256 else {
      throw DatasetError(
        .badData,
        "\(test.fileName): expected other rows to test on than \(training.fileName) has, found the same file"
      )
    }
    return try joined(training, test)
  }

  private func joined(
    _ training: CSVTable, _ test: CSVTable
  ) throws(DatasetError) -> CSVTable {
    func isUsed(_ name: String) -> Bool {
      !dropping.containsBytes(of: name) || dividing.containsBytes(of: name)
    }
    let used = training.columns.filter { isUsed($0.name) }
    let missing = used.map(\.name).filter { test.column(named: $0) == nil }
    guard missing.isEmpty else {
      throw DatasetError(
        .badData,
        "\(test.fileName):1: expected the columns of \(training.fileName), found none named "
          + missing.map { "\"\($0)\"" }.listed())
    }
    var columns: [CSVColumn] = []
    for column in used {
      guard let other = test.column(named: column.name) else { continue }
      try checkCells(column, of: training)
      try checkCells(other, of: test)
      guard column.isNumeric == other.isNumeric else {
        throw DatasetError(
          .badData,
          "\(test.fileName):\(test.line(ofRow: 0)): column \"\(column.name)\": expected numbers, as in "
            + "\(training.fileName), found \"\(other.words.first ?? "")\"")
      }
      columns.append(column.followed(by: other))
    }
    return CSVTable(
      training, followedBy: test, columns: columns,
      unusedColumns: training.columnNames.filter { !isUsed($0) },
      ignoredColumns: test.columnNames.filter { training.column(named: $0) == nil })
  }

  /// Refuses a feature's cells that cannot be used, while it is known which file they are of.
  private func checkCells(_ column: CSVColumn, of table: CSVTable) throws(DatasetError) {
    guard !column.name.hasBytes(of: target.column), !dividing.containsBytes(of: column.name) else {
      return
    }
    try check(column, of: table)
  }

  /// Refuses a class that only rows of the test file have.
  func checkClasses(
    _ labels: [Int], _ classNames: [String], of table: CSVTable
  ) throws(DatasetError) {
    guard let first = table.testFile?.firstRow else { return }
    let known = Set(labels[..<first])
    guard let row = (first..<labels.count).first(where: { !known.contains(labels[$0]) }) else {
      return
    }
    throw DatasetError(
      .badData,
      "\(table.place(ofRow: row)): column \"\(target.column)\": expected a class of "
        + "\(table.fileName), found \"\(classNames[labels[row]])\"; leave the row out, or join the class "
        + "to another with --classes")
  }

  /// What is to be known about a second file.
  func notices(on file: TestFile, of table: CSVTable) -> [String] {
    var notices: [String] = []
    let rows = table.rowCount - file.firstRow
    let all = rows + file.droppedRowCount + file.incompleteRowCount
    for (count, why) in [
      (file.droppedRowCount, "no label"), (file.incompleteRowCount, "a missing cell in a feature"),
    ] where count > 0 {
      notices.append("Dropped \(count) of \(all) rows of \(file.name), which have \(why)")
    }
    if !file.ignoredColumns.isEmpty {
      notices.append(
        "Columns of \(file.name) that \(table.fileName) does not have are ignored: "
          + file.ignoredColumns.listed())
    }
    notices.append(
      "Tested on the \(rows) rows of \(file.name); encoders and scaler are fitted on \(table.fileName) only"
    )
    return notices
  }
}

extension CSVColumn {
  /// The cells of this column and then those of another of the same kind.
  fileprivate func followed(by other: CSVColumn) -> CSVColumn {
    var joined = self
    joined.missingCount += other.missingCount
    guard !isNumeric else {
      joined.numbers += other.numbers
      return joined
    }
    var places: [[UInt8]: Int32] = [:]
    for (number, word) in words.enumerated() { places[Array(word.utf8)] = Int32(number) }
    let hasMarks = !isMissingWord.isEmpty || !other.isMissingWord.isEmpty
    if hasMarks { joined.isMissingWord = words.indices.map { isMissing(word: $0) } }
    let codes = other.words.enumerated().map { number, word in
      if let known = places[Array(word.utf8)] { return known }
      joined.words.append(word)
      if hasMarks { joined.isMissingWord.append(other.isMissing(word: number)) }
      return Int32(joined.words.count - 1)
    }
    joined.wordNumbers += other.wordNumbers.map { $0 < 0 ? $0 : codes[Int($0)] }
    return joined
  }
}
