import TestSupport
import Testing

@testable import Datasets

@Suite struct `Preparing a table` {
  @Test func `preparing encodes text, and scales columns in their order`() throws {
    // Words sort to blue 0, red 1; weights have mean 2.5 and population variance 1.25.
    let data = try prepare("red,1,a\nblue,2,b\nred,3,a\nblue,4,b\n", header: "colour,weight,class")
    #expect(data.training.featureNames == ["colour", "weight"])
    #expect(data.encoders.map(\.column) == ["colour"])
    #expect(data.encoders[0].encoder.classes == ["blue", "red"])
    #expect(data.scaler.means == [0.5, 2.5])
    #expect(data.scaler.deviations == [0.5, 1.25.squareRoot()])
    #expect(data.training.classNames == ["a", "b"])
    for part in [data.training, data.test] {
      for (index, row) in part.rows.enumerated() {
        #expect(part.features[index, 0] == (row % 2 == 0 ? 1 : -1))
        #expect(part.features[index, 1] == (Double(row + 1) - 2.5) / 1.25.squareRoot())
        #expect(part.labels[index] == row % 2)
      }
    }
    #expect((data.training.rows + data.test.rows).sorted() == [0, 1, 2, 3])
  }

  @Test func `preparing does not depend on the order of columns`() throws {
    let one = try prepare("1,x,a\n2,y,b\n3,x,a\n4,y,b\n", header: "n,w,class")
    let other = try prepare("a,1,x\nb,2,y\na,3,x\nb,4,y\n", header: "class,n,w")
    #expect(one.training == other.training)
    #expect(one.test == other.test)
  }

  @Test func `preparing skips dropped columns, whatever is in them`() throws {
    let text = "1,,a\n2,x,b\n3,7,a\n4,,b\n"
    let data = try prepare(text, header: "n,mixed,class", dropping: ["mixed"])
    #expect(data.training.featureNames == ["n"])
  }

  @Test func `preparing treats numbers as categories on request`() throws {
    let data = try prepare(
      "10,a\n9,b\n10,a\n9,b\n", header: "code,class", categorical: ["code"])
    #expect(data.encoders[0].encoder.classes == ["10", "9"])
  }

  @Test func `preparing scales constant columns to zero`() throws {
    let data = try prepare("0.1,5,a\n0.1,5,b\n0.1,5,a\n", header: "x,y,class")
    #expect(data.scaler.deviations == [1, 1])
    #expect(data.training.features.elements.allSatisfy { abs($0) < 1e-15 })
  }

