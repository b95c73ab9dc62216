import ArgumentParser
import Classifiers
import Comparison
import LinearAlgebra
import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

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
  var wait: TimeBudget?

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
    let progress = Progress(quiet ? .quiet : .normal)
    let deadline = ContinuousClock.now + (wait?.duration ?? .zero)
    waitForPlans(until: deadline)
    guard folders.count == 1 || output != nil else {
      throw ValidationError("Several sweeps are joined into another folder: name it with --output")
    }
    let finish = try SweepEnd(comet: comet, format: format, progress: progress)
    let target = SweepFolder(path: output ?? folders[0])
    let merge = try SweepMerge(
      folders.map { SweepFolder(path: $0) }, into: target,
      threads: threads ?? Parallelism.availableThreads)
    try waitForRuns(merge, until: deadline, progress)
    Interruption.install(for: CompareModels.name) {
      target.abandon()
      return "interrupted; the same command begins again"
    }
    try finish.tell(try merge.merge(), in: target.path)
  }

  /// Waits until every folder has its plan: a merge may be started before the shards are.
  private func waitForPlans(until deadline: ContinuousClock.Instant) {
    func hasPlan(_ folder: String) -> Bool {
      Files.exists(SweepFolder(path: folder).planPath)
    }
    while !folders.allSatisfy(hasPlan), .now < deadline { sleep(1) }
  }

  private func waitForRuns(
    _ merge: SweepMerge, until deadline: ContinuousClock.Instant, _ progress: Progress
  ) throws {
    guard wait != nil else { return }
    var pause: UInt32 = 1
    var missing = merge.missingCount()
    guard missing > 0 else { return }
    let total = merge.plan.runCount
    progress.begin("Waiting for runs", total: total)
    defer { progress.end() }
    while missing > 0, .now < deadline {
      progress.reach(total - missing, of: total)
      sleep(pause)
      // Looking for many runs is work for a shared file system.
      pause = min(30, pause + 1)
      missing = merge.missingCount()
    }
    progress.reach(total - missing, of: total)
  }
}
