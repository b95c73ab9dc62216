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

  @Test func `the classes of numbers are their values in ascending order`() throws {
    #expect(try labels(["10", "9", "-1", "2"], own).encoder.classes == ["-1", "2", "9", "10"])
    #expect(try labels(["10.0", "9.0", "2"], own).encoder.classes == ["2", "9.0", "10.0"])
    #expect(try labels(["10", "9", "x"], own).encoder.classes == ["10", "9", "x"])
  }

  @Test func `numbers of one value are one class, named as it is first written`() throws {
    let (encoder, labels) = try labels(["1", "0", "0.0", "00", "1.0", "+1", "-0", "1e0"], own)
    #expect(encoder.classes == ["0", "1"])
    #expect(labels == [1, 0, 0, 0, 1, 1, 0, 1])
    // 2⁵³ and 2⁵³ + 1 are one Double, and two identifiers.
    let large = ["9007199254740993", "9007199254740992"]
    #expect(try self.labels(large, own).encoder.classes == large.reversed())
    // Where one is no number, none is.
    #expect(try self.labels(["0", "0.0", "x"], own).encoder.classes == ["0", "0.0", "x"])
  }

  @Test func `booleans are two classes however they are written, false first`() throws {
    let (encoder, labels) = try labels(["TRUE", "False", "true", "FALSE", "True", "false"], own)
    #expect(encoder.classes == ["False", "TRUE"])
    #expect(labels == [1, 0, 1, 0, 1, 0])
    #expect(
      try self.labels(["true", "True", "no"], own).encoder.classes == ["True", "no", "true"])
  }

  @Test func `measurements are no classes unless that is asked for`() throws {
    let cells = ["1", "10.5", "2.5", "2.50"]
    #expect(
      message(cells, own)
        == "t.csv:3: column \"c\": expected classes, found \"10.5\", a measurement; choose another "
        + "--target, list the values of each class with --classes, or make every value a class with "
        + "--categorical \"c\"")
    let (encoder, labels) = try labels(cells, own, takesMeasurements: true)
    #expect(encoder.classes == ["1", "2.5", "10.5"])
    #expect(labels == [0, 2, 1, 1])
    let rule = TargetRule(
      column: "c",
      classes: [
        ClassRule(name: "low", values: ["1.0", "2.5"]), ClassRule(name: "high", values: nil),
      ])
    #expect(try self.labels(cells, rule).labels == [1, 0, 1, 1])
    // scikit-learn 1.9.1: type_of_target([1e19]) is continuous, that of 2⁶⁴ − 1 as uint64 is not.
    #expect(message(["1e19", "1"], own)?.contains("\"1e19\", a measurement") == true)
    #expect(try self.labels(["18446744073709551615", "1"], own).encoder.classes.count == 2)
  }

  @Test(arguments: [
    "", "NA", "NaN", "nan", "None", "null", "N/A", "?", "inf", "-inf", "Infinity", "<NA>", "#N/A",
    "\" \"",
  ])
  func `a missing label is no class`(word: String) {
    let found = word.isEmpty ? "an empty cell" : "\"\(word == "\" \"" ? " " : word)\""
    for cells in [["a", "b", word, "a", word], ["1", "2", word, "1"], ["True", "False", word]] {
      for rule in [own, TargetRule(column: "c", classes: [ClassRule(name: "z", values: nil)])] {
        #expect(
          message(cells, rule)?.hasPrefix("t.csv:4: column \"c\": expected a class, found \(found)")
            == true)
      }
    }
  }

  @Test func `a class may name a word that else means a missing value`() throws {
    let rule = TargetRule(
      column: "c",
      classes: [ClassRule(name: "none", values: ["None"]), ClassRule(name: "rest", values: nil)])
    #expect(try labels(["None", "a", "b"], rule).labels == [0, 1, 1])
    let preprocessing = Preprocessing(target: rule, dropsUnlabelled: true)
    let table = try withTemporaryFile("c,x\nNone,1\nNA,2\na,3\n") {
      try CSVTable(contentsOf: $0, preprocessing.reading)
    }
    #expect(table.droppedRowCount == 1)
    #expect(try preprocessing.labels(of: table).labels == [0, 1])
  }

  @Test func `the positive class is the second of two, and of no more than two`() throws {
    for (positive, labels) in [("a", [1, 0, 1]), ("b", [0, 1, 0])] {
      let rule = TargetRule(column: "c", classes: [], positive: positive)
      let (encoder, found) = try self.labels(["a", "b", "a"], rule)
      #expect(encoder.classes[1] == positive)
      #expect(found == labels)
    }
    // Numbers by their value, booleans and rules: the order that they have without it is turned round.
    let number = TargetRule(column: "c", classes: [], positive: "9")
    #expect(try labels(["10", "9"], number).encoder.classes == ["10", "9"])
    var gold = TargetRule.diamonds
    gold.positive = "Gold"
    #expect(try labels(["Fair", "Ideal"], gold).encoder.classes == ["Silver", "Gold"])
    #expect(
      message(["a", "b"], TargetRule(column: "c", classes: [], positive: "A"))
        == "t.csv: column \"c\": expected the class \"A\" of --positive, found \"a\", \"b\"")
    #expect(
      message(["a", "b", "c d"], TargetRule(column: "c", classes: [], positive: "c d"))
        == "t.csv: column \"c\": --positive needs two classes, found 3, over which precision, recall, F1 and "
        + "ROC AUC are means; join the others with --classes 'c d=c d' --classes 'other=*'")
  }

  @Test func `a class takes its values in every form`() throws {
    let rule = TargetRule(
      column: "c",
      classes: [ClassRule(name: "no", values: ["0"]), ClassRule(name: "yes", values: nil)])
    #expect(try labels(["0", "0.0", "1", "2"], rule).labels == [0, 0, 1, 1])
    let truth = TargetRule(
      column: "c",
      classes: [ClassRule(name: "no", values: ["false"]), ClassRule(name: "yes", values: ["true"])])
    #expect(try labels(["FALSE", "True", "TRUE"], truth).labels == [0, 1, 1])
    let twice = TargetRule(
      column: "c",
      classes: [ClassRule(name: "a", values: ["0"]), ClassRule(name: "b", values: ["0.0"])])
    #expect(
      message(["0", "1"], twice)
        == "t.csv: column \"c\": expected each value in one class of --classes, found \"0.0\" twice"
    )
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
    _ cells: [String], _ rule: TargetRule, takesMeasurements: Bool = false
  ) throws -> (encoder: LabelEncoder, labels: [Int]) {
    let lines = cells.map { "\($0),0\n" }.joined()
    let table = try withTemporaryFile("\(rule.column),x\n\(lines)") {
      try CSVTable(contentsOf: $0, CSVReading(textColumns: [rule.column]))
    }
    return try rule.labels(of: table, takesMeasurements: takesMeasurements)
  }

  private func message(_ cells: [String], _ rule: TargetRule) -> String? {
    #expect(throws: DatasetError.self) { try labels(cells, rule) }?.description
  }
}
