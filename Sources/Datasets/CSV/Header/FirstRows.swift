/// The first rows of a text, which show how it is written.
struct FirstRows {
  private struct Row {
    let start: Int
    let line: Int
    var end = 0
    /// How often each of ``CSVSeparator`` stands in it outside of quotes.
    var counts = [Int](repeating: 0, count: CSVSeparator.allCases.count)

    subscript(separator: CSVSeparator) -> Int {
      counts[CSVSeparator.allCases.firstIndex(of: separator) ?? 0]
    }
  }

  /// How many bytes and rows are looked at, at most.
  private static let (byteLimit, rowLimit) = (1 << 16, 50)

  let separator: CSVSeparator
  /// Where the table starts, below comments, and on which line.
  let start: Int
  let line: Int
  /// How many more cells than the first row all others have; `nil` if they differ or are few.
  let surplus: Int?

  /// - Parameter text: the start of a file, followed by ``CSVGrammar/padding``.
  init(_ text: UnsafeBufferPointer<UInt8>, _ format: CSVFormat) {
    let markLength = text.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    var rows = Self.rows(text, from: markLength)
    var separator = format.separator
    // Excel's way to say it.
    if let row = rows.first, row.end == row.start + 5,
      text[row.start..<row.end].starts(with: "sep=".utf8)
    {
      separator = separator ?? CSVSeparator.allCases.first { $0.byte == text[row.end - 1] }
      rows.removeFirst()
    }
    let table = rows.drop { text[$0.start] == UInt8(ascii: "#") }
    let found = separator ?? Self.separator(of: table.isEmpty ? rows[...] : table)
    self.separator = found
    func isData(_ row: Row) -> Bool {
      String(decoding: text[row.start..<row.end], as: UTF8.self)
        .split { found == .space ? $0.isWhitespace : $0.utf8.elementsEqual([found.byte]) }
        .contains { DecimalNumber.value(of: $0.filter { !"\" ".contains($0) }) != nil }
    }
    var first = table.first ?? rows.first
    var start = first?.start ?? markLength
    // The last comment may be the names.
    if format.hasHeader, table.count < rows.count, let body = table.first {
      let comment = rows[rows.count - table.count - 1]
      let isMark = found == .space && [0x20, 0x09].contains(text[comment.start + 1])
      if comment[found] - (isMark ? 1 : 0) == body[found],
        isData(body) || !table.dropFirst().prefix(1).contains(where: isData)
      {
        first = comment
        start = comment.start + (isMark ? 1 : 0)
        while isMark, [0x20, 0x09].contains(text[start]) { start += 1 }
      }
    }
    self.start = start
    line = first?.line ?? 1
    let others = table.drop { $0.start <= start }
    let surplus = others.first.flatMap { other in first.map { other[found] - $0[found] } }
    self.surplus =
      others.count > 1
        && others.allSatisfy {
          $0[found] == others.first?[found] && (found == .space || text[$0.end - 1] != found.byte)
        }
      ? surplus : nil
  }

  private static func rows(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> [Row] {
    let separators = CSVSeparator.allCases.map(\.byte)
    var rows: [Row] = []
    var row: Row?
    var (line, isQuoted, isBlank) = (1, false, true)
    for index in start..<max(start, min(byteLimit, text.count)) {
      let byte = text[index]
      let isEnd = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
      if isEnd, byte == UInt8(ascii: "\r") || index == 0 || text[index - 1] != UInt8(ascii: "\r") {
        line += 1
      }
      if byte == CSVGrammar.quote { isQuoted.toggle() }
      if isEnd, !isQuoted {
        if let row { rows.append(row) }
        if rows.count == rowLimit { return rows }
        row = nil
        continue
      }
      let wasBlank = isBlank
      isBlank = !isQuoted && (byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t"))
      if row == nil {
        if isBlank, byte != UInt8(ascii: "\t") { continue }
        row = Row(start: index, line: line)
      } else if wasBlank, !isBlank {
        row?.counts[separators.count - 1] += 1
      }
      row?.end = index + 1
      if !isQuoted, let place = separators.dropLast().firstIndex(of: byte) {
        row?.counts[place] += 1
      }
    }
    if let row, text.count <= byteLimit || rows.isEmpty { rows.append(row) }
    return rows
  }

  /// The separator that all rows have equally often; else the most frequent in the first row, or a comma.
  private static func separator(of rows: ArraySlice<Row>) -> CSVSeparator {
    guard let first = rows.first else { return .comma }
    func isRegular(_ separator: CSVSeparator, surplus: Int = 0) -> Bool {
      rows.count > 1 && first[separator] > 0
        && rows.dropFirst().allSatisfy { $0[separator] == first[separator] + surplus }
    }
    let visible = CSVSeparator.allCases.dropLast()
    if let regular = visible.first(where: { isRegular($0) }) { return regular }
    let frequent = [.comma] + visible.dropLast()
    if let most = frequent.map({ first[$0] }).max(), most > 0 {
      return frequent.first { first[$0] == most } ?? .comma
    }
    return isRegular(.space) || isRegular(.space, surplus: 1) ? .space : .comma
  }
}
