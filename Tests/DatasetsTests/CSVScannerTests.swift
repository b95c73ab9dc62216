import TestSupport
import Testing

@testable import Datasets

/// libcsv says which rows and cells a text has, and whether it is one that can be read.
@Suite struct `The CSV scanner` {
  @Test(arguments: 0..<300)
  func `the CSV scanner finds the rows, cells and lines that libcsv finds`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "a", "b c", "1", "-2.5", ",", ",", ";", "\n", "\n", "\r\n", "\r", "\"", "\"\"", "\"x\"",
      "\"y,\n\"", "\"\"\"z\"", " ", "\t", "\u{e9}",
    ]
    for _ in 0..<20 {
      let separator = ([",", ";", "\t"] as [Character]).randomElement(using: &random)!
      let text = (0..<Int.random(in: 0...16, using: &random)).map { _ in
        pieces.randomElement(using: &random)!
      }.joined()
      let expected = LibcsvRows(Array(text.utf8), separator: separator.asciiValue!)
      let (rows, problem) = Self.rows(Array(text.utf8), separator: separator.asciiValue!)
      #expect(rows == expected.rows, "\(text.debugDescription), seed \(seed)")
      #expect(problem == expected.problem, "\(text.debugDescription), seed \(seed)")
    }
  }

  /// The cases of csv-spectrum, a collection that readers of CSV are tried with
  /// (github.com/maxogden/csv-spectrum), in words of ours.
  @Test(arguments: [
    // A comma in quotes.
    ("first,city,zip\nAnn,\"Springfield, XY\",01234\n", [["Ann", "Springfield, XY", "01234"]]),
    // Empty cells in quotes, and no end of the last line.
    ("a,b,c\n1,\"\",\"\"\n2,3,4", [["1", "", ""], ["2", "3", "4"]]),
    ("a,b,c\r\n1,\"\",\"\"\r\n2,3,4", [["1", "", ""], ["2", "3", "4"]]),
    // Doubled quotes.
    ("a,b\n1,\"oh \"\"so\"\" it is\"\n3,4\n", [["1", "oh \"so\" it is"], ["3", "4"]]),
    // JSON in a cell.
    (
      "key,val\n1,\"{\"\"at\"\": [1.5, 2.0], \"\"is\"\": \"\"here\"\"}\"\n",
      [["1", "{\"at\": [1.5, 2.0], \"is\": \"here\"}"]]
    ),
    // Line ends in quotes, of both kinds.
    ("a,b\n1,2\n\"two \nlines\",5\n7,8\n", [["1", "2"], ["two \nlines", "5"], ["7", "8"]]),
    ("a,b\r\n1,2\r\n\"two \r\nlines\",5\r\n", [["1", "2"], ["two \r\nlines", "5"]]),
    // Both of them together.
    ("a,b\n1,\"x \n\"\"y\"\" \nz\"\n3,4\n", [["1", "x \n\"y\" \nz"], ["3", "4"]]),
    // Nothing special.
    ("a,b,c\n1,2,3\n", [["1", "2", "3"]]),
    ("a,b,c\r\n1,2,3\r\n", [["1", "2", "3"]]),
    // A letter of two bytes.
    ("a,b\n4,\u{2a4}\n", [["4", "\u{2a4}"]]),
  ])
  func `the CSV scanner reads csv-spectrum`(text: String, expected: [[String]]) throws {
    let (rows, problem) = Self.rows(Array(text.utf8), separator: 0x2c)
    #expect(problem == nil)
    #expect(rows.dropFirst().map(\.cells) == expected.map { $0.map { Array($0.utf8) } })
    let names = rows[0].cells.map { String(decoding: $0, as: UTF8.self) }
    let table = try Self.table(text, textColumns: names, chunkSize: 5, threads: 2)
    for (index, name) in names.enumerated() {
      let column = try #require(table.column(named: name))
      #expect(column.wordNumbers.map { column.words[Int($0)] } == expected.map { $0[index] })
    }
  }

  /// A mark on top of a quote makes one character with it, but the quote is still doubled.
  @Test func `the CSV scanner undoubles quotes byte by byte`() throws {
    let table = try Self.table("a\n\"x\"\"\u{301}y\"\n", chunkSize: 100, threads: 1)
    #expect(table.columns[0].words.map { Array($0.utf8) } == [Array("x\"\u{301}y".utf8)])
  }

  @Test(arguments: 0..<400)
  func `the CSV scanner gives libcsv's columns, wherever chunks end`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let text = Self.file(oddity: Int.random(in: 0..<9, using: &random), &random)
    let start = text.hasPrefix("\u{feff}") ? 3 : 0
    let body = Array(text.utf8.dropFirst(start))
    let separator = (body + CSVGrammar.padding).withUnsafeBufferPointer {
      FirstRows(UnsafeBufferPointer(rebasing: $0[..<body.count]), CSVFormat()).separator.byte
    }
    let expected = ExpectedTable(LibcsvRows(body, separator: separator), textColumns: ["b"])
    let sizes = Array(1...24) + [text.utf8.count, 1 << 17]
    for (index, size) in sizes.enumerated() {
      let found = ExpectedTable { () throws(DatasetError) in
        try Self.table(text, textColumns: ["b"], chunkSize: size, threads: index % 4 + 1)
      }
      #expect(found == expected, "seed \(seed), chunks of \(size):\n\(text.debugDescription)")
    }
  }

  /// A wrong guess would be mended by the diagnosis, which reads with one thread.
  @Test(arguments: 1...40)
  func `the CSV scanner reads rows of many lines in chunks too`(chunkSize: Int) throws {
    let rows = (0..<12).map { "\($0),\"two\nlines, \"\"\($0)\"\"\r\n\"\(["\r\n", "\n"][$0 % 2])" }
    var bytes = Array(("n,w\n" + rows.joined()).utf8) + CSVGrammar.padding
    let header = try CSVHeader(&bytes)
    try bytes.withUnsafeBufferPointer { bytes in
      let file = UnsafeBufferPointer(rebasing: bytes.dropLast(CSVGrammar.padding.count))
      let read = try #require(
        ColumnReader(
          UnsafeBufferPointer(rebasing: file[header.bodyStart...]), header,
          CSVReading(), chunkSize: chunkSize, threads: 3
        ) {})
      #expect(read.rowLines.rowCount == 12)
      #expect((0..<12).map { read.rowLines[$0] } == (0..<12).map { 2 + 3 * $0 })
      #expect(read.columns[1].words == (0..<12).map { "two\nlines, \"\($0)\"\r\n" })
    }
  }

  @Test func `the CSV scanner numbers words across chunks in their order`() throws {
    // About a megabyte: several chunks; the words of later chunks come in another order.
    let lines = (0..<60_000).map { row in
      "\(row),\(Double(row) / 8),word \((row * row / 977) % 301)\(row % 5000 == 7 ? "\n\n" : "")"
    }
    let text = "\"\",x,b\n" + lines.joined(separator: "\n")
    let table = try Self.table(text, textColumns: ["b"], chunkSize: 1 << 17, threads: 3)
    let rows = LibcsvRows(Array(text.utf8), separator: 0x2c)
    #expect(
      ExpectedTable { () throws(DatasetError) in table }
        == ExpectedTable(rows, textColumns: ["b"]))
    #expect(table.rowCount == 60_000)
  }

  @Test(arguments: [1000, 1001])
  func `the CSV scanner reads wide tables`(width: Int) throws {
    let cells = (0..<width).map { "\($0)" }
    let text = cells.map { "c" + $0 }.joined(separator: ",") + "\n" + cells.joined(separator: ",")
    let table = try Self.table(text, chunkSize: 1000, threads: 2)
    #expect(table.columns.map(\.numbers) == (0..<width).map { [Double($0)] })
  }

  private static func table(
    _ text: String, textColumns: [String] = [], chunkSize: Int, threads: Int
  ) throws(DatasetError) -> CSVTable {
    try CSVTable(
      Array(text.utf8) + CSVGrammar.padding, fileName: "f.csv",
      CSVReading(textColumns: textColumns), chunkSize: chunkSize, threads: threads)
  }

  private static func rows(
    _ text: [UInt8], separator: UInt8
  ) -> (rows: [LibcsvRows.Row], problem: String?) {
    var rows: [LibcsvRows.Row] = []
    do throws(CSVError) {
      try CSVBlock(text: text, separator: separator).forEachRow { _, cells, line in
        let cells = cells.map { Array($0.text.utf8) }
        rows.append(LibcsvRows.Row(line: line, cells: cells))
      }
      return (rows, nil)
    } catch {
      return (rows, "\(error.line): \(error.problem)")
    }
  }

  /// A small file: numbers, words, and a column `b` that is words by request. Most have one kind of oddity at
  /// most, so that many can be read.
  private static func file(oddity: Int, _ random: inout SeededGenerator) -> String {
    let separator = [",", ";", "\t"].randomElement(using: &random)!
    let lineEnd = ["\n", "\r\n", "\r"].randomElement(using: &random)!
    let isQuoted = Bool.random(using: &random)
    let numbers = [
      "0", "-1", "12", "61.50", ".5", "3.", "+7", "1e-3", "2E5", "-0.0", "007",
      "123456789012345", "1234567890123456789", "0.1234567890123456789", "1e300",
      "9007199254740993", "0.3000000000000000444",
    ]
    let words = ["Ideal", "Very Good", "é", "e\u{301}", "x-1", "1e", "-", "nan", "0x10", "1 2"]
    let odd = [
      " 5", "5 ", "", "\"\"", "\"a\"\"b\"", "\"a\(separator)b\"", "\"a\nb\"", "\t", "\" 5 \"",
      "a\"b", "text", "1", "5\r", "\"5\"6", "\"",
    ]
    let long = ["\"a\n\n\r\nb\"", "\"\"\"\"", "\"a\(separator)\rb\"", " x ", "\"\(lineEnd)\" "]
    let rows = Int.random(in: 1...12, using: &random)
    var lines = Bool.random(using: &random) ? "" : "\u{feff}"
    lines += ["n", "w", "b"].map { isQuoted ? "\"\($0)\"" : $0 }.joined(separator: separator)
    if oddity == 1 { lines += ["", " ", separator, "\"", lineEnd].randomElement(using: &random)! }
    lines += lineEnd
    for row in 0..<rows {
      var cells = [
        numbers.randomElement(using: &random)!, words.randomElement(using: &random)!,
        (words + numbers).randomElement(using: &random)!,
      ].map { isQuoted && Bool.random(using: &random) ? "\"\($0)\"" : $0 }
      if oddity == 2, Bool.random(using: &random) {
        cells[Int.random(in: 1..<3, using: &random)] = long.randomElement(using: &random)!
      } else if oddity > 2, Int.random(in: 0..<rows, using: &random) == 0 {
        cells[Int.random(in: 0..<3, using: &random)] = odd.randomElement(using: &random)!
      }
      if oddity == 3, row == rows - 1 { cells.removeLast() }
      lines += cells.joined(separator: separator)
      if row + 1 < rows || Bool.random(using: &random) { lines += lineEnd }
      if oddity == 4, Bool.random(using: &random) { lines += lineEnd }
    }
    return lines
  }
}

