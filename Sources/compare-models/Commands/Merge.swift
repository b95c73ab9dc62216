import ArgumentParser
import CometLogging
import Comparison
import LinearAlgebra
import Support

/// Joins what the shards of a sweep have done.
struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Joins the shards of a sweep into one result.",
    discussion: """
      FOLDERS are the folder that all shards wrote to, or the separate folders of the shards. The result \
      is the same as that of one machine. Missing runs end it with status 75; --wait waits for them.

      EXAMPLES
        compare-models merge /shared/forests
        compare-models merge part-1 part-2 part-3 --output whole
        compare-models merge /shared/forests --wait 12h
      """)

  @Argument(help: "The folders, one or more.", completion: .directory)
  var folders: [String]

  @Option(
    help: "The folder to write. (default: FOLDER itself, where only one is given)",
    completion: .directory)
  var output: String?

  @Option(
    help: ArgumentHelp(
      "How long to wait for missing runs, such as 90, 60s, 5m or 2h. (default: not at all)",
      valueName: "time"))
  var wait: TimeLimit?

  @Option(
    help: ArgumentHelp("The format of the printed ranking.", valueName: "table|markdown|csv|json"))
  var format = OutputFormat.table

  @Option(help: "The number of threads. (default: all cores)")
  var threads: Int?

  @Flag(name: .shortAndLong, help: "Print only results and errors.")
  var quiet = false

  @OptionGroup(title: "Comet") var comet: CometOptions

  func validate() throws {
    if output == "" { throw ValidationError("--output must name a folder.") }
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
  }

  func run() throws {
    let progress = ProgressDisplay(quiet ? .quiet : .normal)
    let destination = try comet.destination()
    let merge = try SweepMerge.joining(
      folders, into: output, waiting: wait?.duration,
      threads: threads ?? Parallelism.availableThreads, progress)
    Interruption.install(for: CompareModels.name) { merge.interruption() }
    try merge.merge().publish(
      in: merge.path, as: format, to: destination, progress, requiresComet: comet.requireComet,
      warn: CompareModels.warn)
  }
}
