import TestSupport
import Testing

@testable import Datasets

@Suite struct `A CSV file read in blocks` {
  /// The same rows, cells and lines as the table in memory has, or the same error.
  @Test func `a file read in blocks has the cells of the table in memory`() throws {
    var generator = SeededGenerator(seed: 8)
    let pieces = [
      "a", "b c", "1", "-2.5", ",", ",", ";", "\n", "\n", "\r\n", "\r", "\"", "\"\"", "\"x\"",
      "\"y,\n\"", " ", "\t", "\u{e9}",
    ]
    let folder = TemporaryFolder()
    var soundCount = 0
    for seed in 0..<1500 {
      let count = Int.random(in: 0...14, using: &generator)
      let body = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      let path = folder.write("k,m\n" + body, to: "t.csv")
      let table = Result { () throws(DatasetError) in
        try CSVTable(contentsOf: path, CSVReading(textColumns: ["k", "m"]))
      }.map { table in
        let columns = table.columnNames.compactMap { table.column(named: $0) }
        return (0..<table.rowCount).map { row in
          Row(
            cells: columns.map { $0.words[Int($0.wordNumbers[row])] }, line: table.line(ofRow: row))
        }
      }
      // Only a table has to have rows, and the same number of cells in each.
      let rows = Result { () throws(DatasetError) in
        let count = try CSVBlockReader(contentsOf: path).columnNames.count
        let rows = try Self.rows(path, cellCount: count)
        guard rows.isEmpty else { return rows }
        throw DatasetError(.badData, "t.csv: expected rows below the header, found none")
      }
      if case .success = table { soundCount += 1 }
      #expect(rows == table, "\(seed): \(body.debugDescription)")
    }
    #expect(soundCount > 50)
  }

  @Test func `a file read in blocks has every row once, wherever blocks end`() throws {
    let folder = TemporaryFolder()
    var text = "a,b\n"
    var expected: [[String]] = []
    for row in 0..<60_000 {
      let cell = row % 1000 == 7 ? "two\nlines, \(row)" : "row \(row)"
      expected.append(["\(row)", cell])
      text += "\(row),\"\(cell)\"\r\n"
    }
    let path = folder.write(text, to: "t.csv")
    let rows = try Self.rows(path)
    #expect(rows.map(\.cells) == expected)
    #expect(rows.last?.line == 60_000 + 60 + 1 - (59_999 % 1000 < 7 ? 1 : 0))
  }

  @Test func `a row may be longer than a block`() throws {
    let folder = TemporaryFolder()
    let long = String(repeating: "x\n", count: CSVBlockReader.blockSize)
    let rows = try Self.rows(folder.write("a,b\n1,\"\(long)\"\n2,y\n", to: "t.csv"))
    #expect(rows.map(\.cells) == [["1", long], ["2", "y"]])
    #expect(rows.map(\.line) == [2, 3 + CSVBlockReader.blockSize])
  }

  @Test func `a quote that is not closed is reported without reading on for ever`() throws {
    let folder = TemporaryFolder()
    let rest = String(repeating: "1,2\n", count: CSVBlockReader.rowLimit / 4 + 10)
    let path = folder.write("a,b\n1,\"2\n" + rest, to: "t.csv")
    let error = #expect(throws: DatasetError.self) { try Self.rows(path) }
    #expect(
      error?.description
        == "t.csv:2: expected a row of at most 16777216 bytes; a quote may not be closed")
  }

  private struct Row: Equatable {
    let cells: [String]
    let line: Int
  }

  /// - Parameter cellCount: how many cells a row has to have; `nil` for any number.
  private static func rows(
    _ path: String, cellCount: Int? = nil
  ) throws(DatasetError) -> [Row] {
    let reader = try CSVBlockReader(contentsOf: path)
    var rows: [Row] = []
    while let block = try reader.next() {
      do throws(CSVError) {
        try block.forEachRow { _, cells, line throws(CSVError) in
          if let cellCount, cells.count != cellCount {
            throw CSVError(
              line: line,
              problem: "expected \(cellCount) cells as in the header, found \(cells.count)")
          }
          rows.append(Row(cells: cells.map(\.text), line: line))
        }
      } catch {
        throw DatasetError(.badData, "t.csv:\(error.line): \(error.problem)")
      }
    }
    return rows
  }
}