  @Test(arguments: [
    ("1,a\nx,b\n3,a\n", 3, "expected a number, found \"x\"", ways: (true, true)),
    ("x,a\n1,b\ny,a\n", 3, "expected text, found \"1\"", (false, true)),
    // Measurements would become names.
    ("1,a\nunknown,b\n3,a\n", 3, "expected a number, found \"unknown\"", (true, false)),
    ("1,a\n-,b\n3,a\n", 3, "expected a number, found \"-\"", (true, false)),
    ("1,a\nNot available,b\n3,a\n", 3, "expected a number, found \"Not available\"", (true, false)),
    // No word for a missing value is as long.
    (
      "1,a\n\(String(repeating: "-", count: 65)),b\n3,a\n", 3,
      "expected a number, found \"\(String(repeating: "-", count: 65))\"", (true, true)
    ),
    ("1,a\n2,b\n-inf,a\n", 4, "expected a number, found \"-inf\"", (true, false)),
    ("1,a\n2,b\n1e999,a\n", 4, "expected a number, found \"1e999\"", (true, true)),
    (
      "x,a\ninf,b\ny,a\n", 3, "expected a finite number or a category, found \"inf\"", (true, false)
    ),
  ])
  func `preparing refuses columns of both kinds, and tells the ways out`(
    text: String, line: Int, problem: String, ways: (missing: Bool, categories: Bool)
  ) {
    let word = problem.split(separator: "\"")[1]
    let list = [
      "correct the cell", ways.missing ? "call it missing with --missing-values \"\(word)\"" : nil,
      ways.categories ? "treat the column as categories with --categorical \"n\"" : nil,
    ].compactMap(\.self)
    let advice = list.dropLast().joined(separator: ", ") + ", or " + list[list.count - 1]
    #expect(
      message(text, header: "n,class")
        == "t.csv:\(line): column \"n\": \(problem); \(advice)")
  }

  @Test func `preparing finds the one text among 40,000 numbers`() {
    var lines = (1...41_000).map { "\($0),\($0 % 2)" }
    lines[39_998] = "about 40000,1"
    #expect(
      message(lines.joined(separator: "\n"), header: "n,class")?.hasPrefix(
        "t.csv:40000: column \"n\": expected a number, found \"about 40000\"") == true)
  }

  @Test(arguments: [
    (
      "1,,a\n2,,b\n3,,a\n",
      "t.csv: column \"w\": expected values, found missing ones only; leave the column out with "
        + "--drop \"w\""
    ),
    (
      ",x,a\nNA,y,b\n?,x,a\n",
      "t.csv: column \"n\": expected values, found missing ones only; leave the column out with "
        + "--drop \"n\""
    ),
    (
      "1,x,a\n2,y,b\n3,x,\n",
      "t.csv:4: column \"class\": expected a class, found an empty cell; drop such rows with "
        + "--drop-unlabelled"
    ),
    ("1,x,a\n2,y,a\n", "t.csv: column \"class\": expected at least two classes, found only \"a\""),
    (
      "1e308,x,a\n-1e308,y,b\n1,x,a\n",
      "t.csv: column \"n\": expected numbers that can be squared and summed, found larger ones; "
        + "write them in another unit"
    ),
  ])
  func `preparing refuses what cannot be learnt from`(text: String, expected: String) {
    #expect(message(text, header: "n,w,class") == expected)
  }

  @Test func `preparing refuses missing columns and a dropped target`() {
    let text = "1,a\n2,b\n"
    #expect(
      message(text, header: "n,class", target: "kind", kind: .badRequest)
        == "t.csv: expected a column \"kind\", found \"n\", \"class\"")
    #expect(
      message(text, header: "n,class", dropping: ["m"], kind: .badRequest)
        == "t.csv: expected a column \"m\", found \"n\", \"class\"")
    #expect(
      message(text, header: "n,class", dropping: ["class"], kind: .badRequest)
        == "column \"class\" is the target, it cannot be dropped, and rows cannot be divided by it")
    #expect(
      message(text, header: "n,class", dropping: ["n"])
        == "t.csv: expected at least one column besides the target")
  }

  @Test func `preparing fits on the training rows alone on request`() throws {
    let lines = (0..<20).map { "\($0 * $0),\(["x", "y"][$0 % 2]),\(["a", "b"][$0 % 2])" }
    let data = try prepare(
      lines.joined(separator: "\n"), header: "n,w,class", fittedOn: .training)
    let numbers = data.training.rows.map { Double($0 * $0) }
    #expect(abs(data.scaler.means[0] - numbers.reduce(0, +) / 16) < 1e-12)
    let mean = (0..<16).reduce(0) { $0 + data.training.features[$1, 0] } / 16
    let variance =
      (0..<16).reduce(0) { $0 + data.training.features[$1, 0] * data.training.features[$1, 0] } / 16
    #expect(abs(mean) < 1e-12 && abs(variance - 1) < 1e-12)
  }

  @Test func `preparing refuses a category that only test rows have`() throws {
    let test = try TrainTestSplit(testFraction: 0.2, seed: 42).positions(sampleCount: 20).test[0]
    let lines = (0..<20).map { "\($0),\($0 == test ? "rare" : "x"),\(["a", "b"][$0 % 2])" }
    let text = lines.joined(separator: "\n")
    #expect(
      message(text, header: "n,w,class", fittedOn: .training)
        == "t.csv:\(test + 2): column \"w\": expected a category of the training rows, found "
        + "\"rare\"; fit on all rows with --fit-preprocessing all, or leave the row out")
    #expect(try prepare(text, header: "n,w,class").encoders[0].encoder.classes == ["rare", "x"])
  }

  @Test(arguments: [
    (["1,5", "2,5", "4,5"], true), (["1,5", "NA", "4,5"], true), (["1,5", "3", "4,5"], true),
    (["3", "4", "1,5"], true), (["1.234,56", "7,5", "1.000,00"], true),
    (["1 234,56", "7,5", ""], true), (["1\u{a0}234,56", "7,5", "1"], true),
    (["$1,071.09", "$5.00", "$861.51"], false), (["12 %", "7 %", "8 %"], false),
    (["12%", "7%", "?"], false), (["\u{2212}1.5", "2.5", "\u{2212}3"], false),
    (["5\u{a0}", "7\u{a0}", "2\u{a0}"], false), (["€ 5", "US$ 7", "5 ₹"], false),
    (["1,5", "x", "2,5"], false), (["-$5.10", "£7", "$-2"], false),
    // 1.5 would be no number with a decimal comma.
    (["1,5", "1.5", "2,5"], false),
  ])
  func `numbers in a form that is not read do not become names`(
    cells: [String], comma: Bool
  ) throws {
    let lines = zip(cells, ["a", "b", "a"]).map { "\"\($0)\",\($1)\n" }.joined()
    let odd = try #require(cells.firstIndex { WordKind(of: $0, .point) == .unreadNumber })
    #expect(
      message(lines, header: "n,class")
        == "t.csv:\(odd + 2): column \"n\": expected a number in the form 1071.09, found "
        + "\"\(cells[odd])\"; \(comma ? "read decimal commas with --decimal , or " : "")correct the "
        + "cells, or treat the column as categories with --categorical \"n\"")
    let names = try prepare(lines, header: "n,class", categorical: ["n"])
    #expect(names.encoders.map(\.column) == ["n"])
  }

  @Test(arguments: [
    ["2024-01-02", "01.02.2024", "1/2"], ["1st", "2nd", "3rd"],
    ["7590-VHVEG", "5575-GNVDE", "3668-QPYBK"], ["3 kg", "4 kg", "5 kg"], ["a", "1,5", "b"],
    ["12:30", "8 am", "1-2"], ["+49 30 1234", "(030) 12", "030 123"], ["1.2.3", "1.10.0", "v2"],
    ["$", "%", "-"], ["0,123,456", "00 123", "0.123.456"], ["M 5", "AB1", "C$"],
  ])
  func `other words stay names`(cells: [String]) throws {
    let lines = zip(cells, ["a", "b", "a"]).map { "\"\($0)\",\($1)\n" }.joined()
    #expect(try prepare(lines, header: "n,class").encoders.map(\.column) == ["n"])
  }

  @Test func `a decimal comma is offered only where it leaves the other columns as they are`() {
    for (other, works) in [("7", true), ("1.5", false), ("2.000", false), ("x", true)] {
      let found = message("1,5;\(other);a\n2,5;\(other);b\n", header: "n;other;class")
      #expect(found?.contains("--decimal ,") == works, "\(other)")
    }
    #expect(message("1,5;1.0\n2,5;2\n", header: "n;class")?.contains("--decimal ,") == false)
  }

  @Test func `a target of numbers in a form that is not read is refused`() {
    #expect(
      message("1;1,5\n2;2,5\n3;1,5\n", header: "n;class")
        == "t.csv:2: column \"class\": expected a number in the form 1071.09, found \"1,5\"; read "
        + "decimal commas with --decimal , or correct the cells, or treat the column as categories with "
        + "--categorical \"class\"")
    #expect(
      message("1;1,5\n2;2,5\n3;1,5\n", header: "n;class", decimalMark: .comma)?.contains(
        "found \"1,5\", a measurement") == true)
  }

  @Test func `a decimal comma reads what a decimal point reads`() throws {
    let data = try prepare(
      "1.234,5;7;-,5;1,0\n\"-1 000 000\";8;+2;2\n1\u{a0}234,25;9;1,5e3;1\n",
      header: "a;b;c;class", decimalMark: .comma)
    #expect(data.columns == [[1234.5, -1_000_000, 1234.25], [7, 8, 9], [-0.5, 2, 1500]])
    #expect(data.targetEncoder.classes == ["1,0", "2"])
    for cell in ["1.5", "1.2345", "0.123", "1 2", "1.234 567", "1,2,3", ",", "1.234.56,7"] {
      #expect(DecimalMark.comma.number(in: cell) == nil, "\(cell)")
    }
    #expect(
      message("1,5;a\n2.5;b\n3,5;a\n", header: "n;class", decimalMark: .comma)?.hasPrefix(
        "t.csv:3: column \"n\": expected a number in the form 1071,09, found \"2.5\"; correct")
        == true)
  }

  @Test func `rows without a label are left out on request, with what is odd in them`() throws {
    let text = "x,1,a\n?,n/a,NA\ny,2,b\n,,\nx,3,a\ny,4,b\n"
    let data = try prepare(text, header: "w,n,class", dropsUnlabelled: true)
    #expect(data.columns == [[0, 1, 0, 1], [1, 2, 3, 4]])
    // scikit-learn splits what is left.
    let parts = try TrainTestSplit().positions(sampleCount: 4)
    #expect(data.test.rows == parts.test)
    #expect(data.filePositions(of: data.test) == parts.test.map { [0, 2, 4, 5][$0] })
    #expect(
      message("1,NA\n2,\n", header: "n,class", dropsUnlabelled: true)
        == "t.csv: column \"class\": expected classes, found missing values only")
    // Labels that are all there change nothing.
    #expect(
      try prepare("1,a\n2,b\n", header: "n,class", dropsUnlabelled: true).test
        == prepare("1,a\n2,b\n", header: "n,class").test)
  }

  @Test func `columns whose names differ only in their Unicode form are two`() throws {
    let (one, two) = ("\u{e9}", "e\u{301}")
    let header = "\(one),\(two),class"
    let data = try prepare("1,x,a\n2,y,b\n", header: header)
    #expect(data.training.featureNames.map(\.utf8.count) == [2, 3])
    #expect(data.encoder(of: one) == nil && data.encoder(of: two)?.classes == ["x", "y"])
    let dropped = try prepare("1,x,a\n2,y,b\n", header: header, dropping: [one])
    #expect(dropped.training.featureNames.map(\.utf8.count) == [3])
  }

  private func prepare(
    _ rows: String, header: String, target: String = "class", dropping: [String] = [],
    categorical: [String] = [], fittedOn: Preprocessing.FittedOn = .all,
    decimalMark: DecimalMark = .point, dropsUnlabelled: Bool = false
  ) throws -> PreparedData {
    let preprocessing = Preprocessing(
      target: TargetRule(column: target, classes: []), dropping: dropping,
      categorical: categorical, fittedOn: fittedOn, decimalMark: decimalMark,
      dropsUnlabelled: dropsUnlabelled)
    let table = try withTemporaryFile(header + "\n" + rows) {
      try CSVTable(contentsOf: $0, preprocessing.reading)
    }
    return try preprocessing.prepare(table, split: TrainTestSplit(testFraction: 0.2, seed: 42))
  }

  private func message(
    _ rows: String, header: String, target: String = "class", dropping: [String] = [],
    fittedOn: Preprocessing.FittedOn = .all, decimalMark: DecimalMark = .point,
    dropsUnlabelled: Bool = false, kind: DatasetError.Kind = .badData
  ) -> String? {
    let error = #expect(throws: DatasetError.self) {
      try prepare(
        rows, header: header, target: target, dropping: dropping, fittedOn: fittedOn,
        decimalMark: decimalMark, dropsUnlabelled: dropsUnlabelled)
    }
    #expect(error?.kind == kind)
    return error?.description
  }
}

