import Support

/// A CSV file in memory, column by column.
///
/// The first line names the columns. Cells are separated by `,`, `;` or tab, whichever is most frequent in the
/// first line outside of quotes. Quoting follows RFC 4180; spaces around a cell without quotes are not part
/// of it, and empty lines are no rows. An unnamed first column, the row numbers that many programs
/// write, is skipped.
public struct CSVTable: Sendable {
  /// The file's name without its folder.
  public let fileName: String
  /// The SHA-256 of the file's bytes, in hexadecimal digits.
  public let sha256: String
  let columns: [CSVColumn]
  let decimalMark: DecimalMark
  /// Words that mean a missing value in every column.
  let missingWords: [String]
  private let rowLines: RowLines
  /// How many rows were dropped because their label is missing.
  public let droppedRowCount: Int
  /// How many more rows were dropped because a feature is missing.
  public let incompleteRowCount: Int
  /// The places of the rows among all of the file; `nil` if none was dropped.
  let filePositions: [Int]?

  public var columnNames: [String] { columns.map(\.name) }
  public var rowCount: Int { rowLines.rowCount }

  /// Reads a file.
  ///
  /// - Parameter threads: how many threads may work; it never changes the result.
  public init(
    contentsOf path: String, _ reading: CSVReading = CSVReading(), threads: Int = 2
  ) throws(DatasetError) {
    try self.init(
      InputFile.text(of: path), fileName: Files.name(of: path), reading, chunkSize: 1 << 17,
      threads: threads)
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
    let rows = try bytes.withUnsafeBufferPointer { bytes throws(DatasetError) in
      let file = UnsafeBufferPointer(rebasing: bytes.dropLast(CSVGrammar.padding.count))
      let header = try CSVHeader(file, fileName: fileName)
      let text = UnsafeBufferPointer(rebasing: file[header.lineEnd.upperBound...])
      nonisolated(unsafe) let input = UnsafeRawBufferPointer(file)
      do throws(CSVError) {
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
  }

  /// The line of the file on which a row starts.
  public func line(ofRow row: Int) -> Int { rowLines[row] }

  /// The line of the first cell with a word of a column.
  func line(ofWord number: Int, in column: CSVColumn) -> Int {
    line(ofRow: column.wordNumbers.firstIndex(of: Int32(number)) ?? 0)
  }

  func column(named name: String) -> CSVColumn? { columns.first { $0.name.hasBytes(of: name) } }
}
