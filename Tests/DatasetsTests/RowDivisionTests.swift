import TestSupport
import Testing

@testable import Datasets

@Suite struct `Rows divided by time` {
  private func table(_ times: [String], decimalMark: DecimalMark = .point) throws -> CSVTable {
    let text = "x;t;y\n" + times.enumerated().map { "\($0);\($1);a\n" }.joined()
    return try withTemporaryFile(text) {
      try CSVTable(
        contentsOf: $0, CSVReading(textColumns: ["t"], decimalMark: decimalMark))
    }
  }

  @Test(
    arguments: [
      (["10", "9", "-1", "9.0"], [2, 1, 0, 1]),
      // Nanoseconds that no double tells apart.
      (["1700000000000000001", "1700000000000000000"], [1, 0]),
      (["1e3", "20", "1000"], [1, 0, 1]),
      (["2026-03-01", "2025-12-31", "2026-03", "2024-02-29"], [2, 1, 2, 0]),
      (["2026-03-01 12:30", "2026-03-01T12:29:59.5", "2026-03-01"], [2, 1, 0]),
      // The same instant in three zones, and a minute before.
      (
        [
          "2026-03-01T00:30:00+01:00", "2026-02-28T23:30Z", "2026-02-28T18:30-0500",
          "2026-02-28T23:29Z",
        ], [1, 1, 1, 0]
      ),
      (["2026-01-01T00:00:00.000000001Z", "2026-01-01T00:00:00Z"], [1, 0]),
      (["0001-01-01", "1969-12-31", "1970-01-01", "9999-12-31"], [0, 1, 2, 3]),
    ])
  func `times are compared as numbers or as dates`(times: [String], ranks: [Int]) throws {
    #expect(try table(times).timeRanks(by: "t") == ranks)
  }

  @Test func `times with decimal commas are compared as numbers`() throws {
    #expect(
      try table(["1.000,5", "999,75", "1000,5"], decimalMark: .comma).timeRanks(by: "t")
        == [1, 0, 1])
  }

  @Test func `days are counted as the calendar has them`() throws {
    // Every day of 2,000 years follows the one before.
    var previous: Instant?
    var count = 0
    for year in 1000..<3000 {
      for month in 1...12 {
        for day in 1...31 {
          func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
          guard let instant = Instant("\(year)-\(digits(month))-\(digits(day))") else { continue }
          if let previous { #expect(instant.seconds - previous.seconds == 86_400) }
          previous = instant
          count += 1
        }
      }
    }
    #expect(count == 5 * 146_097)
    #expect(Instant("1970-01-01T00:00:01Z")?.seconds == 1)
    #expect(Instant("2026-03-01T12:30:15Z")?.seconds == 1_772_368_215)
  }

  @Test(
    arguments: [
      "2026-13-01", "2026-02-29", "2026-3-1", "2026-03-01T24:00", "2026-03-01T12:60",
      "2026-03-01T12", "2026-03-01x", "2026-03-01T12:00+1", "2026-03T12:00", "2026", "01/03/2026",
      "2026-03-01T12:00:00.", "٢٠٢٦-03-01",
    ])
  func `what is no date of ISO 8601 is not read as one`(text: String) {
    #expect(Instant(text) == nil)
  }

  @Test(
    arguments: [
      (["1", "", "2"], "3: column \"t\": expected a time, found an empty cell"),
      (
        ["1", "2", "NA"],
        "4: column \"t\": expected a time, found \"NA\", which means a missing value"
      ),
      (["1", "2", "soon"], "4: column \"t\": expected a number, as in other rows, found \"soon\""),
      (
        ["2026-03-01", "2026-03-02", "3/3/2026"],
        "4: column \"t\": expected a date or time such as 2026-03-01 or 2026-03-01T12:30:00Z, as in other"
      ),
      (
        ["soon", "later"],
        "2: column \"t\": expected a number, or a date or time such as 2026-03-01"
      ),
      (
        ["2026-03-01T00:00Z", "2026-03-01T00:00"],
        "3: column \"t\": expected a time with its zone, such as Z or +01:00, as in other rows"
      ),
    ])
  func `a time that cannot be read is refused with its place`(times: [String], message: String) {
    let error = #expect(throws: DatasetError.self) { try table(times).timeRanks(by: "t") }
    #expect(error?.kind == .badData)
    #expect(error?.description.contains(":\(message)") == true, "\(error?.description ?? "")")
  }

  @Test func `rows of the time at the border are all tested on`() throws {
    // Ten rows, of which 0.3 are three: the border is inside of time 5, which has rows 0, 4 and 7.
    let table = try table(["5", "1", "9", "2", "5", "3", "4", "5", "8", "1"])
    let parts = try TrainTestSplit(testFraction: 0.3, time: "t").positions(in: table)
    #expect(parts.training == [1, 9, 3, 5, 6])
    #expect(parts.test == [0, 4, 7, 8, 2])
  }

  @Test func `rows of one time are learned from where nothing else would be`() throws {
    let parts = try TrainTestSplit(testFraction: 0.5, time: "t").positions(
      in: table(["1", "1", "1", "2"]))
    #expect(parts.training == [0, 1, 2])
    #expect(parts.test == [3])
    let error = #expect(throws: DatasetError.self) {
      try TrainTestSplit(time: "t").positions(in: table(["1", "1"]))
    }
    #expect(error?.description.contains("expected at least two times") == true)
  }
}

