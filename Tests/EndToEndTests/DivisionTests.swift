import Foundation
import TestSupport
import Testing

@Suite struct `Runs whose rows are divided by groups, by time or by files` {
  private let folder = TemporaryFolder()

  init() {
    // Sixty patients with six visits each.
    let rows = (0..<360).map { row -> String in
      let patient = row * 7 % 60
      let label = (patient * 31 + row * row) % 10 < 4 ? "ill" : "well"
      let value = Double(row * 13 % 17) + (label == "ill" ? 6 : 0) + Double(patient % 5)
      return
        "p\(patient),2026-\(row % 12 < 9 ? "0" : "")\(row % 12 + 1)-15,\(value),\(row % 3),\(label)"
    }
    write("visits.csv", rows)
    write("training.csv", rows.filter { !$0.hasPrefix("p4") && !$0.hasPrefix("p5") })
    write("test.csv", rows.filter { $0.hasPrefix("p4") || $0.hasPrefix("p5") })
  }

  private func write(_ name: String, _ rows: [String]) {
    folder.write("patient,date,value,ward,state\n" + rows.joined(separator: "\n") + "\n", to: name)
  }

  @discardableResult
  private func run(_ arguments: [String], status: Int32 = 0) throws -> Program.Outcome {
    let outcome = try Program.run(arguments, in: folder)
    #expect(outcome.status == status, "\(outcome.errors)")
    return outcome
  }

  /// The output as one line.
  private func words(_ outcome: Program.Outcome) -> String {
    outcome.output.replacing("\n", with: " ")
  }

  @discardableResult
  private func compare(_ options: [String], _ run: String) throws -> Program.Outcome {
    try self.run(
      (options.contains("--data") ? [] : ["--data", "visits.csv"]) + options
        + [
          "--target", "state", "--models", "GaussianNB,DecisionTreeClassifier", "--output", run,
        ])
  }

  @Test func `every way to divide rows keeps to the schema, and is told in the report`() throws {
    let schema = try JSONSchema(
      contentsOf: RepositoryFiles.root + "/docs/comparison.schema.json")
    let ways: [(options: [String], words: String)] = [
      (["--drop", "date", "--group", "patient"], "Groups by patient stay whole: 48 to learn from"),
      (
        ["--drop", "patient", "--time", "date"],
        "learned from rows up to 2026-09-15, tested on rows"
      ),
      (
        [
          "--data", "training.csv", "--test-data", "test.csv", "--drop", "date", "--group",
          "patient",
        ],
        "The test rows are those of test.csv"
      ),
    ]
    for (number, way) in ways.enumerated() {
      try compare(
        way.options + ["--cross-validate", "5", "--learning-curve", "3"], "run\(number)")
      let document = try #require(folder.text("run\(number)/comparison.json"))
      #expect(try schema.problems(in: document).isEmpty)
      let report = try #require(folder.text("run\(number)/report.html"))
      #expect(report.contains(way.words))
      // The printed command asks for the same again.
      for option in way.options where option.hasPrefix("--") { #expect(report.contains(option)) }
      try run(["report", "run\(number)", "--output", "again.html"])
    }
    let grouped = try #require(folder.text("run0/GaussianNB/predictions.csv"))
    #expect(grouped.hasPrefix("row,actual,predicted,probability_ill,probability_well,group\n"))
    let tested = try #require(folder.text("run2/GaussianNB/predictions.csv"))
    #expect(tested.split(separator: "\n")[1].hasPrefix("0,"))
    #expect(tested.split(separator: "\n")[1].hasSuffix(",p42"))
  }

  @Test func `no tests of independent rows are printed where rows come in groups`() throws {
    let outcome = try compare(["--drop", "date", "--group", "patient"], "run")
    #expect(
      words(outcome).contains("Test rows of one patient are alike: intervals resample the 12"))
    #expect(!words(outcome).contains("McNemar's test"))
    let folds = try compare(
      ["--drop", "patient", "--time", "date", "--cross-validate", "5"], "timed")
    #expect(words(folds).contains("5 folds in the order of date: mean"))
    #expect(words(folds).contains("Folds in the order of date are of different periods"))
  }

  @Test func `a run is resumed with the same test data only`() throws {
    try compare(
      [
        "--data", "training.csv", "--test-data", "test.csv", "--drop", "date", "--drop", "patient",
        "--time-budget", "0s",
      ], "run")
    let rows = try #require(folder.text("test.csv"))
    folder.write(rows + "p99,2026-01-01,3,1,ill\n", to: "test.csv")
    let refused = try run(["--resume", "run"], status: 65)
    #expect(refused.errors.contains("expected the test data that the run began with"))
    folder.write(rows, to: "test.csv")
    try run(["--resume", "run"])
    #expect(folder.read("run/DecisionTreeClassifier/predictions.csv") != nil)
  }

  @Test func `runs on the same test data are compared, whatever they learned from`() throws {
    let options = ["--test-data", "test.csv", "--drop", "date", "--drop", "patient"]
    try compare(["--data", "training.csv"] + options, "new")
    let rows = try #require(folder.text("training.csv")).split(separator: "\n")
    folder.write(rows.prefix(150).joined(separator: "\n") + "\n", to: "training.csv")
    try compare(["--data", "training.csv"] + options, "old")
    let outcome = try Program.run(["compare", "new", "old", "--fail-if-worse"], in: folder)
    #expect([0, 1].contains(outcome.status), "\(outcome.errors)")
    #expect(words(outcome).contains("on the same test rows"))
    try compare(["--drop", "date", "--group", "patient"], "grouped")
    let refused = try run(["compare", "new", "grouped", "--fail-if-worse"], status: 65)
    #expect(refused.errors.contains("not judged on the same test rows"))
    #expect(
      words(try run(["compare", "new", "grouped"])).contains("rows divided: tested on test.csv"))
  }

  @Test func `a sweep divides rows as a run does`() throws {
    let start = [
      "sweep", "--target", "state", "--set", "DecisionTreeClassifier.max_depth=1,3", "--drop",
      "date",
    ]
    try run(start + ["--data", "visits.csv", "--group", "patient", "--output", "split"])
    try run(
      start + [
        "--data", "visits.csv", "--group", "patient", "--cross-validate", "4", "--output", "folds",
      ])
    try run(
      start + [
        "--drop", "patient", "--data", "training.csv", "--test-data", "test.csv", "--output",
        "files",
      ])
    #expect(folder.text("files/runs.csv")?.contains(",228,132,") == true)
    #expect(folder.text("folds/runs.csv")?.split(separator: "\n").count == 21)
    #expect(folder.text("folds/sweep.json")?.contains("patient") == true)
    let other = try run(
      start + ["--data", "visits.csv", "--output", "split"], status: 64)
    #expect(other.errors.contains("expected --group patient"))
    let both = try run(
      start + ["--data", "training.csv", "--test-data", "test.csv", "--cross-validate", "3"],
      status: 64)
    #expect(both.errors.contains("--cross-validate and --test-data exclude each other in a sweep"))
  }
}
