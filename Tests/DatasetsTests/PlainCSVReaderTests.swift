import TestSupport
import Testing

@testable import Datasets

/// The quick reader gives what libcsv gives, or nothing.
@Suite struct `Plain CSV files` {
  @Test(arguments: 0..<400)
  func `are read as libcsv reads them`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    // Most files have one kind of oddity at most, so that many are plain.
    let oddity = Int.random(in: 0..<8, using: &random)
    let text = Self.file(oddity, &random)
    let bytes = Array(text.utf8)
    let expected = CSVReader(fileName: "f.csv", textColumns: ["b"])
    var failure: DatasetError?
    do { try expected.read(bytes) } catch { failure = error }
    for threads in [1, 3] {
      guard let plain = Self.read(bytes, threads: threads) else {
        if oddity == 0 { Issue.record("seed \(seed) is plain, but was left to libcsv:\n\(text)") }
        continue
      }
      #expect(failure == nil, "seed \(seed):\n\(text)")
      let columns = expected.columns.dropFirst(expected.hasIndexColumn ? 1 : 0)
      #expect(plain.rowCount == expected.rowLines.count, "seed \(seed)")
      #expect(expected.rowLines == (0..<plain.rowCount).map { $0 + 2 }, "seed \(seed)")
      #expect(plain.columns.map(\.name) == columns.map(\.name), "seed \(seed)")
      for (ours, theirs) in zip(plain.columns, columns) {
        #expect(ours.isForcedText == theirs.isForcedText)
        #expect(ours.isNumeric == theirs.isNumeric, "seed \(seed), \(ours.name)")
        #expect(
          ours.numbers.map(\.bitPattern) == theirs.numbers.map(\.bitPattern),
          "seed \(seed), \(ours.name)")
        #expect(ours.words == theirs.words, "seed \(seed), \(ours.name)")
        #expect(ours.wordNumbers == theirs.wordNumbers, "seed \(seed), \(ours.name)")
        #expect(ours.firstEmptyLine == theirs.firstEmptyLine && theirs.firstEmptyLine == nil)
        #expect(ours.odd == nil && theirs.odd == nil)
      }
    }
  }

  @Test func `are read in pieces, with words numbered across them`() throws {
    // About a megabyte: several pieces; the words of later pieces come in another order.
    let lines = (0..<60_000).map { row in
      "\(row),\(Double(row) / 8),word \((row * row / 977) % 301)"
    }
    let bytes = Array(("\"\",x,b\n" + lines.joined(separator: "\n")).utf8)
    let plain = try #require(Self.read(bytes, threads: 3))
    let expected = CSVReader(fileName: "f.csv", textColumns: ["b"])
    try expected.read(bytes)
    #expect(plain.rowCount == 60_000)
    #expect(plain.columns[0].numbers == expected.columns[1].numbers)
    #expect(plain.columns[1].words == expected.columns[2].words)
    #expect(plain.columns[1].wordNumbers == expected.columns[2].wordNumbers)
  }

  @Test(arguments: [1000, 1001])
  func `are left to libcsv where they are wide`(width: Int) throws {
    let cells = (0..<width).map { "\($0)" }
    let names = cells.map { "c" + $0 }
    let bytes = Array((names.joined(separator: ",") + "\n" + cells.joined(separator: ",")).utf8)
    let plain = Self.read(bytes, threads: 1)
    #expect((plain == nil) == (width > 1000))
    if let plain { #expect(plain.columns.map(\.numbers) == (0..<width).map { [Double($0)] }) }
  }

  private static func read(
    _ bytes: [UInt8], threads: Int
  ) -> (columns: [CSVColumn], rowCount: Int)? {
    bytes.withUnsafeBufferPointer { buffer in
      PlainCSVReader(
        buffer, separator: CSVReader.separator(of: bytes[...]), textColumns: ["b"]
      )?.read(buffer, threads: threads) {}
    }
  }

  /// A small file: numbers, words, and a column `b` that is words by request.
  private static func file(_ oddity: Int, _ random: inout SeededGenerator) -> String {
    let separator = [",", ";", "\t"].randomElement(using: &random)!
    let lineEnd = ["\n", "\r\n"].randomElement(using: &random)!
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
    let rows = Int.random(in: 1...12, using: &random)
    var lines = ["n", "w", "b"].map { isQuoted ? "\"\($0)\"" : $0 }.joined(separator: separator)
    if oddity == 1 { lines += ["", " ", separator, "\"", lineEnd].randomElement(using: &random)! }
    lines += lineEnd
    for row in 0..<rows {
      var cells = [
        numbers.randomElement(using: &random)!, words.randomElement(using: &random)!,
        (words + numbers).randomElement(using: &random)!,
      ].map { isQuoted && Bool.random(using: &random) ? "\"\($0)\"" : $0 }
      if oddity >= 2, Int.random(in: 0..<rows, using: &random) == 0 {
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

/// The quick way for the words that most text columns hold.
@Suite struct `A short word` {
  @Test func `is the cell that a search byte by byte finds`() {
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