@Suite struct `A second file to test on` {
  private let folder = TemporaryFolder()
  private static let training = "id,x,color,class\n1,1,red,a\n2,2,blue,b\n3,3,red,a\n4,4,blue,b\n"

  private func table(
    _ test: String, _ preprocessing: Preprocessing, training: String = Self.training
  ) throws -> CSVTable {
    try preprocessing.table(
      contentsOf: folder.write(training, to: "train.csv"),
      testFile: folder.write(test, to: "test.csv"), threads: 1)
  }

  private func preprocessing(
    dropping: [String] = ["id"], dividing: [String] = [], dropsUnlabelled: Bool = false
  ) -> Preprocessing {
    Preprocessing(
      target: TargetRule(column: "class", classes: []), dropping: dropping, dividing: dividing,
      fittedOn: .training, dropsUnlabelled: dropsUnlabelled)
  }

  @Test func `columns are found by name, and rows keep their places in their file`() throws {
    let preprocessing = preprocessing(dropsUnlabelled: true)
    let table = try table(
      "class,extra,color,x\nb,u,blue,10\n,u,red,5\na,v,red,20\n", preprocessing)
    let data = try preprocessing.prepare(table, split: TrainTestSplit())
    #expect(data.training.rows == [0, 1, 2, 3])
    #expect(data.test.featureNames == ["x", "color"])
    #expect(data.test.labels == [1, 0])
    #expect(data.filePositions(of: data.test) == [0, 2])
    #expect(data.filePositions(of: data.training) == [0, 1, 2, 3])
    // Mean and deviation are those of 1, 2, 3 and 4.
    #expect(data.scaler.means[0] == 2.5)
    #expect(data.test.features[0, 0] == (10 - 2.5) / 1.25.squareRoot())
    #expect(data.source.split.testFraction == 2.0 / 6)
    #expect(
      preprocessing.notices(on: table) == [
        "Columns taken as names: color",
        "Dropped 1 of 3 rows of test.csv, which have no label",
        "Columns of test.csv that train.csv does not have are ignored: extra",
        "Tested on the 2 rows of test.csv; encoders and scaler are fitted on train.csv only",
      ])
  }

  @Test(
    arguments: [
      (
        "x,class\n1,a\n",
        "test.csv:1: expected the columns of train.csv, found none named \"color\""
      ),
      (
        "x,color,class\n1,red,a\n2,green,b\n",
        "test.csv:3: column \"color\": expected a category of the training rows, found \"green\"; leave"
      ),
      (
        "x,color,class\n1,red,a\n2,red,c\n",
        "test.csv:3: column \"class\": expected a class of train.csv, found \"c\"; leave the row out"
      ),
      (
        "x,color,class\n1,red,a\nmany,red,a\n",
        "test.csv:3: column \"x\": expected a number, found \"many\""
      ),
      (
        "x,color,class\nmany,red,a\n",
        "test.csv:2: column \"x\": expected numbers, as in train.csv, found \"many\""
      ),
      (
        "x,color,class\n1,red,a\n2,,b\n",
        "test.csv:3: column \"color\": expected a category of the training rows, found a missing value"
      ),
      (
        "x,color,class\n1,red,a\n2,red,\n",
        "test.csv:3: column \"class\": expected a class, found an empty cell"
      ),
      (
        training, "test.csv: expected other rows to test on than train.csv has, found the same file"
      ),
    ])
  func `a second file that does not fit is refused with its place`(
    test: String, message: String
  ) {
    let preprocessing = preprocessing()
    let error = #expect(throws: DatasetError.self) {
      try preprocessing.prepare(table(test, preprocessing), split: TrainTestSplit())
    }
    #expect(error?.kind == .badData)
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
  }

  @Test func `missing numbers of the second file get the first one's median`() throws {
    let preprocessing = preprocessing()
    let table = try table("x,color,class\n,red,a\n9,blue,b\n", preprocessing)
    let data = try preprocessing.prepare(table, split: TrainTestSplit())
    #expect(data.columns[0] == [1, 2, 3, 4, 2.5, 9])
    #expect(data.isMissing(0) == [false, false, false, false, true, false])
  }

  @Test func `rows of the second file are not dropped for columns that are ignored`() throws {
    var preprocessing = preprocessing()
    preprocessing.missing = .dropRows
    let table = try table(
      "x,color,class,note\n1,red,a,\n,red,b,here\n4,blue,b,\n", preprocessing)
    let data = try preprocessing.prepare(table, split: TrainTestSplit())
    #expect(data.filePositions(of: data.test) == [0, 2])
    #expect(
      preprocessing.notices(on: table).contains(
        "Dropped 1 of 3 rows of test.csv, which have a missing cell in a feature"))
  }

  @Test func `a group of both files is refused`() throws {
    let preprocessing = preprocessing(dropping: [], dividing: ["id"])
    let split = TrainTestSplit(group: "id")
    let apart = try table("id,x,color,class\n5,1,red,a\n5,2,red,b\n", preprocessing)
    let data = try preprocessing.prepare(apart, split: split)
    #expect(data.groups?.names == ["1", "2", "3", "4", "5"])
    #expect(data.test.featureNames == ["x", "color"])
    let error = #expect(throws: DatasetError.self) {
      try preprocessing.prepare(
        table("id,x,color,class\n5,1,red,a\n2.0,2,red,b\n", preprocessing), split: split)
    }
    #expect(
      error?.description.hasPrefix(
        "test.csv:3: column \"id\": expected groups that train.csv does not have, found \"2\"")
        == true, "\(error?.description ?? "")")
  }
}

