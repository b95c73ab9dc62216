import ArgumentParser
import Comparison
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
      """)

  @Argument(help: "The folders of the runs, two or more.", completion: .directory)
  var runs: [String]

  @Option(help: ArgumentHelp("The format of the printed table.", valueName: "table|markdown|csv"))
  var format = TableFormat.table

  func validate() throws {
    guard runs.count >= 2 else { throw ValidationError("Two or more run folders are needed.") }
  }

  func run() throws {
    let differences = RunDifferences(try runs.map { try RunDifferences.Run(folder: $0) })
    let style = TextStyle.standardOutput
    let table = differences.rendered(
      as: format, bold: style.isBold, width: format == .table ? style.width : nil)
    let conditions = format == .csv ? [] : differences.conditions
    let lines = conditions.map { (format == .markdown ? "- " : "") + $0 + "\n" }.joined()
    try StandardOutput.write(lines + (lines.isEmpty ? "" : "\n") + table)
  }
}

extension TableFormat: ExpressibleByArgument {}
