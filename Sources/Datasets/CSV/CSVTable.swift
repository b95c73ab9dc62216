import Support

/// A CSV file in memory, column by column.
///
/// The first row names the columns, unless its ``CSVFormat`` says otherwise, and the first rows show which separator
/// stands between cells. Quoting follows RFC 4180; spaces around a cell without quotes are not part of it, and empty
/// lines are no rows. An unnamed first column that counts the rows, as many programs write it, is left out.
public struct CSVTable: Sendable {
  /// The file's name without its folder.
  public private(set) var fileName: String
  /// The SHA-256 of the file's text, expanded and in UTF-8, in hexadecimal digits.
  public let sha256: String
  private(set) var columns: [CSVColumn]
  package let decimalMark: DecimalMark
  /// Words that mean a missing value in every column.
  let missingWords: [String]
  private var rowLines: RowLines
  /// How many rows were dropped because their label is missing.
  public let droppedRowCount: Int
  /// How many more rows were dropped because a feature is missing.
  public let incompleteRowCount: Int
  /// The places of the rows among all of the file; `nil` if none was dropped.
  private(set) var filePositions: [Int]?
  /// What was made of the file's first row and of its first column, as far as it may surprise.
  private(set) var notices: [String]
  /// Whether the names look like a row of data.
  let hasDataAsNames: Bool
  /// The second file, whose rows follow; `nil` for a table of one file.
  public private(set) var testFile: TestFile?

  public var columnNames: [String] { columns.map(\.name) }
  public var rowCount: Int { rowLines.rowCount }

  /// Reads a file.
  ///
  /// - Parameter threads: how many threads may work; it never changes the result.
  public init(
    contentsOf path: String, _ reading: CSVReading = CSVReading(), threads: Int = 2
  ) throws(DatasetError) {
    try self.init(
      InputFile.text(of: path, reading.format.encoding), fileName: InputFile.name(of: path),
      reading,
      chunkSize: 1 << 17, threads: threads)
  }

  /// - Parameters:
  ///   - bytes: a complete file, followed by ``CSVGrammar/padding``.
  ///   - chunkSize: the number of bytes that a thread reads at a time.
  init(
    _ bytes: [UInt8], fileName: String, _ reading: CSVReading, chunkSize: Int, threads: Int
  ) throws(DatasetError) {
    self.fileName = fileName
    decimalMark = reading.decimalMark
    missingWords = reading.missingWords
    let digest = Mutex("")
    var bytes = bytes
    let header: CSVHeader
    do throws(CSVError) {
      header = try CSVHeader(&bytes, reading.format)
    } catch {
      throw DatasetError(error, in: fileName)
    }
    let rows = try bytes.withUnsafeBufferPointer { bytes throws(DatasetError) in
      let file = UnsafeBufferPointer(rebasing: bytes.dropLast(CSVGrammar.padding.count))
      nonisolated(unsafe) let input = UnsafeRawBufferPointer(file)
      do throws(CSVError) {
        let text = UnsafeBufferPointer(rebasing: file[header.bodyStart...])
        let rows = try TableRows(text, header, reading, chunkSize: chunkSize, threads: threads) {
          let sum = SHA256.hexDigest(of: input)
          digest.withLock { $0 = sum }
        }
        digest.withLock { if $0.isEmpty { $0 = SHA256.hexDigest(of: input) } }
        return rows
      } catch {
        throw DatasetError(error, in: fileName)
      }
    }
    guard rows.lines.rowCount > 0 || rows.incompleteCount == 0 else {
      throw DatasetError(
        .badData,
        "\(fileName): expected rows without missing values, found none; leave columns out with --drop, "
          + "or choose another way with --missing")
    }
    guard rows.lines.rowCount > 0 else {
      throw DatasetError(
        .badData,
        rows.droppedCount == 0
          ? "\(fileName): expected rows below the header, found none"
          : "\(fileName): column \"\(reading.labelColumn ?? "")\": expected classes, found "
            + "missing values only")
    }
    sha256 = digest.withLock { $0 }
    (columns, rowLines) = (rows.columns, rows.lines)
    (droppedRowCount, incompleteRowCount) = (rows.droppedCount, rows.incompleteCount)
    filePositions = rows.filePositions
    notices = header.notices
    hasDataAsNames = header.looksLikeData(of: columns)
    if hasDataAsNames {
      notices.append(
        "The column names look like data: \(header.written.listed(limit: 5)). If they are, read the "
          + "table with --no-header")
    }
    testFile = nil
    if header.isFirstUnnamed { keepOrDropFirstColumn() }
  }

  /// Leaves out the unnamed first column where it counts the rows from 0 or 1.
  private mutating func keepOrDropFirstColumn() {
    let numbers = columns[0].numbers
    let places = filePositions ?? Array(numbers.indices)
    if columns[0].isNumeric, let first = numbers.first, let start = places.first,
      [0, 1].contains(first - Double(start)),
      zip(numbers, places).allSatisfy({ $0 - first == Double($1 - start) })
    {
      columns.removeFirst()
      notices.append("Left out the first column, which has no name and counts the rows")
    } else {
      notices.append("The first column has no name and is called \(columns[0].name)")
    }
  }

  /// A table, followed by the rows of another file to test on.
  ///
  /// - Parameter columns: those of both, joined.
  init(
    _ training: CSVTable, followedBy test: CSVTable, columns: [CSVColumn],
    unusedColumns: [String], ignoredColumns: [String]
  ) {
    self = training
    self.columns = columns
    rowLines.append(test.rowLines)
    filePositions = training.positionsInFile + test.positionsInFile
    testFile = TestFile(
      name: test.fileName, sha256: test.sha256, firstRow: training.rowCount,
      droppedRowCount: test.droppedRowCount, incompleteRowCount: test.incompleteRowCount,
      unusedColumns: unusedColumns,
      ignoredColumns: ignoredColumns)
  }

  /// The place of each row among all of the file, some of which may have been dropped.
  public var positionsInFile: [Int] { filePositions ?? Array(0..<rowCount) }

  /// The table under the names that its files had before.
  public func named(_ fileName: String, testFile: String?) -> CSVTable {
    var table = self
    table.fileName = fileName
    table.testFile?.name = testFile ?? self.testFile?.name ?? ""
    return table
  }

  /// The line of the file on which a row starts.
  public func line(ofRow row: Int) -> Int { rowLines[row] }

  /// The file and the line on which a row starts, such as `diamonds.csv:17`.
  func place(ofRow row: Int) -> String {
    let isTested = testFile.map { row >= $0.firstRow } ?? false
    return "\(isTested ? testFile?.name ?? "" : fileName):\(line(ofRow: row))"
  }

  /// The place of the first cell with a word of a column.
  func place(ofWord number: Int, in column: CSVColumn) -> String {
    place(ofRow: column.wordNumbers.firstIndex(of: Int32(number)) ?? 0)
  }

  func column(named name: String) -> CSVColumn? { columns.first { $0.name.hasBytes(of: name) } }
}
