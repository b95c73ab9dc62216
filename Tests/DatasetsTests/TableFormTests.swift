import Foundation
import Support
import TestSupport
import Testing

@testable import Datasets

/// Tables in the forms that programs and people write.
@Suite struct `A table's form` {
  @Test func `tables in many forms have pandas' names and cells`() throws {
    let tables = try ReferenceTables.all()
    #expect(tables.count >= 100)
    for (number, expected) in tables.enumerated() {
      let bytes = Array(expected.bytes)
      let table = try read(bytes, expected.format)
      #expect(table.columnNames == expected.names, "table \(number)")
      for (column, cells) in zip(table.columns, expected.columns) {
        guard column.odd == nil else { continue }
        let values = column.isNumeric ? column.numbers.map { "\($0)" } : words(column)
        let wanted = column.isNumeric ? cells.compactMap(Double.init).map { "\($0)" } : cells
        #expect(values == wanted, "table \(number), \(column.name)")
      }
      // Block by block it is read as at once.
      let (names, rows) = try blockRows(bytes, expected.format)
      #expect(names.suffix(expected.names.count) == expected.names[...], "table \(number)")
      for (index, cells) in expected.columns.enumerated() {
        #expect(rows.map { $0[names.count - expected.names.count + index] } == cells)
      }
    }
  }

