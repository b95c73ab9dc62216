/// Reads rows into columns, each all numbers or all words, in chunks that threads share.
///
/// Where a cell contradicts what its column holds by the first row, where a cell is empty and where anything is
/// wrong, it gives up, and leaves the table to ``ColumnDiagnosis``.
struct ColumnReader {
  /// ``ColumnBuffers`` takes some stack for each.
  private static let columnLimit = 1000

  private let header: CSVHeader
  private let isForcedText: [Bool]
  private let kinds: [ColumnBuffers.Kind]
  private let chunks: [Chunk]
  private let threads: Int

  /// - Parameters:
  ///   - text: the rows below the header, with ``CSVGrammar/padding`` behind.
  ///   - chunkSize: about how many bytes a thread reads at a time: large enough to be worth its while, and
  ///     small enough to share out.
  /// - Returns: `nil` where the first row alone shows that the table is none to be read so.
  init?(
    _ text: UnsafeBufferPointer<UInt8>, _ header: CSVHeader, textColumns: Set<String>,
    chunkSize: Int, threads: Int
  ) {
    self.header = header
    self.threads = threads
    let isForcedText = header.names.map { textColumns.contains($0) }
    self.isForcedText = isForcedText
    var scanner = CSVScanner(text, header.grammar, line: header.nextLine)
    var cells = RowCells()
    guard header.names.count <= Self.columnLimit, (try? scanner.readRow(into: &cells)) == true,
      cells.all.count == header.names.count
    else { return nil }
    kinds = cells.all.indices.map { index in
      if index == 0, header.hasIndexColumn { return .skipped }
      return isForcedText[index] || cells.all[index].number == nil ? .words : .numbers
    }
    chunks = Chunk.chunks(of: text, firstLine: header.nextLine, size: chunkSize, threads: threads)
  }

  /// The columns without the index column, and the line on which each row starts, which is empty where row `i`
  /// starts on line `i + 2`; `nil` where the table is left to the diagnosis.
  ///
  /// - Parameter meanwhile: other work, which a thread does at the same time.
  func read(
    meanwhile: @Sendable () -> Void
  ) -> (columns: [CSVColumn], rowCount: Int, rowLines: [Int])? {
    var rowCount = 0
    var rowLines: [Int] = []
    var tables: [WordTable] = []
    let columns = ColumnBuffers.filled(
      kinds, rowLimit: chunks.reduce(0) { $0 + $1.rowLimit }
    ) { destinations in
      guard let results = readChunks(destinations, meanwhile: meanwhile) else { return nil }
      rowCount = results.reduce(0) { $0 + $1.rowCount }
      rowLines = Self.rowLines(results)
      tables = destinations.enumerated().map { Self.join(results, column: $0, $1) }
      return rowCount
    }
    guard let columns else { return nil }
    let named = columns.enumerated().compactMap { index, cells -> CSVColumn? in
      var column = CSVColumn(name: header.names[index], isForcedText: isForcedText[index])
      switch cells {
      case .skipped: return nil
      case .numbers(let numbers): column.numbers = numbers
      case .words(let numbers):
        column.isNumeric = false
        column.words = tables[index].texts
        column.wordNumbers = numbers
      }
      return column
    }
    return (named, rowCount, rowLines)
  }

  /// What was read of a chunk, beside the cells in the columns.
  private struct Result {
    let chunk: Chunk
    /// How many rows there are, from the chunk's first row on.
    var rowCount = 0
    /// The words of each column.
    var words: [WordTable]
    /// The line of each row; empty where every line of the chunk is a row.
    var lines: [Int] = []
  }

