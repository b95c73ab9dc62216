import ArgumentParser
import Comparison
import Evaluation

/// Where results go, and in what form.
struct OutputOptions: ParsableArguments {
  @Option(
    help: """
      The folder to write: for a run new or empty (default: runs/<UTC time>-<seed>), for a sweep that of all its \
      shards, where it is continued. (default: runs/sweep-<digits of the plan's checksum>)
      """, completion: .directory)
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The format of the printed results.", valueName: "table|markdown|csv|json"))
  var format = OutputFormat.table

  @Option(
    help: ArgumentHelp(
      "The metric that results are sorted and ranked by, best first, such as accuracy, f1 or roc_auc. "
        + "(default: accuracy; a run keeps the order of the models)", valueName: "metric"))
  var sortBy: Metric?

  func validate() throws {
    if output == "" { throw ValidationError("--output must name a folder.") }
  }
}

extension OutputFormat: ExpressibleByArgument {}
extension Metric: ExpressibleByArgument {}
