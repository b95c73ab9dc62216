import CCSV

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A CSV file in memory, column by column.
///
/// The first line names the columns. Cells are separated by `,`, `;` or tab, whichever the first line
/// has most of outside quotes. Quoting follows RFC 4180. An unnamed first column, the row numbers that
/// many programs write, is left out.
public struct CSVTable: Sendable {
  /// The file's name without its folder.
  public let fileName: String
  /// The SHA-256 of the file's bytes, in hexadecimal digits.
  public let sha256: String
  public let rowCount: Int
  let columns: [CSVColumn]
  /// The line of the file on which each row starts, counted from 1; empty where row `i` stands on line
  /// `i + 2`.
  private let rowLines: [Int]

  public var columnNames: [String] { columns.map(\.name) }

  /// Reads a file.
  ///
  /// - Parameter textColumns: columns whose cells are words even where they look like numbers.
  public init(
    contentsOf path: String, textColumns: Set<String> = []
  ) throws(DatasetError) {
    let bytes = try FileBytes.read(path)
    fileName = path.split(separator: "/").last.map(String.init) ?? path
    sha256 = SHA256.hexDigest(of: bytes)
    try FileBytes.checkText(bytes, fileName: fileName)
    let reader = CSVReader(fileName: fileName, textColumns: textColumns)
    try reader.read(bytes)
    columns = Array(reader.columns.dropFirst(reader.hasIndexColumn ? 1 : 0))
    rowCount = reader.rowLines.count
    let isPlain = reader.rowLines.enumerated().allSatisfy { $0.element == $0.offset + 2 }
    rowLines = isPlain ? [] : reader.rowLines
  }

  /// The line of the file on which a row starts.
  public func line(ofRow row: Int) -> Int { rowLines.isEmpty ? row + 2 : rowLines[row] }

  func column(named name: String) -> CSVColumn? { columns.first { $0.name == name } }
}

/// A file's bytes, read and checked to be text.
private enum FileBytes {
  static func read(_ path: String) throws(DatasetError) -> [UInt8] {
    guard let file = fopen(path, "rb") else {
      throw DatasetError(.missingFile, "\(path): \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var information = stat()
    guard fstat(fileno(file), &information) == 0 else {
      throw DatasetError(.missingFile, "\(path): \(String(cString: strerror(errno)))")
    }
    if information.st_mode & S_IFMT == S_IFDIR {
      throw DatasetError(.missingFile, "\(path): expected a CSV file, found a folder")
    }
    var bytes: [UInt8] = []
    var size = max(1 << 16, Int(information.st_size) + 1)
    while true {
      let have = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: size))
      let read = bytes.withUnsafeMutableBytes { fread($0.baseAddress! + have, 1, size, file) }
      bytes.removeLast(size - read)
      if read < size { break }
      size = bytes.count
    }
    if ferror(file) != 0 {
      throw DatasetError(.missingFile, "\(path): \(String(cString: strerror(errno)))")
    }
    return bytes
  }

  /// Refuses empty files, zero bytes, and bytes that are not UTF-8, with their line.
  static func checkText(_ bytes: [UInt8], fileName: String) throws(DatasetError) {
    if bytes.isEmpty {
      throw DatasetError(
        .badData, "\(fileName): expected a line of column names, found an empty file")
    }
    var isASCII = true
    for byte in bytes where byte &- 1 >= 0x7f { isASCII = false }
    if isASCII { return }
    var line = 1
    for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if part.contains(0) {
        throw DatasetError(.badData, "\(fileName):\(line): expected text, found a zero byte")
      }
      if part.contains(where: { $0 >= 0x80 }), String(validating: part, as: UTF8.self) == nil {
        throw DatasetError(
          .badData,
          "\(fileName):\(line): expected UTF-8, found other bytes; save the file as UTF-8")
      }
      line += 1
    }
  }
}

/// Drives libcsv over a file, line by line, so that every cell's line is known.
private final class CSVReader {
  private let fileName: String
  private let textColumns: Set<String>
  private(set) var columns: [CSVColumn] = []
  private(set) var rowLines: [Int] = []
  private(set) var hasIndexColumn = false

  private var header: [String] = []
  private var isInHeader = true
  private var line = 1
  private var rowLine = 1
  private var cellCount = 0
  private var failure: DatasetError?

  init(fileName: String, textColumns: Set<String>) {
    self.fileName = fileName
    self.textColumns = textColumns
  }

