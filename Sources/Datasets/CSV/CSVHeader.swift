/// The first row of a CSV file, which names the columns.
struct CSVHeader {
  /// How the file is written.
  let grammar: CSVGrammar
  /// An empty first name is that of row numbers, which many programs write.
  let names: [String]
  /// The ranges of the row's bytes and of its line end.
  let row: Range<Int>
  let lineEnd: Range<Int>
  /// The line after the header, counted from 1.
  let nextLine: Int

  var hasIndexColumn: Bool { names.first == "" && names.count > 1 }

  /// - Parameter bytes: the start of a file with the complete header, followed by ``CSVGrammar/padding``.
  init(_ bytes: UnsafeBufferPointer<UInt8>, fileName: String) throws(DatasetError) {
    if bytes.isEmpty {
      throw DatasetError(
        .badData, "\(fileName): expected a line of column names, found an empty file")
    }
    let text = UnsafeBufferPointer(rebasing: bytes[Self.markLength(bytes)...])
    grammar = CSVGrammar(separator: Self.separator(of: text))
    var scanner = CSVScanner(text, grammar, line: 1)
    var cells = RowCells()
    let start = scanner.rowStart - (bytes.count - text.count)
    var failure: CSVError?
    do throws(CSVError) {
      if try !scanner.readRow(into: &cells) {
        failure = CSVError(line: 1, problem: "expected a line of column names")
      }
    } catch {
      failure = error
    }
    let read = UnsafeBufferPointer(start: start, count: scanner.position - start)
    if let flaw = read.textFlaw(firstLine: 1) ?? failure {
      throw DatasetError(flaw, in: fileName)
    }
    names = cells.all.map(\.text)
    row = scanner.rowStart - start..<scanner.rowEnd - start
    lineEnd = scanner.rowEnd - start..<scanner.position - start
    nextLine = scanner.line
    var seen: Set<[UInt8]> = []
    for (index, name) in names.enumerated().dropFirst(hasIndexColumn ? 1 : 0) {
      if name.isEmpty {
        throw DatasetError(
          .badData, "\(fileName):1: expected a name for column \(index + 1), found none")
      }
      if !seen.insert(Array(name.utf8)).inserted {
        throw DatasetError(
          .badData, "\(fileName):1: expected different column names, found \"\(name)\" twice")
      }
    }
  }

  /// The length of the byte order mark at the start of a text.
  static func markLength(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }

  /// The most frequent separator in the first line outside of quotes; a comma if there is none.
  static func separator(of text: UnsafeBufferPointer<UInt8>) -> UInt8 {
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    var counts = [0, 0, 0]
    var isQuoted = false
    for byte in text {
      if byte == CSVGrammar.quote { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      if let candidate = candidates.firstIndex(of: byte) { counts[candidate] += 1 }
    }
    return candidates[counts.firstIndex(of: counts.max() ?? 0) ?? 0]
  }
}
