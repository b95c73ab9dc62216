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

  /// The folder to resume and what it was asked for, or a new one, checked to be new or empty, but not
  /// made yet.
  func runFolder(
    resuming path: String?, seed: UInt32?
  ) throws -> (folder: RunFolder, begun: RequestDocument?) {
    if let path {
      let folder = try RunFolder(resuming: path)
      return (folder, try folder.requestDocument())
    }
    if let output { return (try RunFolder(path: output), nil) }
    let path = RunFolder.newPath(seed: seed ?? RunRequest.standard.seed)
    return (RunFolder(unusedFrom: path), nil)
  }
}

extension OutputFormat: ExpressibleByArgument {}
extension Metric: ExpressibleByArgument {}
