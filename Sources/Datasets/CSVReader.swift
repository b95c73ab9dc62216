import CCSV

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Drives libcsv over a file, line by line, so that every cell's line is known.
final class CSVReader {
  private let fileName: String
  private let textColumns: Set<String>
  private(set) var columns: [CSVColumn] = []
  private(set) var rowLines: [Int] = []
  private(set) var hasIndexColumn = false

  private var header: [String] = []
  private var isInHeader = true
  private var line = 1
  /// Where the row that is being read started.
  private var rowLine = 1
  private var isInRow = false
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
      var lines = LineEnds(buffer)
      var position = start
      while position < buffer.count, failure == nil {
        let end = lines.next(after: position)
        if !isInRow { rowLine = line }
        let taken = csv_parse(
          &parser, buffer.baseAddress! + position, end - position, Self.cellEnded, Self.rowEnded,
          context)
        if taken != end - position { return false }
        // Quotes may carry a row over several lines, and a line of spaces starts none.
        if cellCount > 0 || parser.entry_pos > 0 || parser.quoted != 0 { isInRow = true }
        position = end
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
  static func separator(of bytes: ArraySlice<UInt8>) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted {
        if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
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
    defer {
      cellCount = 0
      isInRow = false
    }
    guard failure == nil else { return }
    if isInHeader {
      isInHeader = false
      failure = nameColumns()
    } else if cellCount != columns.count {
      failure = DatasetError(
        .badData,
        "\(fileName):\(rowLine): expected \(columns.count) cells as in the header, found "
          + "\(cellCount)")
    } else {
      rowLines.append(rowLine)
    }
  }

  /// Makes the columns; the error where the header does not name them properly.
  private func nameColumns() -> DatasetError? {
    hasIndexColumn = header.first == "" && header.count > 1
    columns = header.map { CSVColumn(name: $0, isForcedText: textColumns.contains($0)) }
    return Self.headerError(header, fileName: fileName)
  }

  /// The error where a header does not name its columns properly; an unnamed first column may be.
  static func headerError(_ header: [String], fileName: String) -> DatasetError? {
    let hasIndexColumn = header.first == "" && header.count > 1
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

/// Finds the ends of lines: LF, CR, or both.
private struct LineEnds {
  private let buffer: UnsafeRawBufferPointer
  private var feed = -1
  private var carriageReturn = -1

  init(_ buffer: UnsafeRawBufferPointer) { self.buffer = buffer }

  /// The position behind the line that has `position`, which never goes back from call to call.
  mutating func next(after position: Int) -> Int {
    if feed < position { feed = find(0x0a, from: position) }
    if carriageReturn < position { carriageReturn = find(0x0d, from: position) }
    let end = min(feed, carriageReturn)
    return min(end + (end + 1 == feed ? 2 : 1), buffer.count)
  }

  private func find(_ byte: Int32, from position: Int) -> Int {
    guard let start = buffer.baseAddress,
      let found = memchr(start + position, byte, buffer.count - position)
    else { return buffer.count }
    return UnsafeRawPointer(found) - start
  }
}
