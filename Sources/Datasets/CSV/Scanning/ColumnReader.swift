import LinearAlgebra
import Support

/// Reads rows into columns of either numbers or words, in chunks that threads share.
///
/// It stops, and leaves the table to ``ColumnDiagnosis``, at the first cell that is neither missing nor of the kind of
/// its column's first cells, at any error, and where rows lack a label or commas stand before decimals.
struct ColumnReader {
  /// ``ColumnBuffers`` needs some stack for each.
  private static let columnLimit = 1000
  /// In so many rows at most is a cell searched that is not missing.
  private static let sampleLimit = 4096

  private(set) var columns: [CSVColumn]
  private(set) var rowLines = RowLines()

  /// - Parameters:
  ///   - text: the rows below the header, followed by ``CSVGrammar/padding``.
  ///   - chunkSize: about how many bytes a thread reads at a time.
  ///   - meanwhile: other work, which a thread does at the same time.
  /// - Returns: `nil` if the table is left to the diagnosis.
  init?(
    _ text: UnsafeBufferPointer<UInt8>, _ header: CSVHeader, _ reading: CSVReading,
    chunkSize: Int, threads: Int, meanwhile: @Sendable () -> Void
  ) {
    let missing = reading.missing
    guard reading.decimalMark == .point, header.names.count <= Self.columnLimit,
      let areNumbers = Self.areNumbers(text, header, missing)
    else { return nil }
    columns = zip(header.names, areNumbers).map { column in
      let isForcedText = reading.textColumns.containsBytes(of: column.0)
      return CSVColumn(
        name: column.0, isForcedText: isForcedText, isNumeric: !isForcedText && column.1)
    }
    let chunks = ColumnChunk.chunks(of: text, header, size: chunkSize, threads: threads)
    var tables: [WordTable]?
    var missingCounts = columns.map { _ in 0 }
    var rowLines = RowLines()
    let isForcedText = columns.map(\.isForcedText)
    let rowLimit = chunks.last.map { $0.firstRow + $0.rowLimit } ?? 0
    ColumnBuffers.fill(&columns, rowLimit: rowLimit) { destinations in
      nonisolated(unsafe) let destinations = destinations
      // The other work comes first, since it is longer than a chunk.
      let read = Parallelism.map(chunks.count + 1, threads: threads) { index, _ -> ColumnChunk? in
        if index > 0 {
          return chunks[index - 1].read(
            into: destinations, isForcedText: isForcedText, missing: missing)
        }
        meanwhile()
        return nil
      }.compactMap(\.self)
      guard read.count == chunks.count else { return 0 }
      for chunk in read {
        rowLines.append(chunk.rowLines)
        for (column, count) in chunk.missingCounts.enumerated() { missingCounts[column] += count }
      }
      tables = destinations.indices.map { ColumnChunk.join(read, $0, destinations[$0]) }
      return rowLines.rowCount
    }
    guard let tables else { return nil }
    for (index, table) in tables.enumerated() {
      columns[index].words = table.texts
      columns[index].missingCount = missingCounts[index]
    }
    if let label = reading.labelColumn,
      columns.contains(where: {
        $0.name.hasBytes(of: label) && $0.words.contains(where: reading.isMissingLabel)
      })
    {
      return nil
    }
    self.rowLines = rowLines
  }

  /// Whether each column's first cell that is not missing is a number; `nil` if there is no row, or one with another
  /// number of cells.
  private static func areNumbers(
    _ text: UnsafeBufferPointer<UInt8>, _ header: CSVHeader, _ missing: MissingCells
  ) -> [Bool]? {
    var scanner = CSVScanner(text, header.grammar, line: header.nextLine)
    var cells = RowCells()
    var kinds: [Bool?] = []
    for row in 0..<sampleLimit where row == 0 || kinds.contains(nil) {
      cells.removeAll()
      guard let isRow = try? scanner.readRow(into: &cells) else { return nil }
      guard isRow else { break }
      guard cells.all.count == header.names.count else { return nil }
      if row == 0 { kinds = header.names.map { _ in nil } }
      for (index, cell) in cells.all.enumerated()
      where kinds[index] == nil && !missing.containsAmongNumbers(cell.bytes) {
        kinds[index] = cell.number != nil
      }
    }
    return kinds.isEmpty ? nil : kinds.map { $0 ?? true }
  }
}

/// Complete rows of a text that one thread reads.
private struct ColumnChunk: CSVSink, @unchecked Sendable {
  let text: UnsafeBufferPointer<UInt8>
  let grammar: CSVGrammar
  /// The line on which the text starts.
  let firstLine: Int
  /// The most rows in it, and the most rows before it.
  let rowLimit: Int
  let firstRow: Int
  /// The lines of the rows that were read, and the words of each column.
  private(set) var rowLines = RowLines()
  private var words: [WordTable] = []
  /// How many numbers are missing in each column.
  private(set) var missingCounts: [Int] = []

  private var destinations: [ColumnBuffers.Destination] = []
  private var isForcedText: [Bool] = []
  private var missing = MissingCells([], .point)
  private var row = 0
  private var column = 0

  private static let contradiction = CSVError(line: 0, problem: "expected a row like the first")