  func read(_ bytes: [UInt8]) throws(DatasetError) {
    var parser = csv_parser()
    let options = CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL
    guard csv_init(&parser, UInt8(options)) == 0 else {
      throw DatasetError(.badData, "\(fileName): libcsv could not start")
    }
    defer { csv_free(&parser) }
    let start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    csv_set_delim(&parser, Self.separator(of: bytes[start...]))
    let context = Unmanaged.passUnretained(self).toOpaque()
    let parsed = bytes.withUnsafeBytes { buffer -> Bool in
      var position = start
      while position < buffer.count, failure == nil {
        let rest = buffer.count - position
        let newline = memchr(buffer.baseAddress! + position, 0x0a, rest)
        let length =
          newline.map { $0 - UnsafeMutableRawPointer(mutating: buffer.baseAddress!) + 1 - position }
          ?? rest
        let taken = csv_parse(
          &parser, buffer.baseAddress! + position, length, Self.cellEnded, Self.rowEnded, context)
        if taken != length { return false }
        position += length
        line += 1
      }
      return true
    }
    if let failure { throw failure }
    guard parsed else {
      throw DatasetError(
        .badData,
        "\(fileName):\(line): expected a quote to stand at a cell's start or end, or doubled "
          + "inside a quoted cell; \(Self.text(of: csv_error(&parser)))")
    }
    guard csv_fini(&parser, Self.cellEnded, Self.rowEnded, context) == 0 else {
      throw DatasetError(
        .badData, "\(fileName):\(rowLine): expected a closing quote, found the end of the file")
    }
    if let failure { throw failure }
    if isInHeader {
      throw DatasetError(.badData, "\(fileName):1: expected a line of column names")
    }
    if rowLines.isEmpty {
      throw DatasetError(.badData, "\(fileName): expected rows below the header, found none")
    }
  }

  private static func text(of error: Int32) -> String {
    csv_strerror(error).map { String(cString: $0) } ?? "libcsv error \(error)"
  }

  /// The separator that the first line has most of outside quotes; a comma when it has none.
  private static func separator(of bytes: ArraySlice<UInt8>) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted {
        if byte == UInt8(ascii: "\n") { break }
        counts[byte, default: 0] += 1
      }
    }
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    let most = candidates.map { counts[$0] ?? 0 }.max() ?? 0
    return candidates.first { counts[$0] ?? 0 == most } ?? UInt8(ascii: ",")
  }

  private static let cellEnded:
    @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
      cell, length, context in
      guard let context else { return }
      Unmanaged<CSVReader>.fromOpaque(context).takeUnretainedValue().endCell(cell, length: length)
    }

  private static let rowEnded: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = {
    _, context in
    guard let context else { return }
    Unmanaged<CSVReader>.fromOpaque(context).takeUnretainedValue().endRow()
  }

  private func endCell(_ cell: UnsafeMutableRawPointer?, length: Int) {
    if cellCount == 0, !isInHeader { rowLine = line }
    let bytes = UnsafeBufferPointer(
      start: cell.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) },
      count: cell == nil ? 0 : length)
    if isInHeader {
      header.append(String(decoding: bytes, as: UTF8.self))
    } else if cellCount < columns.count, !(hasIndexColumn && cellCount == 0) {
      columns[cellCount].append(bytes, line: rowLine)
    }
    cellCount += 1
  }

  private func endRow() {
    defer { cellCount = 0 }
    guard failure == nil else { return }
    if isInHeader {
      isInHeader = false
      failure = nameColumns()
    } else if cellCount != columns.count {
      failure = DatasetError(
        .badData, "\(fileName):\(rowLine): expected \(columns.count) cells, found \(cellCount)")
    } else {
      rowLines.append(rowLine)
    }
    rowLine = line + 1
  }

  /// Makes the columns; the error where the header does not name them properly.
  private func nameColumns() -> DatasetError? {
    hasIndexColumn = header.first == "" && header.count > 1
    columns = header.map { CSVColumn(name: $0, isForcedText: textColumns.contains($0)) }
    var seen: Set<String> = []
    for (index, name) in header.enumerated() where !(hasIndexColumn && index == 0) {
      if name.isEmpty {
        return DatasetError(
          .badData, "\(fileName):1: expected a name for column \(index + 1), found none")
      }
      if !seen.insert(name).inserted {
        return DatasetError(
          .badData, "\(fileName):1: expected different column names, found \"\(name)\" twice")
      }
    }
    return nil
  }
}
