/// Reads a CSV file of any size in blocks of complete rows.
///
/// The file may also be a pipe. It keeps a few blocks in memory, however long the file is.
package final class CSVBlockReader {
  /// The size of a block in bytes; a row that is longer makes its block longer.
  package static let blockSize = 1 << 18
  /// The longest row that is read, in bytes.
  static let rowLimit = 1 << 24

  package let fileName: String
  /// The names of the columns.
  package let columnNames: [String]
  /// The header without its line end.
  package let header: [UInt8]
  /// The line end of the header, for writing rows.
  package let lineEnd: [UInt8]
  package var separator: UInt8 { grammar.separator }

  private let grammar: CSVGrammar
  private let isBlankSeparated: Bool
  private let file: InputFile
  /// Bytes that were read but not returned yet, with padding, and the line on which they start.
  private var pending: [UInt8]
  private var line: Int

  package init(
    contentsOf path: String, _ format: CSVFormat = CSVFormat()
  ) throws(DatasetError) {
    let file = try InputFile(path, format.encoding)
    var bytes = CSVGrammar.padding
    _ = try Self.readRows(of: file, into: &bytes, line: 1)
    let header: CSVHeader
    do throws(CSVError) {
      header = try CSVHeader(&bytes, format)
    } catch {
      throw DatasetError(error, in: file.name)
    }
    let separator = [header.grammar.separator]
    self.header =
      header.row.isEmpty
      ? Array(header.names.joined(separator: String(decoding: separator, as: UTF8.self)).utf8)
      : (header.isRowNameMissing ? Array("\"\"".utf8) + separator : []) + bytes[header.row]
    lineEnd = header.lineEnd.isEmpty ? [UInt8(ascii: "\n")] : Array(bytes[header.lineEnd])
    fileName = file.name
    columnNames = header.names
    grammar = header.grammar
    isBlankSeparated = header.isBlankSeparated
    line = header.nextLine
    pending = Array(bytes[header.bodyStart...])
    self.file = file
  }

  /// The next rows; `nil` at the end of the file.
  package func next() throws(DatasetError) -> CSVBlock? {
    let rows = try Self.readRows(of: file, into: &pending, line: line)
    guard rows.end > 0 else { return nil }
    let rest = Array(pending[rows.end...])
    pending.removeLast(rest.count)
    pending += CSVGrammar.padding
    if isBlankSeparated { pending.separateByTabs() }
    defer {
      pending = rest
      line += rows.lineEnds
    }
    return CSVBlock(pending, grammar, firstLine: line, lineEnds: rows.lineEnds)
  }

  /// Appends a block of the file to the bytes, or more if a row is longer.
  ///
  /// - Returns: the end of the last complete row and the number of line ends before it; at the end of the
  ///   file, that of all bytes.
  private static func readRows(
    of file: InputFile, into bytes: inout [UInt8], line: Int
  ) throws(DatasetError) -> (end: Int, lineEnds: Int) {
    while true {
      var count = bytes.count - CSVGrammar.padding.count
      if !file.isAtEnd {
        let added = max(blockSize, min(count, rowLimit - count))
        bytes = try file.continued(bytes, to: count + added)
        count = bytes.count - CSVGrammar.padding.count
      }
      let (counts, last) = bytes.withUnsafeBufferPointer { bytes in
        let text = UnsafeBufferPointer(rebasing: bytes[..<count])
        let counts = text.quoteAndLineEndCounts
        return (counts, text.lastRowEnd(isQuoted: counts.quotes % 2 == 1))
      }
      if last == nil, count > rowLimit {
        let problem = "expected a row of at most \(rowLimit) bytes; a quote may not be closed"
        throw DatasetError(CSVError(line: line, problem: problem), in: file.name)
      }
      if file.isAtEnd { return (count, counts.lineEnds) }
      if let last { return (last.end, counts.lineEnds - last.passed) }
    }
  }
}
