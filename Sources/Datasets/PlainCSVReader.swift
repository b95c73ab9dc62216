#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Reads the CSV files that most are, several times faster than libcsv: no quotes or line ends within
/// cells, no empty cells or lines, no spaces around cells, as many cells in every row, and every column
/// all numbers or all words, and no more than a thousand columns.
///
/// Anything else is left to ``CSVReader``, which also finds the words for what is wrong. So this reader
/// either gives the very same columns or none.
struct PlainCSVReader {
  private let separator: UInt8
  private let names: [String]
  private let isForcedText: [Bool]
  private let hasIndexColumn: Bool
  /// The bytes below the header, cut at ends of lines.
  private let chunks: [Range<Int>]

  /// Bytes of a chunk, about: large enough to be worth a thread's while, and small enough to share out.
  private static let chunkSize = 1 << 17
  /// ``ColumnMemory`` takes some stack for each.
  private static let columnLimit = 1000

  /// - Returns: `nil` where the header alone shows that the file is not plain.
  init?(_ bytes: UnsafeBufferPointer<UInt8>, separator: UInt8, textColumns: Set<String>) {
    let start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    guard let feed = bytes[start...].firstIndex(of: newline), feed + 1 < bytes.count else {
      return nil
    }
    let end = feed > start && bytes[feed - 1] == carriageReturn ? feed - 1 : feed
    var names: [String] = []
    for cell in bytes[start..<end].split(separator: separator, omittingEmptySubsequences: false) {
      guard let content = Self.content(of: cell) else { return nil }
      names.append(String(decoding: content, as: UTF8.self))
    }
    hasIndexColumn = names.first == "" && names.count > 1
    let used = names.dropFirst(hasIndexColumn ? 1 : 0)
    guard !used.contains(""), Set(used).count == used.count, names.count <= Self.columnLimit else {
      return nil
    }
    self.separator = separator
    self.names = names
    isForcedText = names.map { textColumns.contains($0) }
    var chunks: [Range<Int>] = []
    var position = feed + 1
    while position < bytes.count {
      let wanted = position + Self.chunkSize
      let end =
        wanted < bytes.count
        ? bytes[wanted...].firstIndex(of: newline).map { $0 + 1 } ?? bytes.count : bytes.count
      chunks.append(position..<end)
      position = end
    }
    self.chunks = chunks
  }

  /// A cell without its quotes; `nil` where it is not plain.
  private static func content(
    of cell: Slice<UnsafeBufferPointer<UInt8>>
  ) -> UnsafeBufferPointer<UInt8>? {
    var content = cell
    if cell.first == quote {
      guard cell.count > 1, cell.last == quote else { return nil }
      content = cell.dropFirst().dropLast()
    }
    if content.contains(quote) || content.contains(carriageReturn) { return nil }
    if let first = content.first, let last = content.last, isSpace(first) || isSpace(last) {
      return nil
    }
    return UnsafeBufferPointer(rebasing: content)
  }

  /// The columns without the index column, and the number of rows; `nil` where the file is not plain.
  ///
  /// - Parameter meanwhile: other work on the same bytes, which a thread does at the same time.
  func read(
    _ bytes: UnsafeBufferPointer<UInt8>, threads: Int, meanwhile: @Sendable () -> Void
  ) -> (columns: [CSVColumn], rowCount: Int)? {
    let starts = rowStarts(bytes, threads: threads)
    let rowCount = starts[starts.count - 1]
    guard let kinds = kinds(bytes) else {
      meanwhile()
      return nil
    }
    var tables: [WordTable] = []
    let columns = ColumnMemory.filled(kinds, rowCount: rowCount) { destinations in
      guard let lists = fill(destinations, bytes, starts, threads: threads, meanwhile: meanwhile)
      else { return false }
      tables = destinations.enumerated().map { column, destination in
        guard case .words(let numbers) = destination else { return WordTable() }
        return join(lists.map { $0[column] }, bytes, numbers, starts)
      }
      return true
    }
    guard let columns else { return nil }
    let named = columns.enumerated().compactMap { column, cells -> CSVColumn? in
      switch cells {
      case .skipped: nil
      case .numbers(let numbers): CSVColumn(name: names[column], numbers: numbers)
      case .words(let numbers):
        CSVColumn(
          name: names[column], isForcedText: isForcedText[column], words: tables[column],
          wordNumbers: numbers)
      }
    }
    return (named, rowCount)
  }

