import TestSupport
import Testing

@testable import Datasets

@Suite struct `Classes that a model knows` {
  private let diamonds = ["Gold", "Silver"]

  private func labels(
    _ words: [String], _ rule: TargetRule, among names: [String], missing: [String] = []
  ) throws -> [Int] {
    let rows = words.enumerated().map { "\($0),\($1)\n" }.joined()
    let table = try withTemporaryFile("x,\(rule.column)\n" + rows) {
      try CSVTable(
        contentsOf: $0,
        CSVReading(textColumns: [rule.column], labels: rule.namedValues, missingWords: missing))
    }
    return try rule.labels(of: table, among: names)
  }

  private func problem(_ words: [String], _ rule: TargetRule, among names: [String]) -> String {
    do {
      return "\(try labels(words, rule, among: names))"
    } catch {
      // The name of the temporary file is another each time.
      let text = "\(error)"
      return text.firstIndex(of: ":").map { String(text[$0...]) } ?? text
    }
  }

  private let own = TargetRule(column: "t", classes: [])

  @Test func `values become classes by the rules of training`() throws {
    #expect(
      try labels(["Fair", "Ideal", "Very Good"], .diamonds, among: diamonds) == [1, 0, 0])
    // One class is enough, and the order is that of the model.
    #expect(try labels(["Ideal"], .diamonds, among: ["Silver", "Gold"]) == [1])
    let some = TargetRule(
      column: "t",
      classes: [
        ClassRule(name: "low", values: ["1", "2"]), ClassRule(name: "high", values: ["3"]),
      ])
    #expect(try labels(["3.0", "1", "02"], some, among: ["high", "low"]) == [0, 1, 1])
    #expect(
      problem(["1", "4"], some, among: ["high", "low"])
        == ":3: column \"t\": expected a value of one of the classes, found \"4\"; name it in --classes, or give "
        + "one class NAME=*")
  }

  @Test func `a column of the classes' names is taken as such`() throws {
    #expect(try labels(["Silver", "Gold"], .diamonds, among: diamonds) == [1, 0])
    // With any other value the names are values like others.
    #expect(try labels(["Silver", "Gold", "Fair"], .diamonds, among: diamonds) == [1, 1, 1])
    // A value that a class names is one.
    let swapped = TargetRule(
      column: "t",
      classes: [ClassRule(name: "a", values: ["b"]), ClassRule(name: "b", values: ["a"])])
    #expect(try labels(["a", "b"], swapped, among: ["a", "b"]) == [1, 0])
  }

  @Test func `values of one number or one truth are of one class, as in training`() throws {
    #expect(try labels(["1.0", "+2", "1"], own, among: ["1", "2"]) == [0, 1, 0])
    #expect(try labels(["true", "FALSE"], own, among: ["False", "TRUE"]) == [1, 0])
    #expect(
      problem(["1", "x"], own, among: ["1", "2"]).hasPrefix(":3: column \"t\": expected one of the")
    )
    #expect(
      problem(["B", "b\u{301}"], own, among: ["B", "b"]).hasSuffix(
        "classes \"B\", \"b\", found \"b\u{301}\""))
  }

  @Test func `missing labels and a missing column are refused`() throws {
    for word in ["", "NA", "nan", "?"] {
      #expect(
        problem(["B", word], own, among: ["B", "b"]).contains(
          ":3: column \"t\": expected a class, found"))
    }
    #expect(throws: DatasetError.self) {
      try labels(["B", "none"], own, among: ["B", "b"], missing: ["none"])
    }
    let table = try withTemporaryFile("x,y\n1,2\n") { try CSVTable(contentsOf: $0) }
    #expect(throws: DatasetError.self) { try own.labels(of: table, among: ["1", "2"]) }
  }
}
