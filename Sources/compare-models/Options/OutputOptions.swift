import ArgumentParser
import ModelComparison

/// Where results go, and in what form.
struct OutputOptions: ParsableArguments {
  @Option(help: "The folder to write; it must be new or empty. (default: runs/<UTC time>-<seed>)")
  var output: String?

  @Option(
    help: ArgumentHelp("How the comparison is printed.", valueName: "table|markdown|csv|json"))
  var format = OutputFormat.table

  func validate() throws {
    if output == "" { throw ValidationError("--output must name a folder.") }
  }

  /// The run's folder, checked to be new or empty, but not made yet.
  func runFolder(seed: UInt32) throws -> RunFolder {
    if let output { return try RunFolder(path: output) }
    return RunFolder(unusedFrom: RunFolderName.now(seed: seed))
  }
}

/// How the comparison is printed.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case table
  case markdown
  case csv
  case json
}
