import Support
import TestSupport
import Testing

@testable import Datasets

@Suite struct `A CSV file` {
  @Test(arguments: [",", ";", "\t"])
  func `a CSV file is read whatever its separator`(separator: String) throws {
    let lines = [["a", "b", "c"], ["1", "x y", "2.5"], ["-3", "z", ".5"]]
    let table = try read(lines.map { $0.joined(separator: separator) + "\n" }.joined())
    #expect(table.columnNames == ["a", "b", "c"])
    #expect(table.rowCount == 2)
    #expect(numbers(table, "a") == [1, -3])
    #expect(words(table, "b") == ["x y", "z"])
    #expect(numbers(table, "c") == [2.5, 0.5])
  }

  @Test func `the separator of a CSV file is the most frequent in its first line`() throws {
    #expect(try read("\"a,b,c,d\";e\n1;2\n").columnNames == ["a,b,c,d", "e"])
    #expect(try read("a b\n1\n2\n").columnNames == ["a b"])
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `a CSV file is read whatever ends its lines`(end: String) throws {
    for last in ["", end] {
      let table = try read(["a,b", "1,x", "2,y"].joined(separator: end) + last)
      #expect(numbers(table, "a") == [1, 2])
      #expect(words(table, "b") == ["x", "y"])
      #expect([table.line(ofRow: 0), table.line(ofRow: 1)] == [2, 3])
    }
  }

  @Test func `a CSV file may start with a byte order mark`() throws {
    #expect(try read("\u{feff}a,b\n1,2\n").columnNames == ["a", "b"])
    #expect(try read("\u{feff}\"a\",b\n1,2\n").columnNames == ["a", "b"])
  }

  @Test func `a CSV file may have quotes, with separators, quotes and line ends inside`() throws {
    let table = try read("\"a\",\"b \"\"c\"\"\"\n\"1\",\"x,y\"\n2,\"two\r\nlines\"\n3,\"\"\"\"\n")
    #expect(table.columnNames == ["a", "b \"c\""])
    #expect(numbers(table, "a") == [1, 2, 3])
    #expect(words(table, "b \"c\"") == ["x,y", "two\r\nlines", "\""])
  }

  @Test func `a CSV file knows the line of every row`() throws {
    let text = "a,b\n\n1,x\n   \n\"2\n\n\",\"y\n\"\n\r\n3,z\n"
    let table = try read(text, textColumns: ["a"])
    #expect(words(table, "a") == ["1", "2\n\n", "3"])
    #expect(words(table, "b") == ["x", "y\n", "z"])
    #expect((0..<3).map(table.line(ofRow:)) == [3, 5, 10])
  }

  @Test func `a column of a CSV file is read as text on request`() throws {
    let table = try read("code,b\n01,1\n1,2\n", textColumns: ["code"])
    #expect(words(table, "code") == ["01", "1"])
  }

  @Test func `a CSV file keeps spaces inside quotes, but not around cells`() throws {
    let table = try read("a , b\n x ,1 \n\" x \", 2\n")
    #expect(table.columnNames == ["a", "b"])
    #expect(words(table, "a") == ["x", " x "])
    #expect(numbers(table, "b") == [1, 2])
  }

  @Test(arguments: [
    ("", "t.csv:1: expected a line of column names, found an empty file"),
    ("\n\n", "t.csv:1: expected a line of column names"),
    ("a,b\n", "t.csv: expected rows below the header, found none"),
    ("a,b", "t.csv: expected rows below the header, found none"),
    ("a,b\n1,2\n3\n4,5\n", "t.csv:3: expected 2 cells as in the header, found 1"),
    ("a,b\n1,2\n\n3,4,5\n", "t.csv:4: expected 2 cells as in the header, found 3"),
    ("a,b\n1,\"x\n2,y\n", "t.csv:2: expected a closing quote, found the end of the file"),
    ("a,b\n\"1\n\n2\",3,4\n", "t.csv:2: expected 2 cells as in the header, found 3"),
  ])
  func `a CSV file is refused with the line and what was expected`(text: String, expected: String) {
    #expect(message(text) == expected)
  }

  @Test func `a CSV file with a quote in the middle of a cell is refused`() throws {
    for text in ["a,b\n1,2\n3,x\"y\n", "a,b\n1,2\n3,\"x\"y\n"] {
      #expect(
        message(text)?.hasPrefix("t.csv:3: expected a quote to stand at a cell's start") == true)
    }
  }

