import ArgumentParser
import Comparison
import Evaluation
import Support

/// Past runs side by side.
struct CompareRuns: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Prints two or more past runs side by side, with their differences from the first.",
    discussion: """
      Reads comparison.json of each run folder. Above the table it lists what differs between the runs: \
      data, seed, hyper-parameters, versions.

      EXAMPLES
        compare-models compare runs/20261124T210000Z-42 runs/20261124T220000Z-42
        compare-models compare runs/* --format markdown
        compare-models compare NEW OLD --fail-if-worse --select-by f1 --margin 0.005
      """)

  @Argument(help: "The folders of the runs, two or more.", completion: .directory)
  var runs: [String]

  @Option(help: ArgumentHelp("The format of the printed table.", valueName: "table|markdown|csv"))
  var format = TableFormat.table

  @Flag(
    help:
      "First say whether the first run is better or worse than the second, on the same test rows.")
  var verdict = false

  @Flag(
    help: "The same, and end with status 1 where it is worse by more than chance and the margin.")
  var failIfWorse = false

  @Option(help: ArgumentHelp("The metric of the verdict.", valueName: "metric"))
  var selectBy = Metric.f1

  @Option(help: ArgumentHelp("How much worse the first run may be.", valueName: "difference"))
  var margin = 0.0

  func validate() throws {
    guard runs.count >= 2 else { throw ValidationError("Two or more run folders are needed.") }
    guard margin >= 0 else { throw ValidationError("--margin must be 0 or more.") }
    if verdict || failIfWorse, runs.count > 2 { throw ValidationError("A verdict needs two runs.") }
  }

  func run() throws {
    let verdict =
      verdict || failIfWorse
      ? try RunVerdict(of: runs[0], against: runs[1], by: selectBy, margin: margin) : nil
    let differences = try RunDifferences(folders: runs)
    try StandardOutput.write(
      differences.printed(as: format, verdict: verdict, style: .standardOutput))
    if format == .csv, let verdict { StandardError.write(verdict.text) }
    if failIfWorse { try verdict?.checkIsNotWorse() }
  }
}

extension TableFormat: ExpressibleByArgument {}