  /// Reads all chunks, and does the other work; `nil` where one gives up.
  private func readChunks(
    _ destinations: [ColumnBuffers.Destination], meanwhile: @Sendable () -> Void
  ) -> [Result]? {
    var results = [Result?](repeating: nil, count: chunks.count)
    results.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let (results, destinations, reader) = (results, destinations, self)
      // The other work comes first, since it is longer than a chunk.
      SharedWork.forEach(chunks.count + 1, threads: threads) { index in
        if index == 0 {
          meanwhile()
        } else {
          results[index - 1] = try? reader.readChunk(reader.chunks[index - 1], destinations)
        }
      }
    }
    let read = results.compactMap(\.self)
    return read.count == chunks.count ? read : nil
  }

  private func readChunk(
    _ chunk: Chunk, _ destinations: [ColumnBuffers.Destination]
  ) throws(CSVError) -> Result {
    var result = Result(chunk: chunk, words: [])
    var scanner = CSVScanner(chunk.text, header.grammar, line: chunk.firstLine)
    var sink = ChunkSink(
      destinations: destinations, isForcedText: isForcedText,
      words: destinations.map { _ in WordTable() }, row: chunk.firstRow)
    while try scanner.readRow(into: &sink) {
      guard sink.column == destinations.count else { throw ChunkSink.contradiction }
      if scanner.rowLine != chunk.firstLine + result.rowCount || !result.lines.isEmpty {
        if result.lines.isEmpty { result.lines = (0..<result.rowCount).map { chunk.firstLine + $0 } }
        result.lines.append(scanner.rowLine)
      }
      result.rowCount += 1
      sink.row += 1
      sink.column = 0
    }
    result.words = sink.words
    return result
  }

  private static func rowLines(_ results: [Result]) -> [Int] {
    var rowCount = 0
    let isPlain = results.allSatisfy { result in
      defer { rowCount += result.rowCount }
      return result.lines.isEmpty && result.chunk.firstLine == rowCount + 2
    }
    if isPlain { return [] }
    return results.flatMap { result in
      result.lines.isEmpty
        ? (0..<result.rowCount).map { result.chunk.firstLine + $0 } : result.lines
    }
  }

  /// Closes the gaps behind chunks that have fewer rows than lines, and numbers the words of all chunks in the
  /// order in which they first came.
  private static func join(
    _ results: [Result], column: Int, _ destination: ColumnBuffers.Destination
  ) -> WordTable {
    var table = WordTable()
    var target = 0
    for result in results {
      let (source, count) = (result.chunk.firstRow, result.rowCount)
      switch destination {
      case .skipped: break
      case .numbers(let numbers):
        if target != source { (numbers + target).update(from: numbers + source, count: count) }
      case .words(let numbers):
        let joined = result.words[column].words.map { table.number(of: $0) ?? 0 }
        if target == source, joined.indices.allSatisfy({ Int(joined[$0]) == $0 }) { break }
        for row in 0..<count { numbers[target + row] = joined[Int(numbers[source + row])] }
      }
      target += count
    }
    return table
  }
}

/// Some whole rows of a text.
private struct Chunk {
  let text: UnsafeBufferPointer<UInt8>
  /// The line on which the text starts.
  let firstLine: Int
  /// No more rows than this are in it.
  let rowLimit: Int
  /// How many rows there may be before it.
  let firstRow: Int

  /// A text cut into chunks of about a size, each at the last line end in it that stands in no quotes. Whether
  /// one does is known by how many quotes stand before it; where it is wrong, a stray quote comes earlier,
  /// in a chunk whose reader gives up.
  static func chunks(
    of text: UnsafeBufferPointer<UInt8>, firstLine: Int, size: Int, threads: Int
  ) -> [Chunk] {
    let count = max(1, text.count / size)
    func part(_ index: Int) -> UnsafeBufferPointer<UInt8> {
      let end = index + 1 < count ? (index + 1) * size : text.count
      return UnsafeBufferPointer(rebasing: text[index * size..<end])
    }
    var counts = [(quotes: Int, lineEnds: Int)](repeating: (0, 0), count: count)
    counts.withUnsafeMutableBufferPointer { counts in
      nonisolated(unsafe) let (counts, part) = (counts, part)
      SharedWork.forEach(count, threads: threads) { counts[$0] = part($0).quoteAndLineEndCounts }
    }
    var chunks: [Chunk] = []
    var start = 0
    var startLine = firstLine
    var firstRow = 0
    var line = firstLine
    var isQuoted = false
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
        Chunk(
          text: UnsafeBufferPointer(rebasing: text[start..<end]), firstLine: startLine,
          rowLimit: rowLimit, firstRow: firstRow))
      (start, startLine) = (end, endLine)
      firstRow += rowLimit
    }
    return chunks
  }
}

/// Puts the cells of a chunk's rows where their columns are.
private struct ChunkSink: CSVSink {
  static let contradiction = CSVError(line: 0, problem: "expected a row like the first")

  let destinations: [ColumnBuffers.Destination]
  let isForcedText: [Bool]
  var words: [WordTable]
  var row: Int
  var column = 0

  @inline(__always)
  mutating func takeShortCell(at start: UnsafePointer<UInt8>, _ grammar: CSVGrammar) -> Int? {
    guard column < destinations.count else { return nil }
    let length: Int
    switch destinations[column] {
    case .skipped:
      guard let number = ShortNumber(at: start), grammar.isCellEnd(start[number.length]) else {
        return nil
      }
      length = number.length
    case .numbers(let numbers):
      guard let number = ShortNumber(at: start), grammar.isCellEnd(start[number.length]) else {
        return nil
      }
      numbers[row] = number.value
      length = number.length
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
  mutating func take(_ cell: CSVCell, line: Int) throws(CSVError) {
    guard column < destinations.count else { throw Self.contradiction }
    switch destinations[column] {
    case .skipped: break
    case .numbers(let numbers):
      guard let number = cell.number else { throw Self.contradiction }
      numbers[row] = number
    case .words(let numbers):
      let isForced = isForcedText[column]
      guard !cell.bytes.isEmpty,
        let word = words[column].number(
          of: cell.bytes, accepting: { isForced || cell.number == nil })
      else { throw Self.contradiction }
      numbers[row] = word
    }
    column += 1
  }
}