@Suite struct `A label encoder` {
  @Test func `a label encoder numbers words in the order of Unicode scalars`() {
    // Z U+005A, a U+0061, é U+00E9, 漢 U+6F22, 😀 U+1F600; "e" and a combining accent come after "e".
    let encoder = LabelEncoder(fitting: ["😀", "a", "é", "Z", "漢", "a", "e\u{301}", "e"])
    #expect(
      encoder.classes.map { Array($0.unicodeScalars) }
        == ["Z", "a", "e", "e\u{301}", "é", "漢", "😀"].map { Array($0.unicodeScalars) })
    #expect(encoder.code(of: "a") == 1)
    #expect(encoder.code(of: "e\u{301}") == 3)
    #expect(encoder.code(of: "é") == 4)
    #expect(encoder.code(of: "b") == nil)
    #expect(encoder.code(of: "") == nil)
    #expect(encoder.code(of: "😁") == nil)
  }

  @Test func `a label encoder finds words in an order of its own`() {
    let encoder = LabelEncoder(ordered: ["2", "10", "9"])
    #expect(["2", "10", "9", "1"].map(encoder.code) == [0, 1, 2, nil])
  }
}

@Suite struct `A standard scaler` {
  @Test func `a standard scaler has the mean and the population deviation`() {
    // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares of the rests sum to 32, and √(32/8) = 2.
    let scaler = StandardScaler(fitting: [[2, 4, 4, 4, 5, 5, 7, 9]])
    #expect(scaler.means == [5])
    #expect(scaler.deviations == [2])
    #expect(scaler.scaled([[2, 9]], rows: [1, 0], threads: 1) == [2, -1.5])
  }

  @Test func `a standard scaler treats a column as constant if it varies only by rounding`() {
    #expect(StandardScaler(fitting: [[0.1, 0.1, 0.1], [7]]).deviations == [1, 1])
    let rounded = [Double](repeating: 1e10 + 0.3, count: 100)
    #expect(StandardScaler(fitting: [rounded]).deviations == [1])
    #expect(StandardScaler(fitting: [[1e10, 1e10 + 1]]).deviations == [0.5])
  }
}