  @Test func `a CSV file that is not UTF-8 is refused`() throws {
    let latin1: [UInt8] = Array("a,b\n1,x\r\n2,".utf8) + [0xe9] + Array("t\u{e9}\n".utf8)
    #expect(
      message(latin1)
        == "t.csv:3: expected UTF-8, found the byte 0xe9; save the file as UTF-8")
    // Cut in the middle of a character.
    #expect(
      message(Array("a\nx\r".utf8) + [0xe2, 0x82])
        == "t.csv:3: expected UTF-8, found the byte 0xe2; read it with --encoding windows-1252, or save "
        + "the file as UTF-8")
    // UTF-16, as some programs save it.
    let utf16: [UInt8] =
      [0xff, 0xfe] + "a\n1\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    #expect(
      message(utf16)
        == "t.csv:1: expected UTF-8, found the byte order mark of UTF-16; read it with --encoding "
        + "utf-16, or save the file as UTF-8")
  }

  @Test func `a CSV file that is missing or a folder is refused`() {
    let folder = TemporaryFolder()
    let missing = #expect(throws: DatasetError.self) {
      try CSVTable(contentsOf: folder.path + "/none.csv")
    }
    #expect(missing?.kind == .missingFile)
    #expect(
      missing?.description.hasSuffix(
        "none.csv: expected a CSV file that can be read: No such file or directory") == true)
    let directory = #expect(throws: DatasetError.self) { try CSVTable(contentsOf: folder.path) }
    #expect(directory?.description.hasSuffix("expected a CSV file, found a folder") == true)
  }

  @Test func `a CSV file has a checksum and a name`() throws {
    let table = try read("a\n1\n")
    #expect(table.fileName == "t.csv")
    #expect(table.sha256 == SHA256.hexDigest(of: Array("a\n1\n".utf8)))
  }

  @Test(arguments: 1...40)
  func `a CSV file is read back as it was written`(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let alphabet = Array("ab,;\t\"\n é漢 '\r")
    let columns = Int.random(in: 1...5, using: &generator)
    let separator = [",", ";", "\t"].randomElement(using: &generator)!
    let end = ["\n", "\r\n"].randomElement(using: &generator)!
    let rows = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
      (0..<columns).map { _ in
        "w"
          + String(
            (0..<Int.random(in: 0...5, using: &generator)).map { _ in
              alphabet.randomElement(using: &generator)!
            })
      }
    }
    func quoted(_ cell: String) -> String { "\"\(cell.replacing("\"", with: "\"\""))\"" }
    let header = (0..<columns).map { "c\($0)" }
    let text = ([header] + rows).map { $0.map(quoted).joined(separator: separator) + end }
    let table = try read(text.joined())
    for column in 0..<columns {
      let expected = rows.map { Array($0[column].utf8) }
      #expect(words(table, "c\(column)").map { Array($0.utf8) } == expected, "seed \(seed)")
    }
  }

  private func read(_ text: String, textColumns: [String] = []) throws -> CSVTable {
    try withTemporaryFile(text) {
      try CSVTable(contentsOf: $0, CSVReading(textColumns: textColumns))
    }
  }

  private func message(_ text: String) -> String? { message(Array(text.utf8)) }

  private func message(_ bytes: [UInt8]) -> String? {
    let error = #expect(throws: DatasetError.self) {
      try withTemporaryFile(bytes) { try CSVTable(contentsOf: $0) }
    }
    #expect(error?.kind == .badData)
    return error?.description
  }

  private func numbers(_ table: CSVTable, _ name: String) -> [Double]? {
    table.column(named: name)?.numbers
  }

  private func words(_ table: CSVTable, _ name: String) -> [String] {
    guard let column = table.column(named: name) else { return [] }
    return column.wordNumbers.map { column.words[Int($0)] }
  }
}

@Suite struct `A decimal number` {
  @Test(
    arguments: [
      ("0", 0), ("-0", -0.0), ("+7", 7), ("1e-3", 0.001), ("1E+3", 1000), (".5", 0.5), ("5.", 5),
      (" 61.5 ", 61.5), ("00012", 12), ("0.1", 0.1),
      ("-1.7976931348623157e308", -.greatestFiniteMagnitude),
      ("4.9e-324", .leastNonzeroMagnitude), ("1e-400", 0),
      ("123456789012345678901234567890", 1.2345678901234568e29),
      ("9007199254740993", 9_007_199_254_740_992), ("0.30000000000000004", 0.30000000000000004),
    ] as [(String, Double)])
  func `a decimal number is read, rounded correctly`(text: String, value: Double) {
    #expect(decimal(text)?.bitPattern == value.bitPattern)
  }

