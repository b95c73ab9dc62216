import ArgumentParser
import Classifiers
import Comparison
import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Joins what several processes have done.
struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract:
      "Joins shards of a sweep, or trees of a forest, into what one machine would have written.",
    discussion: """
      FOLDER is the folder that all shards of a sweep wrote to, or one after the other the folders of \
      shards that had one each; or those of the parts of a forest (--trees), whose comparison is then \
      made as one machine would have made it. What is missing ends it with status 75; --wait waits for it.

      EXAMPLES
        compare-models merge /shared/forests
        compare-models merge part-1 part-2 part-3 --output whole
        compare-models merge /shared/forests --wait 12h
        compare-models merge /shared/large-forest --output runs/large-forest
      """)

  @Argument(help: "The folders, one or more.", completion: .directory)
  var folders: [String]

  @Option(
    help: """
      The folder to write. (default: of a sweep the folder itself, where there is one; of a forest \
      runs/<UTC time>-<seed>)
      """,
    completion: .directory)
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Wait so long for what is missing, such as 90, 60s, 5m or 2h.", valueName: "time"))
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
    if let begun = try forest(until: deadline) {
      return try mergeForest(begun, until: deadline, progress)
    }
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

  /// What was asked for where the folders are of a forest, as soon as they are of anything.
  private func forest(until deadline: ContinuousClock.Instant) throws -> PlanDocument? {
    while true {
      let isBegun = try folders.allSatisfy { folder in
        try Files.exists(folder)
          && (ForestFolder(path: folder).plan() != nil || SweepFolder(path: folder).plan() != nil)
      }
      if isBegun || .now >= deadline { return try ForestFolder(path: folders[0]).plan() }
      sleep(1)
    }
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

  /// Makes the comparison that the parts were grown for, with the trees that they have.
  private func mergeForest(
    _ begun: PlanDocument, until deadline: ContinuousClock.Instant, _ progress: Progress
  ) throws {
    let forests = folders.map { ForestFolder(path: $0) }
    if let count = begun.treeCount {
      while .now < deadline {
        do throws(MissingTrees) {
          try ForestFolder.check(count, in: forests)
          break
        } catch {
          sleep(1)
        }
      }
    }
    var arguments = begun.arguments
    if let output { arguments += ["--output", output] }
    if let threads { arguments += ["--threads", "\(threads)"] }
    if quiet, !arguments.contains("--quiet"), !arguments.contains("-q") { arguments.append("-q") }
    if comet.offline, !arguments.contains("--offline") { arguments.append("--offline") }
    if comet.requireComet, !arguments.contains("--require-comet") {
      arguments.append("--require-comet")
    }
    let command = try RunComparison.parse(arguments + ["--format", format.rawValue])
    try command.perform(
      in: command.output.runFolder(seed: command.split.seed), typed: begun.arguments,
      forests: forests)
  }
}
