import CometStandIn
import TestSupport
import Testing

@Suite struct `Findings about the data of a run` {
  private let folder = TemporaryFolder()

  init() { folder.writeCounted() }

  private func run(_ options: [String]) throws -> Program.Outcome {
    try Program.run(
      options + ["--data", "counted.csv", "--target", "t", "--models", "GaussianNB"], in: folder)
  }

  private static let lines = [
    "Severe (leak): column \"n\" alone gives the class of 60 of 60 rows; leave it out with --drop n, "
      + "unless it is known before the class is",
    "Severe (row-counter): column \"n\" counts the rows; leave it out with --drop n",
  ]

  @Test func `a run tells them before training, and keeps all of them`() throws {
    let outcome = try run(["--output", "run"])
    #expect(outcome.status == 0)
    #expect(Array(outcome.errorLines.prefix(2)) == Self.lines)
    let document = try JSONValue(parsing: try #require(folder.text("run/comparison.json")))
    let found = document["data_findings"]?.array ?? []
    #expect(found.map { $0["code"]?.string } == ["leak", "row-counter"])
    #expect(found.allSatisfy { $0["columns"]?.array?.first?.string == "n" })
    let page = try #require(folder.text("run/report.html"))
    #expect(page.contains("Findings about the data"))
    #expect(page.contains("Doubtful: column &quot;n&quot; alone gives"))
  }

  @Test func `a quiet run tells none, and a run without them keeps none`() throws {
    let quiet = try run(["--output", "quiet", "--quiet"])
    #expect(quiet.errors == "")
    #expect(folder.text("quiet/comparison.json")?.contains("\"row-counter\"") == true)
    let clean = try run(["--output", "clean", "--drop", "n"])
    #expect(clean.errorLines.first == "Results are in clean")
    #expect(folder.text("clean/comparison.json")?.contains("data_findings") == false)
    #expect(folder.text("clean/report.html")?.contains("Findings about") == false)
  }

  @Test func `findings are left aside by their codes`() throws {
    let outcome = try run(["--output", "run", "--ignore", "leak"])
    #expect(outcome.errorLines.first == Self.lines[1])
    #expect(folder.text("run/comparison.json")?.contains("\"leak\"") == false)
    let unknown = try run(["--ignore", "leek"])
    #expect(unknown.status == 64)
    #expect(unknown.errorLines.count == 1)
    #expect(unknown.errors.contains("leek") && unknown.errors.contains("suspicious-zeros"))
  }

  @Test(arguments: [[], ["sweep"]])
  func `severe findings end a strict run and a strict sweep before anything is written`(
    command: [String]
  ) throws {
    let outcome = try run(command + ["--strict-data", "--output", "run"])
    #expect(outcome.status == 65)
    #expect(
      outcome.errors
        == "compare-models: error: counted.csv: --strict-data: column \"n\" alone gives the class of 60 of "
        + "60 rows (leak): leave it out with --drop n, unless it is known before the class is; column "
        + "\"n\" counts the rows (row-counter): leave it out with --drop n\n")
    #expect(outcome.output == "")
    #expect(folder.names() == ["counted.csv"])
    let allowed = try run(
      command + [
        "--strict-data", "--output", "run", "--ignore", "leak", "--ignore", "row-counter",
      ])
    #expect(allowed.status == 0, "\(allowed.errors)")
  }

  @Test func `a sweep tells them, and continues when others are left aside`() throws {
    let first = try run(["sweep", "--output", "s"])
    #expect(first.status == 0)
    #expect(Self.lines.allSatisfy(first.errorLines.contains))
    let second = try run(["sweep", "--output", "s", "--ignore", "leak"])
    #expect(second.status == 0, "\(second.errors)")
    #expect(!second.errorLines.contains(Self.lines[0]))
    #expect(second.errorLines.contains(Self.lines[1]))
  }
}
