import ArgumentParser
import Classifiers
import Comparison
import LinearAlgebra
import Support

/// Joins what the shards of a sweep have done.
struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Joins the shards of a sweep into what one machine would have written.",
    discussion: """
      FOLDER is the folder that all shards of a sweep wrote to, or one after the other the folders of \
      shards that had one each. Runs that are missing end it with status 75; --wait waits for them.

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
      "Wait so long for runs that are missing, such as 90, 60s, 5m or 2h.", valueName: "time"))
  var wait: TimeLimit?

  @Option(help: ArgumentHelp("How the ranking is printed.", valueName: "table|markdown|csv|json"))
  var format = OutputFormat.table

  @Option(help: "How many threads may work. (default: all cores)")
  var threads: Int?

  @Flag(name: .shortAndLong, help: "Say nothing but results and errors.")
  var quiet = false

  @OptionGroup(title: "Comet") var comet: CometOptions

  func validate() throws {
    guard !folders.isEmpty else { throw ValidationError("A folder is needed.") }
    if output == "" { throw ValidationError("--output must name a folder.") }
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
  }

  func run() throws {
    let progress = ProgressDisplay(quiet ? .quiet : .normal)
    let deadline = ContinuousClock.now + (wait?.duration ?? .zero)
    let sources = folders.map { SweepFolder(path: $0) }
    SweepMerge.waitForPlans(in: sources, until: deadline)
    guard folders.count == 1 || output != nil else {
      throw ValidationError("Several sweeps are joined into another folder: name it with --output")
    }
    let destination = try comet.destination(Settings())
    let target = SweepFolder(path: output ?? folders[0])
    let merge = try SweepMerge(
      sources, into: target, threads: threads ?? Parallelism.availableThreads)
    if wait != nil { merge.waitForRuns(until: deadline, progress) }
    Interruption.install(for: CompareModels.name) {
      target.abandon()
      return "interrupted; the same command begins again"
    }
    try merge.merge().publish(
      in: target.path, as: format, to: destination, progress, requiresComet: comet.requireComet)
  }
}
