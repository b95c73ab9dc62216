import ArgumentParser
import Comparison
import Evaluation
import Support

/// Where results go, and in what form.
struct OutputOptions: ParsableArguments {
  @Option(
    help: "The folder to write; it must be new or empty. (default: runs/<UTC time>-<seed>)",
    completion: .directory)
  var output: String?

  @Option(
    help: ArgumentHelp("How the comparison is printed.", valueName: "table|markdown|csv|json"))
  var format = OutputFormat.table

  @Option(
    help: ArgumentHelp(
      "The metric that models are sorted and ranked by, best first, such as accuracy, f1 or roc_auc. "
        + "(default: accuracy, in the order of the models)", valueName: "metric"))
  var sortBy: Metric?

  func validate() throws {
    if output == "" { throw ValidationError("--output must name a folder.") }
  }

  /// What is printed of a comparison; the words that go with a table are for people only.
  func text(of document: ComparisonDocument) throws -> String {
    let table = ComparisonTable(document, sortedBy: sortBy)
    switch format {
    case .table:
      return table.rendered(
        as: .table, bold: StandardOutput.showsColor, width: StandardOutput.terminalWidth)
        + "\n"
        + Findings(document, by: sortBy ?? .accuracy).sentences.map {
          Paragraph.wrapped($0, width: StandardOutput.terminalWidth ?? 100) + "\n"
        }.joined()
    case .markdown: return table.rendered(as: .markdown)
    case .csv: return table.rendered(as: .csv)
    case .json: return String(decoding: try document.json(), as: UTF8.self)
    }
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

extension Metric: ExpressibleByArgument {}