  @Test func `marks of numbers are read as options name them`() throws {
    #expect(try [".", ","].map(DecimalMark.init(decimal:)) == [.point, .comma])
    #expect(
      try [",", "'", "space"].map(DecimalMark.init(thousands:))
        == [.pointAfterCommas, .pointAfterApostrophes, .pointAfterBlanks])
    let decimal = #expect(throws: DatasetError.self) { try DecimalMark(decimal: ";") }
    #expect(decimal?.description == "expected one of . ,")
    let thousands = #expect(throws: DatasetError.self) { try DecimalMark(thousands: ".") }
    #expect(thousands?.description == "expected one of , ' space")
    try DecimalMark.check(decimal: .point, thousands: .pointAfterBlanks)
    try DecimalMark.check(decimal: .comma, thousands: nil)
    #expect(throws: DatasetError.self) {
      try DecimalMark.check(decimal: .comma, thousands: .pointAfterBlanks)
    }
  }

  @Test func `a format keeps what options do not name, and none is the usual one`() {
    func changed(
      _ format: CSVFormat?, hasNoHeader: Bool = false, _ separator: CSVSeparator? = nil
    ) -> CSVFormat? {
      CSVFormat.changing(format, hasNoHeader: hasNoHeader, separator: separator, encoding: nil)
    }
    #expect(changed(nil) == nil && changed(CSVFormat()) == nil)
    #expect(changed(nil, hasNoHeader: true) == CSVFormat(hasHeader: false))
    let begun = CSVFormat(hasHeader: false, encoding: .latin1)
    #expect(changed(begun) == begun)
    #expect(
      changed(begun, .bar) == CSVFormat(hasHeader: false, separator: .bar, encoding: .latin1))
  }

  @Test(arguments: [
    // The rows show what the first one does not.
    ("a;b,c\n1;2\n3;4\n", ["a", "b,c"]), ("when, where|what\n1|2\n3|4\n", ["when, where", "what"]),
    ("x;y\n1,5;2,5\n3,5;4,5\n", ["x", "y"]), ("a|b\n1|2\n", ["a", "b"]),
    // Runs of blanks, also at the ends of a line, with a tab among them.
    ("  a  b \n 1   2\n3\t \"4 5\"  \n", ["a", "b"]),
    // One column.
    ("a b\n1\n2\n", ["a b"]), ("a\n1 2\n3\n", ["a"]),
    // The names of R's rows have no name.
    ("\"a\" \"b\"\n\"r1\" 1 2\n\"r2\" 3 4\n", ["Unnamed: 0", "a", "b"]),
    ("a,b\nx,1,2\ny,3,4\n", ["Unnamed: 0", "a", "b"]), ("a,b\n1,5,2\n2,3,4\n", ["a", "b"]),
    // Excel's own line, and comments above the names, which may be one of them.
    ("sep=;\na,b;c\n1;2\n", ["a,b", "c"]), ("# made, by hand\n\na,b\n1,2\n3,4\n", ["a", "b"]),
    ("# made by hand\n#id,b\n1,2\n3,4\n", ["#id", "b"]), ("# a b\n1 2\n3 4\n", ["a", "b"]),
  ])
  func `what separates cells is found in the first rows`(text: String, names: [String]) throws {
    let table = try read(text)
    #expect(table.columnNames == names)
    #expect(try blockRows(Array(text.utf8)).names.suffix(names.count) == names[...])
  }

  @Test func `a separator is taken as it is told`() throws {
    let text = "a;b|c\n1;2|3\n"
    #expect(try read(text, CSVFormat(separator: .bar)).columnNames == ["a;b", "c"])
    #expect(try read(text, CSVFormat(separator: .semicolon)).columnNames == ["a", "b|c"])
    #expect(try read("a b\n1 2\n", CSVFormat(separator: .comma)).columnNames == ["a b"])
  }

  @Test(arguments: [
    ("a,a,a", ["a", "a.1", "a.2"]), ("a,a,a.1", ["a", "a.2", "a.1"]),
    ("a.1,a,a", ["a.1", "a", "a.2"]), ("a,,b,", ["a", "Unnamed: 1", "b", "Unnamed: 3"]),
    ("Unnamed: 1,,a,a", ["Unnamed: 1", "Unnamed: 1.1", "a", "a.1"]),
    ("\u{e9},e\u{301},\u{e9},x", ["\u{e9}", "e\u{301}", "\u{e9}.1", "x"]),
  ])
  func `repeated and empty names are made different as pandas does, with a notice`(
    header: String, names: [String]
  ) throws {
    let cells = names.indices.map { "\($0 + 5)" }.joined(separator: ",")
    let table = try read("\(header)\n\(cells)\n\(cells)\n")
    #expect(table.columnNames.map { Array($0.utf8) } == names.map { Array($0.utf8) })
    #expect(!table.notices.isEmpty)
    #expect(try read("a,b\n1,2\n").notices.isEmpty)
  }

  @Test(arguments: [
    ("1,2\n2,2\n3,5", true), ("0,2\n1,2\n2,5", true), ("\"1\",2\n\"2\",2", true),
    ("2,2\n3,2", false), ("1,2\n3,2", false), ("5.1,2\n4.9,2", false), ("x,2\ny,2", false),
  ])
  func `an unnamed first column is left out only if it counts the rows, with a notice`(
    rows: String, isLeftOut: Bool
  ) throws {
    let table = try read(",b\n\(rows)\n")
    #expect(table.columnNames == (isLeftOut ? [] : ["Unnamed: 0"]) + ["b"])
    #expect(
      table.notices == [
        isLeftOut
          ? "Left out the first column, which has no name and counts the rows"
          : "The first column has no name and is called Unnamed: 0"
      ])
  }

  @Test func `row numbers are left out also where rows without a label are dropped`() throws {
    let table = try withTemporaryFile(",b\n1,\n2,x\n3,\n4,y\n") {
      try CSVTable(contentsOf: $0, CSVReading(textColumns: ["b"], labelColumn: "b"))
    }
    #expect(table.columnNames == ["b"])
    #expect(table.rowCount == 2)
  }

  @Test func `a table without names has numbered columns, and its first row`() throws {
    let table = try read("5.1,x\n4.9,y\n", CSVFormat(hasHeader: false))
    #expect(table.columnNames == ["column_1", "column_2"])
    #expect(table.columns[0].numbers == [5.1, 4.9])
    #expect(words(table.columns[1]) == ["x", "y"])
    #expect(table.line(ofRow: 0) == 1)
  }

  @Test(arguments: [
    ("5.1,3.5,setosa\n4.9,3.0,setosa\n5,3,virginica\n", true), ("1,0,1\n0,1,1\n1,1,0\n", true),
    ("b,x\na,y\nb,x\n", true), ("length,width,kind\n5.1,3.5,setosa\n", false),
    // Wavelengths, pixels and years are names.
    ("400,410,420,kind\n1,2,3,a\n", false), ("0,1,2,3\n5,6,7,8\n", false),
    ("kind,n\nkind,1\nb,2\n", false),
  ])
  func `names that look like data are noticed`(text: String, looksLikeData: Bool) throws {
    let table = try read(text)
    #expect(table.hasDataAsNames == looksLikeData)
    #expect(table.notices.contains { $0.contains("--no-header") } == looksLikeData)
    let error = #expect(throws: DatasetError.self) {
      try Preprocessing(target: TargetRule(column: "none", classes: [])).prepare(
        table, split: TrainTestSplit(testFraction: 0.5, seed: 1))
    }
    #expect(error?.description.contains("--no-header") == looksLikeData)
  }

  /// Whole kinds: each encoding, cut anywhere, so that characters lie across pieces.
  @Test(arguments: TextEncoding.allCases, [0, 1, 7, 65_530, 65_536])
  func `a text in any encoding is read as its characters`(encoding: TextEncoding, length: Int)
    throws
  {
    let characters =
      switch encoding {
      case .latin1: "\u{e9}\u{ff}\u{a0}z"
      case .windows1252: "€„Ÿ\u{e9}"
      case .utf8, .utf16: "\u{e9}漢😀\u{fffd}"
      }
    let text =
      "a,b\n" + String(repeating: "1,x\(characters)\n", count: 3 + length / 20)
      + "2," + String(repeating: "y", count: length) + "\(characters)\n"
    let expected = text.split(separator: "\n").dropFirst().map { String($0.dropFirst(2)) }
    for (bytes, format) in try encoded(text, encoding) {
      #expect(words(try read(bytes, format).columns[1]) == expected)
      #expect(try blockRows(bytes, format).rows.map { $0[1] } == expected)
    }
  }

  @Test(arguments: [
    ("a\nx\r\n\u{e9}t\u{e9}\n", TextEncoding.latin1), ("a\nx\n\u{2013}\u{e9}\n", .windows1252),
  ])
  func `a file that is not UTF-8 is refused with the line and the likely encoding`(
    text: String, encoding: TextEncoding
  ) throws {
    let bytes = try encoded(text, encoding)[0].bytes
    let error = #expect(throws: DatasetError.self) { try read(bytes) }
    #expect(
      error?.description.hasPrefix("t.csv:3: expected UTF-8, found the byte 0x") == true
        && error?.description.hasSuffix(
          "; read it with --encoding \(encoding.rawValue), or save the file as UTF-8") == true
    )
  }

  @Test func `bytes that an encoding does not have are refused with their line`() throws {
    let undefined = Array("a,b\n1,x\n2,".utf8) + [0x81, 0x0a]
    let half = Array("a\nb\n\u{e9}".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
    for (bytes, encoding) in [
      (undefined, TextEncoding.windows1252), (half + [0xd8], .utf16),
      (half + [0, 0xd8, 0x41, 0], .utf16),
    ] {
      let error = #expect(throws: DatasetError.self) {
        try read(bytes, CSVFormat(encoding: encoding))
      }
      #expect(
        error?.description == "t.csv:3: expected text in \(encoding.rawValue), found other bytes; "
          + "choose another --encoding")
    }
    // UTF-8 with one bad byte: no other encoding would be right.
    let error = #expect(throws: DatasetError.self) { try read(Array("a\n\u{e9}\n".utf8) + [0xe9]) }
    #expect(
      error?.description == "t.csv:3: expected UTF-8, found the byte 0xe9; save the file as UTF-8")
  }

  @Test func `a gzip file is read, of several members too, and with zeros at its end`() throws {
    let parts = ["a,b\n1,x\n", "", "2,y\n3,", "z\n"]
    for zeros in [0, 5] {
      let bytes =
        parts.flatMap { HandmadeGzip.member(of: Array($0.utf8)) }
        + [UInt8](repeating: 0, count: zeros)
      let table = try read(bytes)
      #expect(table.columns[0].numbers == [1, 2, 3])
      #expect(words(table.columns[1]) == ["x", "y", "z"])
      #expect(table.sha256 == SHA256.hexDigest(of: Array(parts.joined().utf8)))
    }
  }

  @Test func `a gzip file that is cut or damaged is refused, wherever`() throws {
    let whole = HandmadeGzip.member(of: Array("a,b\n1,x\n2,y\n".utf8))
    for end in 2..<whole.count {
      var damaged = whole
      damaged[end] ^= 0x10
      // What may change: a flag, a time, the system's number, and the bits up to the end of a byte.
      for bytes in [Array(whole[..<end])] + (end > 10 ? [damaged] : []) {
        let error = #expect(throws: DatasetError.self, "\(end)") { try read(bytes) }
        #expect(
          error?.description
            == "t.csv: expected a complete gzip file, found a damaged or shortened one")
      }
    }
  }

  @Test(arguments: [
    ("PK\u{3}\u{4}..t.csv", "a ZIP archive; make one with unzip -p"),
    ("PK\u{3}\u{4}..[Content_Types].xml", "a spreadsheet; make one with python3"),
    ("PAR1\u{15}\u{4}", "a Parquet file; make one with python3"),
    ("SQLite format 3\0", "an SQLite database; make one with sqlite3"),
    ("\n<!DOCTYPE HTML>\n", "an HTML page; download the table itself"),
    ("@RELATION iris\n", "an ARFF file; make one with sed"),
  ])
  func `a file that is no CSV is called by its name`(start: String, expected: String) throws {
    let error = #expect(throws: DatasetError.self) { try read(start) }
    #expect(error?.description.hasPrefix("t.csv: expected a CSV file, found \(expected)") == true)
    #expect(error?.kind == .badData)
  }

  @Test(arguments: [
    (DecimalMark.pointAfterCommas, "1,071.09"), (.pointAfterApostrophes, "1'071.09"),
    (.pointAfterBlanks, "1\u{a0}071.09"), (.comma, "1.071,09"),
  ])
  func `thousands are read where it is said what separates them`(mark: DecimalMark, text: String)
    throws
  {
    let file = "a;b\n\(text);x\n5;y\n"
    let table = try withTemporaryFile(file) {
      try CSVTable(contentsOf: $0, CSVReading(decimalMark: mark))
    }
    #expect(table.columns[0].numbers == [1071.09, 5])
    guard let thousands = mark.thousands else { return }
    let error = #expect(throws: DatasetError.self) {
      try Preprocessing(target: TargetRule(column: "b", classes: [])).prepare(
        read(file), split: TrainTestSplit(testFraction: 0.5, seed: 1))
    }
    #expect(error?.description.contains("read thousands with --thousands \(thousands)") == true)
  }

  // MARK: - Files

  private func read(_ text: String, _ format: CSVFormat = CSVFormat()) throws -> CSVTable {
    try read(Array(text.utf8), format)
  }

  private func read(_ bytes: [UInt8], _ format: CSVFormat = CSVFormat()) throws -> CSVTable {
    try withTemporaryFile(bytes) { try CSVTable(contentsOf: $0, CSVReading(format: format)) }
  }

  private func words(_ column: CSVColumn) -> [String] {
    column.wordNumbers.map { $0 < 0 ? "a number" : column.words[Int($0)] }
  }

  private func blockRows(
    _ bytes: [UInt8], _ format: CSVFormat = CSVFormat()
  ) throws -> (names: [String], rows: [[String]]) {
    try withTemporaryFile(bytes) { path in
      let reader = try CSVBlockReader(contentsOf: path, format)
      var rows: [[String]] = []
      while let block = try reader.next() {
        try block.forEachRow { _, cells, _ in rows.append(cells.map(\.text)) }
      }
      return (reader.columnNames, rows)
    }
  }

  /// A text's bytes, by an encoder of other people; of UTF-16 in both orders.
  private func encoded(
    _ text: String, _ encoding: TextEncoding
  ) throws -> [(bytes: [UInt8], format: CSVFormat)] {
    let encodings: [String.Encoding] =
      switch encoding {
      case .utf8: [.utf8]
      case .latin1: [.isoLatin1]
      case .windows1252: [.windowsCP1252]
      case .utf16: [.utf16, .utf16LittleEndian, .utf16BigEndian]
      }
    return try encodings.map {
      let mark: [UInt8] = $0 == .utf16BigEndian ? [0xfe, 0xff] : []
      return (mark + (try #require(text.data(using: $0))), CSVFormat(encoding: encoding))
    }
  }
}
