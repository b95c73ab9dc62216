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
    ("1,a\nx,b\n3,a\n", 3, "expected a number, found \"x\""),
    ("x,a\n1,b\ny,a\n", 3, "expected text, found \"1\""),
    ("1,a\nNaN,b\n3,a\n", 3, "expected a number, found \"NaN\""),
    ("1,a\n2,b\n-inf,a\n", 4, "expected a number, found \"-inf\""),
    ("1,a\n2,b\n1e999,a\n", 4, "expected a number, found \"1e999\""),
    ("x,a\nnan,b\ny,a\n", 3, "expected a finite number or a category, found \"nan\""),
    (
      "\"3,5\",a\n\"4,0\",b\n\"3,5\",a\n", 2,
      "expected a number with a decimal point, found \"3,5\""
    ),
  ])
  func `preparing refuses columns of both kinds, and tells both ways out`(
    text: String, line: Int, problem: String
  ) {
    #expect(
      message(text, header: "n,class")
        == "t.csv:\(line): column \"n\": \(problem); correct the cell, or treat the column as categories with "
        + "--categorical \"n\"")
  }

  @Test func `preparing finds the one text among 40,000 numbers`() {
    var lines = (1...41_000).map { "\($0),\($0 % 2)" }
    lines[39_998] = "about 40000,1"
    #expect(
      message(lines.joined(separator: "\n"), header: "n,class")?.hasPrefix(
        "t.csv:40000: column \"n\": expected a number, found \"about 40000\"") == true)
  }

  @Test(arguments: [
    ("1,x,a\n2,,b\n3,y,a\n", "t.csv:3: column \"w\": expected a value, found an empty cell"),
    ("1,x,a\n2,y,b\n3,x,\n", "t.csv:4: column \"class\": expected a class, found an empty cell"),
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
        == "column \"class\" is the target, it cannot be dropped")
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

  private func prepare(
    _ rows: String, header: String, target: String = "class", dropping: [String] = [],
    categorical: [String] = [], fittedOn: Preprocessing.FittedOn = .all
  ) throws -> PreparedData {
    let preprocessing = Preprocessing(
      target: TargetRule(column: target, classes: []), dropping: dropping,
      categorical: categorical, fittedOn: fittedOn)
    let table = try withTemporaryFile(header + "\n" + rows) {
      try CSVTable(contentsOf: $0, textColumns: preprocessing.textColumns)
    }
    return try preprocessing.prepare(table, split: TrainTestSplit(testFraction: 0.2, seed: 42))
  }

  private func message(
    _ rows: String, header: String, target: String = "class", dropping: [String] = [],
    fittedOn: Preprocessing.FittedOn = .all, kind: DatasetError.Kind = .badData
  ) -> String? {
    let error = #expect(throws: DatasetError.self) {
      try prepare(rows, header: header, target: target, dropping: dropping, fittedOn: fittedOn)
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

@Suite struct `A train-test split` {
  @Test(arguments: [0.1, 0.2, 0.25, 0.5, 0.99], 1...20)
  func `a train-test split keeps every row exactly once`(fraction: Double, seed: Int) throws {
    for count in [2, 3, 10, 101] {
      let split = TrainTestSplit(testFraction: fraction, seed: UInt32(seed))
      guard Int((fraction * Double(count)).rounded(.up)) < count else { continue }
      let parts = try split.positions(sampleCount: count)
      #expect((parts.training + parts.test).sorted() == Array(0..<count), "seed \(seed)")
      #expect(parts.test.count == Int((fraction * Double(count)).rounded(.up)))
    }
  }

  @Test func `a train-test split is scikit-learn's`() throws {
    // scikit-learn 1.9.1: train_test_split(range(10), test_size=0.25, random_state=7), and
    // train_test_split(range(5), test_size=0.3, random_state=4294967295).
    let parts = try TrainTestSplit(testFraction: 0.25, seed: 7).positions(sampleCount: 10)
    #expect(parts.training == [2, 1, 9, 7, 3, 6, 4])
    #expect(parts.test == [8, 5, 0])
    let last = try TrainTestSplit(testFraction: 0.3, seed: .max).positions(sampleCount: 5)
    #expect(last.training == [0, 2, 3])
    #expect(last.test == [4, 1])
  }

  @Test func `a train-test split refuses fractions and tables that leave a part empty`() {
    for fraction in [0, 1, -0.5, 2, .nan] {
      let error = #expect(throws: DatasetError.self) {
        try TrainTestSplit(testFraction: fraction).positions(sampleCount: 10)
      }
      #expect(error?.kind == .badRequest)
    }
    for (count, fraction) in [(1, 0.2), (2, 0.6), (0, 0.5)] {
      let error = #expect(throws: DatasetError.self) {
        try TrainTestSplit(testFraction: fraction).positions(sampleCount: count)
      }
      #expect(error?.kind == .badData)
    }
  }
}

@Suite struct `A stable split` {
  /// Rows of a table by their text, divided.
  private func parts(
    _ rows: [String], _ split: TrainTestSplit
  ) throws -> (training: [String], test: [String]) {
    let table = try withTemporaryFile(
      "x,word,class\n" + rows.map { $0 + "\n" }.joined(), named: "t.csv"
    ) { try CSVTable(contentsOf: $0) }
    let (training, test) = try split.positions(in: table)
    return (training.map { rows[$0] }, test.map { rows[$0] })
  }

  private let rows = (0..<500).map { "\($0 % 250).5,w\($0 % 7),\($0 % 2 == 0 ? "a" : "b")" }

  @Test func `a row stays in its part while the table grows and is sorted anew`() throws {
    let split = TrainTestSplit(testFraction: 0.2, seed: 42, method: .stable)
    let (training, test) = try parts(rows, split)
    let more = (0..<100).map { "\(1000 + $0),w,a" }
    let grown = try parts((more + rows).reversed(), split)
    #expect(Set(test).isSubset(of: grown.test))
    #expect(Set(training).isSubset(of: grown.training))
    #expect(Set(grown.training).isDisjoint(with: grown.test), "equal rows are in one part")
    // Of 500 rows a fifth, give or take four standard deviations of a share.
    let deviation = (0.2 * 0.8 / 500).squareRoot()
    let share = Double(test.count) / 500
    #expect(abs(share - 0.2) < 4 * deviation)
  }

  @Test func `a larger test part has the smaller one, and another seed another`() throws {
    let small = try parts(rows, TrainTestSplit(testFraction: 0.1, seed: 42, method: .stable)).test
    let large = try parts(rows, TrainTestSplit(testFraction: 0.3, seed: 42, method: .stable)).test
    #expect(Set(small).isStrictSubset(of: Set(large)))
    let other = try parts(rows, TrainTestSplit(testFraction: 0.1, seed: 7, method: .stable)).test
    #expect(Set(small) != Set(other))
  }

  @Test func `a stable split without rows in one part is refused`() {
    #expect(throws: DatasetError.self) {
      try parts(["1,w,a"], TrainTestSplit(testFraction: 0.2, seed: 42, method: .stable))
    }
  }
}
