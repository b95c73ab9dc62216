import TestSupport
import Testing

@testable import Datasets

@Suite struct `The target's classes` {
  @Test func `the classes of a diamond's cut are Gold and Silver`() throws {
    let (encoder, labels) = try labels(
      ["Fair", "Ideal", "Good", "Very Good", "Premium"], .diamonds)
    #expect(encoder.classes == ["Gold", "Silver"])
    #expect(labels == [1, 0, 1, 0, 0])
  }

  @Test func `the classes are the column's own values in the order of Unicode scalars`() throws {
    let (encoder, labels) = try labels(["b", "B", "é", "a"], own)
    #expect(encoder.classes == ["B", "a", "b", "é"])
    #expect(labels == [2, 0, 3, 1])
  }

  @Test func `the classes are in the order of their values if all are whole numbers`() throws {
    #expect(try labels(["10", "9", "-1", "2"], own).encoder.classes == ["-1", "2", "9", "10"])
    #expect(try labels(["10.0", "9.0", "2"], own).encoder.classes == ["2", "9.0", "10.0"])
    #expect(try labels(["10", "9", "x"], own).encoder.classes == ["10", "9", "x"])
    #expect(try labels(["10", "9.5"], own).encoder.classes == ["10", "9.5"])
  }

  @Test func `the classes are read from the command line`() throws {
    #expect(try ClassRule(parsing: "Gold=Ideal,Very Good").values == ["Ideal", "Very Good"])
    #expect(try ClassRule(parsing: "Silver=*") == ClassRule(name: "Silver", values: nil))
    #expect(try ClassRule(parsing: "a=b=c").values == ["b=c"])
    for text in ["Gold", "=x", "Gold=", ""] {
      let error = #expect(throws: DatasetError.self) { try ClassRule(parsing: text) }
      #expect(
        error?.description
          == "expected a class as NAME=VALUE,VALUE or NAME=* for all others, found \"\(text)\"")
    }
  }

  @Test func `a class with a star takes all other values`() throws {
    let rule = TargetRule(
      column: "c",
      classes: [ClassRule(name: "one", values: ["1"]), ClassRule(name: "more", values: nil)])
    let (encoder, labels) = try labels(["1", "2", "3", "1"], rule)
    #expect(encoder.classes == ["more", "one"])
    #expect(labels == [1, 0, 0, 1])
  }

  @Test func `every value must have a class, and every value of a class must occur`() throws {
    let rule = TargetRule(
      column: "c",
      classes: [ClassRule(name: "a", values: ["1"]), ClassRule(name: "b", values: ["2"])])
    #expect(
      message(["1", "2", "1", "3", "3"], rule)
        == "t.csv:5: column \"c\": expected a value of one of the classes, found \"3\"; name it in "
        + "--classes, or give one class NAME=*")
    #expect(
      message(["1", "3", "1"], rule)
        == "t.csv: column \"c\": expected the value \"2\" of --classes, found only \"1\", \"3\"")
  }

  @Test func `two classes must not take the same value`() {
    for classes in [
      [ClassRule(name: "a", values: ["1"]), ClassRule(name: "b", values: ["2", "1"])],
      [ClassRule(name: "a", values: nil), ClassRule(name: "b", values: nil)],
    ] {
      let error = #expect(throws: DatasetError.self) {
        try TargetRule(column: "c", classes: classes).validate()
      }
      #expect(error?.kind == .badRequest)
    }
  }

  @Test func `a target has at most a thousand classes`() throws {
    #expect(try labels((1...1000).map(String.init), own).encoder.classes.count == 1000)
    #expect(
      message((1...1001).map(String.init), own)?.hasPrefix(
        "t.csv: column \"c\": expected at most 1000 classes, found 1001") == true)
  }

  private let own = TargetRule(column: "c", classes: [])

  private func labels(
    _ cells: [String], _ rule: TargetRule
  ) throws -> (encoder: LabelEncoder, labels: [Int]) {
    let lines = cells.map { "\($0),0\n" }.joined()
    let table = try withTemporaryFile("\(rule.column),x\n\(lines)") {
      try CSVTable(contentsOf: $0, textColumns: [rule.column])
    }
    return try rule.labels(of: table)
  }

  private func message(_ cells: [String], _ rule: TargetRule) -> String? {
    #expect(throws: DatasetError.self) { try labels(cells, rule) }?.description
  }
}
