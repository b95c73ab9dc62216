import Support
import Testing

@Suite struct `A CSV writer` {
  @Test func `a CSV writer puts into quotes what needs them`() {
    var table = CSVWriter()
    table.row(["row", "a,b", "say \"no\"", "two\nlines", "\r\n", " padded", "padded ", "", "ä"])
    #expect(
      String(decoding: table.bytes, as: UTF8.self)
        == "row,\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",\"\r\n\",\" padded\",\"padded \",,ä\n")
    #expect(CSVWriter.row(["a", "b,c"]) == "a,\"b,c\"\n")
  }

  @Test func `a CSV writer knows other separators`() {
    let semicolon = UInt8(ascii: ";")
    #expect(CSVWriter.cell("a,b", separator: semicolon) == Array("a,b".utf8))
    #expect(CSVWriter.cell("a;b", separator: semicolon) == Array("\"a;b\"".utf8))
  }

  @Test func `a CSV writer writes numbers so that they read back the same`() {
    var table = CSVWriter(capacity: 100)
    table.cell(-12)
    table.cell(0.1)
    table.cell(1e-7)
    table.cell(prepared: CSVWriter.cell("x"))
    table.endRow()
    table.cell(Int.min)
    table.cell(0)
    table.cell(0.30000000000000004)
    table.endRow()
    #expect(
      String(decoding: table.bytes, as: UTF8.self)
        == "-12,0.1,1e-07,x\n-9223372036854775808,0,0.30000000000000004\n")
  }
}

@Suite struct `Texts` {
  @Test func `texts are the same byte by byte`() {
    #expect("\u{e9}" == "e\u{301}" && !"\u{e9}".hasBytes(of: "e\u{301}"))
    #expect(["a", "\u{e9}"].containsBytes(of: "\u{e9}"))
    #expect(!["a", "\u{e9}"].containsBytes(of: "e\u{301}"))
  }

  @Test func `a long list of texts ends with a number`() {
    #expect(["a", "b"].listed(limit: 2) == "a, b")
    #expect(["a", "b", "c", "d"].listed(limit: 2) == "a, b and 2 others")
    #expect([String]().listed() == "")
  }
}

@Suite struct `A shell command` {
  @Test(arguments: [
    ("runs/2026-01_1.csv", "runs/2026-01_1.csv"), ("n=1,2:3+4@5%", "n=1,2:3+4@5%"),
    ("", "''"), ("two words", "'two words'"), ("it's", "'it'\\''s'"), ("$HOME", "'$HOME'"),
    ("ä", "'ä'"), ("a\nb", "'a\nb'"), ("*", "'*'"), ("~", "'~'"),
  ])
  func `a shell command puts into quotes what a shell reads as something else`(
    word: String, quoted: String
  ) {
    #expect(ShellCommand.quoted(word) == quoted)
    #expect(ShellCommand.text(["upload", word]) == "upload " + quoted)
  }
}

@Suite struct `The host` {
  @Test func `the host has a name that a file can have`() {
    #expect(!Host.name.isEmpty && !Host.name.contains("/"))
    #expect(Host.name.utf8.count <= 255)
  }
}

@Suite struct `Numbers as texts` {
  @Test func `numbers are plain for programs and terminals`() {
    #expect(NumberText.plain(0.12345, digits: 4) == "0.1235")
    #expect(NumberText.plain(-1234.5, digits: 1) == "-1234.5")
    #expect(NumberText.plain(0.05, digits: 1) == "0.1")
    #expect(NumberText.plain(2.5, digits: 0) == "3")
    // Rounded to zero, it has no sign.
    #expect(NumberText.plain(-0.00004, digits: 4) == "0.0000")
    #expect(NumberText.plain(.nan, digits: 2) == "nan")
    #expect(NumberText.plain(1e300, digits: 2) == "1e+300")
  }

  @Test func `numbers have a true minus sign and groups on pages`() {
    #expect(NumberText.fixed(-1_234_567.891, 2) == "−1,234,567.89")
    #expect(NumberText.fixed(-0.00004, 4) == "0.0000")
    #expect(NumberText.fixed(.infinity, 2) == "∞" && NumberText.fixed(.nan, 2) == "–")
    #expect(NumberText.grouped(-53_940) == "−53,940" && NumberText.grouped(999) == "999")
    #expect(NumberText.percent(0.9051) == "90.5 %")
    #expect(NumberText.short(0.0000125) == "1.25e-5" && NumberText.short(1500) == "1,500")
    #expect(NumberText.seconds(0.0042) == "4.20 ms" && NumberText.seconds(75) == "75.0 s")
    #expect(NumberText.short(0.30000000001) == "0.3" && NumberText.short(1.5e9) == "1.5e9")
    #expect(NumberText.coordinate(1.5) == "1.5" && NumberText.coordinate(.nan) == "0")
    #expect(NumberText.coordinate(-0.004) == "0" && NumberText.coordinate(7.05) == "7.05")
    #expect(NumberText.coordinate(12.3456) == "12.35")
  }

  @Test func `numbers are short where they are whole, and read back the same otherwise`() {
    #expect(NumberText.shortest(3) == "3" && NumberText.shortest(-0.1) == "-0.1")
    #expect(NumberText.shortest(1e16) == "1e+16" && NumberText.shortest(.nan) == "nan")
  }

  @Test func `a small p-value is written as a bound`() {
    #expect(NumberText.pValue(0.0312) == "p = 0.031" && NumberText.pValue(0.0009) == "p < 0.001")
  }
}