  /// Reads all chunks, and does the other work; the words of each chunk's columns, or `nil` where a row is
  /// not plain.
  private func fill(
    _ destinations: [ColumnMemory.Destination], _ bytes: UnsafeBufferPointer<UInt8>,
    _ starts: [Int], threads: Int, meanwhile: @Sendable () -> Void
  ) -> [[WordList]]? {
    var lists = [[WordList]?](repeating: nil, count: chunks.count)
    lists.withUnsafeMutableBufferPointer { lists in
      nonisolated(unsafe) let (lists, input) = (lists, (bytes, destinations))
      // The other work comes first, since it is longer than a chunk.
      SharedWork.forEach(chunks.count + 1, threads: threads) { index in
        if index == 0 {
          meanwhile()
        } else {
          lists[index - 1] = readChunk(
            index - 1, input.0, input.1, rows: starts[index - 1]..<starts[index])
        }
      }
    }
    let read = lists.compactMap(\.self)
    return read.count == chunks.count ? read : nil
  }

  /// The row that each chunk starts with, and the number of rows.
  private func rowStarts(_ bytes: UnsafeBufferPointer<UInt8>, threads: Int) -> [Int] {
    var starts = [Int](repeating: 0, count: chunks.count + 1)
    starts.withUnsafeMutableBufferPointer { starts in
      nonisolated(unsafe) let (starts, bytes) = (starts, bytes)
      SharedWork.forEach(chunks.count, threads: threads) { chunk in
        var count = UnsafeBufferPointer(rebasing: bytes[chunks[chunk]]).count(
          of: newline, or: newline)
        if bytes[chunks[chunk].upperBound - 1] != newline { count += 1 }
        starts[chunk + 1] = count
      }
    }
    for chunk in chunks.indices { starts[chunk + 1] += starts[chunk] }
    return starts
  }

  /// Decides by the first row what each column holds.
  private func kinds(_ bytes: UnsafeBufferPointer<UInt8>) -> [ColumnMemory.Kind]? {
    let line = bytes[chunks[0]].prefix { $0 != newline && $0 != carriageReturn }
    let cells = line.split(separator: separator, omittingEmptySubsequences: false)
    let contents = cells.compactMap { Self.content(of: $0) }
    guard contents.count == cells.count, cells.count == names.count else { return nil }
    return contents.enumerated().map { index, cell in
      if index == 0, hasIndexColumn { return .skipped }
      return isForcedText[index] || Self.number(cell) == nil ? .words : .numbers
    }
  }

  /// Reads the rows of a chunk; the words of each column, or `nil` where a row is not plain.
  private func readChunk(
    _ chunk: Int, _ bytes: UnsafeBufferPointer<UInt8>,
    _ destinations: [ColumnMemory.Destination], rows: Range<Int>
  ) -> [WordList]? {
    guard let base = bytes.baseAddress else { return nil }
    var lists = destinations.map { _ in WordList() }
    var position = base + chunks[chunk].lowerBound
    let end = base + chunks[chunk].upperBound
    for row in rows {
      for column in destinations.indices {
        switch destinations[column] {
        case .skipped:
          guard skipCell(&position, end) else { return nil }
        case .numbers(let numbers):
          guard let number = readNumber(&position, end) else { return nil }
          numbers[row] = number
        case .words(let numbers):
          guard
            let word = readWord(
              &position, end, base, &lists[column], isForced: isForcedText[column])
          else { return nil }
          numbers[row] = word
        }
        if column + 1 < destinations.count {
          guard position < end, position.pointee == separator else { return nil }
          position += 1
        }
      }
      if position < end, position.pointee == carriageReturn { position += 1 }
      guard position == end || position.pointee == newline else { return nil }
      position += 1
    }
    return lists
  }

