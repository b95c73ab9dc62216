import Foundation
import TestSupport
import Testing

@Suite struct `Everyday options of compare-models` {
  private let folder = TemporaryFolder()

  init() { folder.writeDiamonds(300) }

  private func run(_ options: [String]) throws -> Program.Outcome {
    try Program.run(
      ["--data", "diamonds.csv", "--set", "RandomForest.n_estimators=5"] + options, in: folder)
  }

  /// The models in the first column of a table as CSV, without the baseline.
  private func models(in outcome: Program.Outcome) -> [String] {
    outcome.output.split(separator: "\n").dropFirst().map { String($0.prefix { $0 != "," }) }
      .filter { $0 != "Baseline" }
  }

  @Test func `models can be excluded from a run`() throws {
    let outcome = try run(["--exclude", "KNeighborsClassifier,gaussiannb", "--format", "csv"])
    #expect(outcome.status == 0)
    #expect(models(in: outcome) == ["RandomForest", "DecisionTreeClassifier"])
    let wrong = try run(["--models", "RandomForest", "--exclude", "GaussianNB"])
    #expect(wrong.status == 64)
    #expect(wrong.errors.contains("--exclude GaussianNB: it is not among the models of --models."))
    let all = try run([
      "--exclude", "RandomForest,DecisionTreeClassifier,GaussianNB,KNeighborsClassifier",
    ])
    #expect(all.status == 64)
    #expect(all.errors.contains("--exclude leaves no model to compare."))
  }

  @Test func `models are sorted by a metric, of which the least may be the best`() throws {
    for metric in ["accuracy", "log_loss"] {
      let outcome = try run(["--sort-by", metric, "--format", "csv"])
      #expect(outcome.status == 0)
      let rows = outcome.output.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      let column = try #require(rows[0].firstIndex(of: metric))
      let values = rows.dropFirst().filter { $0[0] != "Baseline" }.compactMap { Double($0[column]) }
      #expect(values.count == 4)
      #expect(values == (metric == "log_loss" ? values.sorted() : values.sorted(by: >)))
    }
  }

  @Test func `nothing is started after the time budget, and what was skipped is said`() throws {
    let outcome = try run(["--time-budget", "0s", "--format", "csv"])
    #expect(outcome.status == 0)
    #expect(models(in: outcome) == ["RandomForest"])
    for name in ["DecisionTreeClassifier", "GaussianNB", "KNeighborsClassifier"] {
      #expect(outcome.errorLines.contains("Skipped, time budget used up: \(name)"))
    }
  }

  @Test func `the program is silent, or says more, when it is told to`() throws {
    #expect(try run(["--quiet"]).errors == "")
    let verbose = try run(["--verbose"]).errorLines
    #expect(verbose.contains("Fitting RandomForest") && verbose.contains("Fitting GaussianNB"))
  }

  @Test func `a report is made again, the same, or of several runs`() throws {
    for name in ["first", "second"] {
      #expect(try run(["--output", name, "--seed", name == "first" ? "1" : "2"]).status == 0)
    }
    let written = try #require(folder.read("first/report.html"))
    let again = try Program.run(["report", "first", "--output", "again.html"], in: folder)
    #expect(again.status == 0)
    #expect(again.errors == "The report is in again.html\n")
    #expect(folder.read("again.html") == written)
    #expect(try Program.run(["report", "first", "second"], in: folder).status == 0)
    let both = try #require(folder.text("runs-report.html"))
    #expect(both.contains("first") && both.contains("second"))
    #expect(both.contains("2 runs of compare-models"))
  }

  @Test func `a report that cannot be made is explained, and the old one is kept`() throws {
    #expect(try run(["--output", "run", "--models", "RandomForest"]).status == 0)
    let missing = try Program.run(["report", "none"], in: folder)
    #expect(missing.status == 66)
    #expect(
      missing.errors == "compare-models: error: none: expected a run folder, found none\n")
    let written = folder.read("run/report.html")
    folder.write("row,actual\n", to: "run/RandomForest/predictions.csv")
    let broken = try Program.run(["report", "run"], in: folder)
    #expect(broken.status == 65)
    #expect(broken.errorLines.count == 1)
    #expect(broken.errors.contains("run/RandomForest/predictions.csv"))
    #expect(folder.read("run/report.html") == written)
  }
}