/// A table's content as plain values, read by our readers or made of libcsv's rows.
private struct ExpectedTable: Equatable {
  struct Column: Equatable {
    let name: String
    var numbers: [UInt64] = []
    var words: [[UInt8]] = []
    var isMissing: [Bool] = []
    var odd: String?
  }

  var problem: String?
  var columns: [Column] = []
  var lines: [Int] = []

  init(_ read: () throws(DatasetError) -> CSVTable) {
    do throws(DatasetError) {
      let table = try read()
      lines = (0..<table.rowCount).map(table.line(ofRow:))
      columns = table.columns.map { column in
        var content = Column(name: column.name)
        content.odd = column.odd.map { "\($0.line): \($0.expected), \($0.text)" }
        guard content.odd == nil else { return content }
        content.isMissing = (0..<table.rowCount).map { column.isMissing(row: $0) }
        let missingCount = content.isMissing.count { $0 }
        #expect(column.missingCount == missingCount)
        content.numbers = column.isNumeric ? column.numbers.map(\.bitPattern) : []
        content.words = column.wordNumbers.map { Array(column.words[Int($0)].utf8) }
        #expect(column.isNumeric == column.wordNumbers.isEmpty)
        #expect(Set(column.words.map { Array($0.utf8) }).count == column.words.count)
        var highest: Int32 = -1
        for number in column.wordNumbers where number > highest {
          #expect(number == highest + 1)
          highest = number
        }
        return content
      }
    } catch {
      problem = error.description
    }
  }