  /// A text divided into chunks of about a size, each at its last line end outside of quotes. The number of quotes
  /// before a line end says whether it is in quotes; if that is wrong, there is a stray quote in an earlier chunk,
  /// whose reader stops there.
  static func chunks(
    of text: UnsafeBufferPointer<UInt8>, _ header: CSVHeader, size: Int, threads: Int
  ) -> [ColumnChunk] {
    let count = max(1, text.count / size)
    nonisolated(unsafe) let text = text
    @Sendable func part(_ index: Int) -> UnsafeBufferPointer<UInt8> {
      let end = index + 1 < count ? (index + 1) * size : text.count
      return UnsafeBufferPointer(rebasing: text[index * size..<end])
    }
    let counts = Parallelism.map(count, threads: threads) { index, _ in
      part(index).quoteAndLineEndCounts
    }
    var chunks: [ColumnChunk] = []
    var (start, startLine, firstRow) = (0, header.nextLine, 0)
    var (line, isQuoted) = (startLine, false)
    for index in 0..<count {
      if counts[index].quotes % 2 == 1 { isQuoted.toggle() }
      line += counts[index].lineEnds
      var (end, endLine) = (text.count, line)
      if index + 1 < count {
        guard let last = part(index).lastRowEnd(isQuoted: isQuoted) else { continue }
        (end, endLine) = (index * size + last.end, line - last.passed)
      }
      // The last row may lack its line end.
      let rowLimit = endLine - startLine + (end == text.count ? 1 : 0)
      chunks.append(
        ColumnChunk(
          text: UnsafeBufferPointer(rebasing: text[start..<end]), grammar: header.grammar,
          firstLine: startLine, rowLimit: rowLimit, firstRow: firstRow))
      (start, startLine) = (end, endLine)
      firstRow += rowLimit
    }
    return chunks
  }

  /// The chunk with its lines and words; `nil` if the table is left to the diagnosis.
  func read(
    into destinations: [ColumnBuffers.Destination], isForcedText: [Bool], missing: MissingCells
  ) -> ColumnChunk? {
    var chunk = self
    chunk.destinations = destinations
    chunk.isForcedText = isForcedText
    chunk.missing = missing
    chunk.missingCounts = destinations.map { _ in 0 }
    chunk.words = destinations.map { _ in WordTable() }
    chunk.row = firstRow
    do throws(CSVError) {
      var scanner = CSVScanner(text, grammar, line: firstLine)
      while try scanner.readRow(into: &chunk) {
        guard chunk.column == destinations.count else { return nil }
        chunk.rowLines.append(scanner.rowLine)
        chunk.row += 1
        chunk.column = 0
      }
      return chunk
    } catch {
      return nil
    }
  }

  @inline(__always)
  mutating func takeShortCell(at start: UnsafePointer<UInt8>, _ grammar: CSVGrammar) -> Int? {
    guard column < destinations.count else { return nil }
    let length: Int
    switch destinations[column] {
    case .numbers(let numbers):
      if let number = ShortNumber(at: start), grammar.isCellEnd(start[number.length]) {
        numbers[row] = number.value
        length = number.length
      } else if grammar.isCellEnd(start.pointee) {
        numbers[row] = .nan
        missingCounts[column] += 1
        length = 0
      } else {
        return nil
      }
    case .words(let numbers):
      guard let word = ShortWord(at: start, separator: grammar.separator),
        let number = words[column].number(of: word)
      else { return nil }
      numbers[row] = number
      length = word.length
    }
    column += 1
    return length
  }

  @inline(__always)
  mutating func take(_ cell: CSVCell) throws(CSVError) {
    guard column < destinations.count else { throw Self.contradiction }
    switch destinations[column] {
    case .numbers(let numbers):
      if let number = cell.number {
        numbers[row] = number
      } else if missing.containsAmongNumbers(cell.bytes) {
        numbers[row] = .nan
        missingCounts[column] += 1
      } else {
        throw Self.contradiction
      }
    case .words(let numbers):
      let known = words[column].words.count
      let word = words[column].number(of: cell.bytes)
      // Only a new word has to be checked.
      if word == known, !isForcedText[column], cell.number != nil, !missing.contains(cell.bytes) {
        throw Self.contradiction
      }
      numbers[row] = word
    }
    column += 1
  }

  /// Closes the gaps after chunks with fewer rows than lines, and numbers the words of all chunks in the order of
  /// their first occurrence.
  static func join(
    _ chunks: [ColumnChunk], _ column: Int, _ destination: ColumnBuffers.Destination
  ) -> WordTable {
    var table = WordTable()
    var target = 0
    for chunk in chunks {
      let (source, count) = (chunk.firstRow, chunk.rowLines.rowCount)
      switch destination {
      case .numbers(let numbers) where target != source:
        (numbers + target).update(from: numbers + source, count: count)
      case .numbers: break
      case .words(let numbers):
        let joined = chunk.words[column].words.map { table.number(of: $0) }
        if target == source, joined.indices.allSatisfy({ Int(joined[$0]) == $0 }) { break }
        for row in 0..<count { numbers[target + row] = joined[Int(numbers[source + row])] }
      }
      target += count
    }
    return table
  }
}
