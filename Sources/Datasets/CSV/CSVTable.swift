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
  private let rowLines: RowLines

  public var columnNames: [String] { columns.map(\.name) }
  public var rowCount: Int { rowLines.rowCount }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - textColumns: columns whose cells are words even if they look like numbers.
  ///   - threads: how many threads may work; it never changes the result.
  public init(
    contentsOf path: String, textColumns: Set<String> = [], threads: Int = 2
  ) throws(DatasetError) {
    try self.init(
      InputFile.text(of: path), fileName: Files.name(of: path), textColumns: textColumns,
      chunkSize: 1 << 17, threads: threads)
  }

  /// - Parameters:
  ///   - bytes: a complete file, followed by ``CSVGrammar/padding``.
  ///   - chunkSize: the number of bytes that a thread reads at a time.
  init(
    _ bytes: [UInt8], fileName: String, textColumns: Set<String>, chunkSize: Int, threads: Int
  ) throws(DatasetError) {
    self.fileName = fileName
    (sha256, columns, rowLines) = try bytes.withUnsafeBufferPointer {
      bytes throws(DatasetError) in
      let file = UnsafeBufferPointer(rebasing: bytes.dropLast(CSVGrammar.padding.count))
      let header = try CSVHeader(file, fileName: fileName)
      let text = UnsafeBufferPointer(rebasing: file[header.lineEnd.upperBound...])
      let digest = Mutex("")
      nonisolated(unsafe) let input = UnsafeRawBufferPointer(file)
      let read = ColumnReader(
        text, header, textColumns: textColumns, chunkSize: chunkSize, threads: threads
      ) {
        let sum = SHA256.hexDigest(of: input)
        digest.withLock { $0 = sum }
      }
      let sum = digest.withLock { $0 }
      if let read { return (sum, read.columns.compactMap(\.self), read.rowLines) }
      let diagnosis: ColumnDiagnosis
      do throws(CSVError) {
        diagnosis = try ColumnDiagnosis(text, header, textColumns: textColumns)
      } catch {
        throw DatasetError(error, in: fileName)
      }
      if diagnosis.rowLines.rowCount == 0 {
        throw DatasetError(.badData, "\(fileName): expected rows below the header, found none")
      }
      return (
        sum.isEmpty ? SHA256.hexDigest(of: input) : sum, diagnosis.columns, diagnosis.rowLines
      )
    }
  }

  /// The line of the file on which a row starts.
  public func line(ofRow row: Int) -> Int { rowLines[row] }

  func column(named name: String) -> CSVColumn? { columns.first { $0.name == name } }
}