  init(_ read: LibcsvRows, textColumns: Set<String>) {
    guard let header = read.rows.first else {
      problem = "f.csv:\(read.problem ?? "1: expected a line of column names")"
      return
    }
    let names = header.cells.enumerated().map { index, cell in
      cell.isEmpty ? "Unnamed: \(index)" : String(decoding: cell, as: UTF8.self)
    }
    if let ragged = read.rows.first(where: { $0.cells.count != names.count }) {
      problem =
        "f.csv:\(ragged.line): expected \(names.count) cells as in the header, found "
        + "\(ragged.cells.count)"
      return
    }
    if let found = read.problem {
      problem = "f.csv:\(found)"
      return
    }
    lines = read.rows.dropFirst().map(\.line)
    if lines.isEmpty {
      problem = "f.csv: expected rows below the header, found none"
      return
    }
    let numbers = read.rows.dropFirst().map {
      DecimalNumber.value(of: String(decoding: $0.cells[0], as: UTF8.self))
    }
    let isCounter = [0, 1].contains { start in
      numbers.enumerated().allSatisfy { $1 == Double($0 + start) }
    }
    let first = names[0] == "Unnamed: 0" && names.count > 1 && isCounter ? 1 : 0
    columns = names.indices.dropFirst(first).map { index in
      Self.column(
        names[index], lines, read.rows.dropFirst().map { $0.cells[index] },
        isForcedText: textColumns.contains(names[index]))
    }
  }

