import ArgumentParser
import Comet
import Evaluation
import LinearAlgebra
import Report
import Support

/// Makes the report of past runs again, from their folders alone.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes a run's report again, or one report that compares several runs.",
    discussion: """
      A run writes report.html into its folder. This command writes it again from the files in the \
      folder or, for several folders, one report that compares the runs.

      EXAMPLES
        compare-models report runs/20261124T205313Z-42
        compare-models report runs/20261124T205313Z-42 --output today.html
        compare-models report runs/first runs/second --output both.html
      """)

  @Argument(help: "The folders of finished runs.")
  var runFolders: [String]

  @Option(
    help: """
      The file to write. (default: report.html in the run's folder; runs-report.html in the current \
      folder for several)
      """)
  var output: String?

  @Option(help: "The metric to rank the models by, such as f1. (default: the run's, or accuracy)")
  var sortBy: Metric?

  func run() throws {
    let path = try ReportFile.write(
      ofRuns: runFolders, to: output, sortBy: sortBy, threads: Parallelism.availableThreads,
      experimentLinks: CreatedExperiment.links)
    StandardError.write("The report is in \(path)")
  }
}
