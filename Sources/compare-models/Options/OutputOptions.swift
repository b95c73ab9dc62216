import ArgumentParser

/// Where results go, and in what form.
struct OutputOptions: ParsableArguments {
  @Option(help: "The folder to write; it must be new or empty. (default: runs/<UTC time>-<seed>)")
  var output: String?

  @Option(
    help: ArgumentHelp("How the comparison is printed.", valueName: "table|markdown|csv|json"))
  var format = OutputFormat.table

  /// The folder's path.
  func folder(seed: UInt32) -> String { output ?? RunFolderName.unused(seed: seed) }
}

/// How the comparison is printed.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case table
  case markdown
  case csv
  case json
}