  /// Reads a cell as a number, which mostly takes no loop.
  @inline(__always)
  private func readNumber(
    _ position: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Double? {
    readShortNumber(&position, end) ?? readOtherNumber(&position, end)
  }

  /// Passes over a cell, which mostly is the number of a row.
  @inline(__always)
  private func skipCell(
    _ position: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Bool {
    readShortNumber(&position, end) != nil || findCellEnd(&position, end) != nil
  }

  @inline(__always)
  private func readShortNumber(
    _ position: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Double? {
    guard end - position >= 8, let number = ShortNumber(at: position),
      isCellEnd(position[number.length])
    else { return nil }
    position += number.length
    return number.value
  }

  /// Reads a cell as a word, new ones only where they are no numbers or numbers are words here.
  @inline(__always)
  private func readWord(
    _ position: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>,
    _ base: UnsafePointer<UInt8>, _ list: inout WordList, isForced: Bool
  ) -> Int32? {
    if end - position >= 8, let word = ShortWord(at: position, separator: separator),
      let number = list.number(of: word)
    {
      position += word.length
      return number
    }
    guard let cell = findCellEnd(&position, end) else { return nil }
    return list.number(of: cell, in: base, accepting: { isForced || Self.number(cell) == nil })
  }

  @inline(never)
  private func readOtherNumber(
    _ position: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Double? {
    findCellEnd(&position, end).flatMap(Self.number)
  }

  /// Moves to the cell's end; what the cell holds, or `nil` where it is not plain.
  @inline(__always)
  private func findCellEnd(
    _ position: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8>? {
    let isQuoted = position < end && position.pointee == quote
    if isQuoted { position += 1 }
    let start = position
    if isQuoted {
      while position < end, position.pointee != quote {
        if position.pointee == newline || position.pointee == carriageReturn { return nil }
        position += 1
      }
    } else {
      while position < end, !isCellEnd(position.pointee) {
        if position.pointee == quote { return nil }
        position += 1
      }
    }
    guard position > start, !isSpace(start.pointee), !isSpace(position[-1]) else { return nil }
    let cell = UnsafeBufferPointer(start: start, count: position - start)
    if isQuoted {
      guard position < end else { return nil }
      position += 1
    }
    return cell
  }

  /// The number that bytes spell, which nothing needs to follow.
  private static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count + 1) { copy in
      _ = copy.initialize(from: bytes)
      copy[bytes.count] = 0
      return DecimalNumber.value(UnsafeBufferPointer(rebasing: copy[..<bytes.count]))
    }
  }

  @inline(__always)
  private func isCellEnd(_ byte: UInt8) -> Bool {
    byte == separator || byte == newline || byte == carriageReturn
  }

  /// Numbers the words of all chunks in the order in which they first came.
  private func join(
    _ lists: [WordList], _ bytes: UnsafeBufferPointer<UInt8>,
    _ numbers: UnsafeMutablePointer<Int32>, _ starts: [Int]
  ) -> WordTable {
    var table = WordTable()
    for (chunk, list) in lists.enumerated() {
      let joined = list.places.map { place in
        table.number(of: UnsafeBufferPointer(rebasing: bytes[place]))
      }
      if joined.indices.allSatisfy({ Int(joined[$0]) == $0 }) { continue }
      for row in starts[chunk]..<starts[chunk + 1] { numbers[row] = joined[Int(numbers[row])] }
    }
    return table
  }
}

private let newline = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
private let quote = UInt8(ascii: "\"")

@inline(__always)
private func isSpace(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}

/// The distinct words of a column in one chunk, as places in the file.
private struct WordList {
  private(set) var places: [Range<Int>] = []
  /// Of each word the key, if it is short, and else 0.
  private var keys: [UInt64] = []
  /// Open addressing; a slot holds one more than a number.
  private var slots = [Int32](repeating: 0, count: 64)

  var count: Int { places.count }

  /// The number of a word that is known.
  @inline(__always)
  func number(of word: ShortWord) -> Int32? {
    var slot = Self.hash(word.key) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = slots[slot] &- 1
      if keys[Int(number)] == word.key { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// The number of a word, known or, if it is accepted, new.
  @inline(__always)
  mutating func number(
    of word: UnsafeBufferPointer<UInt8>, in base: UnsafePointer<UInt8>, accepting: () -> Bool
  ) -> Int32? {
    guard let bytes = word.baseAddress else { return nil }
    var slot = Self.hash(word) & (slots.count - 1)
    while slots[slot] != 0 {
      let place = places[Int(slots[slot] - 1)]
      if place.count == word.count, memcmp(base + place.lowerBound, bytes, word.count) == 0 {
        return slots[slot] - 1
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard accepting() else { return nil }
    places.append(bytes - base..<bytes - base + word.count)
    keys.append(ShortWord.key(of: word) ?? 0)
    slots[slot] = Int32(places.count)
    if 2 * places.count > slots.count { grow(base) }
    return Int32(places.count - 1)
  }

  /// By the key, where there is one, so that both ways to a short word begin at the same slot.
  private static func hash(_ word: UnsafeBufferPointer<UInt8>) -> Int {
    if let key = ShortWord.key(of: word) { return hash(key) }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int(truncatingIfNeeded: hash ^ hash >> 32)
  }

  @inline(__always)
  private static func hash(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 32)
  }

  private mutating func grow(_ base: UnsafePointer<UInt8>) {
    slots = [Int32](repeating: 0, count: 4 * slots.count)
    for (number, place) in places.enumerated() {
      let word = UnsafeBufferPointer(start: base + place.lowerBound, count: place.count)
      var slot = Self.hash(word) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(number + 1)
    }
  }
}