  @Test(arguments: [
    "", " ", "-", ".", "e5", "1e", "1e+", "1.2.3", "1,5", "1 2", "0x10", "1_000", "nan", "NaN",
    "inf", "-Infinity", "1e400", "١", "1e5x", "--1",
  ])
  func `a text that is no decimal number is not read as one`(text: String) {
    #expect(decimal(text) == nil)
  }

  @Test(arguments: 1...20)
  func `a decimal number has the value that Swift reads`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<500 {
      let value = Double(bitPattern: UInt64.random(in: 0 ... .max, using: &generator))
      guard value.isFinite else { continue }
      #expect(decimal("\(value)")?.bitPattern == value.bitPattern, "seed \(seed)")
      let digits = Int.random(in: 0...9_999_999, using: &generator)
      let places = Int.random(in: 0...25, using: &generator)
      let text = "\(digits)e-\(places)"
      #expect(decimal(text) == Double(text), "seed \(seed): \(text)")
    }
  }

  private func decimal(_ text: String) -> Double? {
    (Array(text.utf8) + [0]).withUnsafeBufferPointer {
      DecimalNumber.value(UnsafeBufferPointer(rebasing: $0.dropLast()))
    }
  }
}

/// The quick way for the short numbers that most cells hold.
@Suite struct `A short number` {
  @Test(arguments: [
    ("0.23,", 0.23), ("326,", 326), ("5.,", 5), (".5,", 0.5), ("0,", 0), ("007\n", 7),
    ("1234567,", 1_234_567), ("12.3456\r", 12.3456), ("61.50;", 61.5), ("7\u{e9},", 7),
  ])
  func `a short number is read up to its end`(text: String, value: Double) throws {
    let number = try #require(read(Array(text.utf8)))
    #expect(number.value == value)
    #expect(number.length == text.utf8.prefix { $0 == 0x2e || (0x30...0x39).contains($0) }.count)
  }

  @Test(arguments: [
    "", ",", ".", ".,", "..5,", "-1,", "+1,", " 1,", "SI2,", "12345678", "1234.567", "123456.78",
  ])
  func `a text that is no short number, or is longer, is not read as one`(text: String) {
    #expect(read(Array(text.utf8)) == nil)
  }

  @Test func `a short number has the value of the general parser, whatever follows it`() throws {
    var generator = SeededGenerator(seed: 3)
    let kinds = Array("0123456789..,;\n\re-".utf8) + [0x00, 0x7f, 0x8a, 0xff]
    var count = 0
    for _ in 0..<200_000 {
      let bytes = (0..<8).map { _ in kinds.randomElement(using: &generator) ?? 0 }
      var pointCount = 0
      let text = bytes.prefix { byte in
        if byte == UInt8(ascii: ".") { pointCount += 1 }
        return byte == UInt8(ascii: ".") ? pointCount == 1 : (0x30...0x39).contains(byte)
      }
      let isNumber = text.count < 8 && text.contains { $0 != UInt8(ascii: ".") }
      guard isNumber, let number = read(bytes) else {
        #expect(!isNumber && read(bytes) == nil, "\(bytes)")
        continue
      }
      count += 1
      #expect(number.length == text.count)
      let spelling = text + [0]
      let expected = spelling.withUnsafeBufferPointer {
        DecimalNumber.value(UnsafeBufferPointer(rebasing: $0.dropLast()))
      }
      #expect(number.value == expected, "\(bytes)")
    }
    #expect(count > 50_000)
  }

  /// With bytes behind the text that end a number.
  private func read(_ text: [UInt8]) -> ShortNumber? {
    let padding = [UInt8](repeating: UInt8(ascii: "\n"), count: 8)
    // A text of eight bytes is all that is looked at.
    return (text + padding).withUnsafeBufferPointer {
      $0.baseAddress.flatMap(ShortNumber.init(at:))
    }
  }
}

@Suite struct `Bytes of a CSV text` {
  @Test(arguments: [0, 1, 239, 240, 241, 1000])
  func `counting quotes and line ends in vectors equals counting one by one`(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let kinds = Array("a\"\n\r\t".utf8)
    let bytes = (0..<count).map { _ in kinds.randomElement(using: &generator)! } + [0x0a]
    bytes.withUnsafeBufferPointer { buffer in
      let counts = UnsafeBufferPointer(rebasing: buffer[..<count]).quoteAndLineEndCounts
      #expect(counts.quotes == bytes.count { $0 == UInt8(ascii: "\"") })
      let lineEnds = (0..<count).count {
        bytes[$0] == 0x0a || (bytes[$0] == 0x0d && bytes[$0 + 1] != 0x0a)
      }
      #expect(counts.lineEnds == lineEnds)
    }
  }
}