@Suite struct `Rows in groups` {
  private func groups(_ words: [String]) throws -> RowGroups {
    let text = "x,g\n" + words.map { "1,\($0)\n" }.joined()
    return try withTemporaryFile(text) {
      try CSVTable(contentsOf: $0, CSVReading(textColumns: ["g"])).groups(by: "g")
    }
  }

  @Test func `numbers are groups by value, and words by their scalars`() throws {
    let numbers = try groups(["10", "9", "1.0", "1", "-2"])
    #expect(numbers.names == ["-2", "1.0", "9", "10"])
    #expect(numbers.ofRow == [3, 2, 1, 1, 0])
    let words = try groups(["b10", "b9", "a", "10", "b9"])
    #expect(words.names == ["10", "a", "b10", "b9"])
    #expect(words.ofRow == [2, 3, 1, 0, 3])
    #expect(words.count(in: [1, 4, 0]) == 2)
    #expect(words.numbered([4, 2, 1]).ofRow == [1, 0, 1])
  }

  @Test func `a missing group is refused with its place`() {
    let error = #expect(throws: DatasetError.self) { try groups(["a", "", "b"]) }
    #expect(
      error?.description.contains(":3: column \"g\": expected a group, found an empty") == true)
  }

  @Test func `one group cannot be divided`() throws {
    let error = #expect(throws: DatasetError.self) {
      try withTemporaryFile("x,g\n1,a\n2,a\n") {
        try TrainTestSplit(group: "g").positions(
          in: CSVTable(contentsOf: $0, CSVReading(textColumns: ["g"])))
      }
    }
    #expect(error?.description.contains("expected at least two groups, found only \"a\"") == true)
  }
}