  private static func column(
    _ name: String, _ lines: [Int], _ cells: [[UInt8]], isForcedText: Bool
  ) -> Column {
    var content = Column(name: name)
    let texts = cells.map { String(decoding: $0, as: UTF8.self) }
    let numbers = texts.map { DecimalNumber.value(of: $0) }
    let isBlank = texts.map { $0.allSatisfy { $0 == " " || $0 == "\t" } }
    // The only word for a missing number in the files.
    let isWord = texts.map { $0 == "nan" }
    let isText = texts.indices.map { numbers[$0] == nil && !isBlank[$0] && !isWord[$0] }
    let (textCount, count) = (isText.count { $0 }, numbers.count { $0 != nil })
    content.isMissing = zip(isBlank, isWord).map { $0 || ($1 && textCount == 0) }
    if !isForcedText, textCount == 0 {
      content.numbers = numbers.map { ($0 ?? .nan).bitPattern }
    } else if isForcedText || count == 0 {
      content.words = cells
    } else {
      content.isMissing = []
      let isNumber = count >= textCount
      let row = texts.indices.first { isNumber ? isText[$0] : numbers[$0] != nil } ?? 0
      content.odd = "\(lines[row]): \(isNumber ? "a number" : "text"), \(texts[row])"
    }
    return content
  }
}

/// The quick way for the words that most text columns hold.
@Suite struct `A short word` {
  @Test func `a short word is the cell that a search byte by byte finds`() {
    var generator = SeededGenerator(seed: 5)
    let kinds = Array("abc1,;\n\r\" \t".utf8) + [0x2b, 0x2d, 0x81, 0xc3, 0xff]
    var count = 0
    for _ in 0..<100_000 {
      let bytes = (0..<8).map { _ in kinds.randomElement(using: &generator) ?? 0 }
      let cell = bytes.prefix { ![0x2c, 0x0a, 0x0d].contains($0) }
      let spaces: [UInt8?] = [0x20, 0x09]
      let isPlain =
        (1...7).contains(cell.count) && !cell.contains(0x22) && !spaces.contains(cell.first)
        && !spaces.contains(cell.last)
      bytes.withUnsafeBufferPointer { buffer in
        let word = buffer.baseAddress.flatMap { ShortWord(at: $0, separator: 0x2c) }
        #expect((word != nil) == isPlain, "\(bytes)")
        guard let word else { return }
        count += 1
        #expect(word.length == cell.count)
        #expect(word.key == ShortWord.key(of: UnsafeBufferPointer(rebasing: buffer[..<cell.count])))
      }
    }
    #expect(count > 20_000)
  }
}
