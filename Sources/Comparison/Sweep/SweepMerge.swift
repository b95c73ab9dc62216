import Classifiers
import Evaluation
import LinearAlgebra
public import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Joining the runs of all shards into what one process would have written.
public struct SweepMerge: Sendable {
  public let plan: SweepPlan
  private let folders: [SweepFolder]
  private let target: SweepFolder
  private let threads: Int

  /// - Parameters:
  ///   - folders: one that all shards wrote to, or several of the same plan.
  ///   - target: where the joined sweep is to be; one of the folders, or another one.
  public init(_ folders: [SweepFolder], into target: SweepFolder, threads: Int) throws {
    var plan: SweepPlan?
    for folder in folders {
      guard let begun = try folder.plan() else {
        throw RequestError(
          .missingFile,
          "\(folder.path): expected the folder of a sweep, found no \(SweepPlan.fileName)"
        )
      }
      if let plan { try plan.check(continues: begun, at: folder.path) }
      plan = plan ?? begun
    }
    guard let plan else { throw RequestError(.badRequest, "there is nothing to merge") }
    self.plan = plan
    self.folders = folders
    self.target = target
    self.threads = max(1, threads)
  }

  /// Joins the folders of a sweep's shards, after waiting for plans and runs that are still to come.
  ///
  /// - Parameters:
  ///   - paths: one that all shards wrote to, or several of the same plan.
  ///   - output: where the joined sweep is to be; `nil` for the only folder.
  ///   - wait: how long to wait for what is missing; `nil` for not at all.
  public static func joining(
    _ paths: [String], into output: String?, waiting wait: Duration?, threads: Int,
    _ progress: ProgressDisplay
  ) throws -> SweepMerge {
    let deadline = ContinuousClock.now + (wait ?? .zero)
    let sources = paths.map { SweepFolder(path: $0) }
    waitForPlans(in: sources, until: deadline)
    guard let target = output ?? (paths.count == 1 ? paths[0] : nil) else {
      throw RequestError(
        .badRequest, "Several folders are joined into another one: name it with --output.")
    }
    let merge = try SweepMerge(sources, into: SweepFolder(path: target), threads: threads)
    if wait != nil { merge.waitForRuns(until: deadline, progress) }
    return merge
  }

  /// The folders of a plan, for the process that has just made its runs.
  public init(_ plan: SweepPlan, in folder: SweepFolder, threads: Int) {
    self.plan = plan
    folders = [folder]
    target = folder
    self.threads = max(1, threads)
  }

  /// The path of the joined sweep's folder.
  public var path: String { target.path }

  /// What is said when a signal ends the joining, after what is half-written was removed.
  public func interruption() -> String {
    target.abandon()
    return "interrupted; run the same command again"
  }

  /// How many runs are missing.
  public func missingCount() -> Int {
    let missing = Atomic(0)
    Parallelism.forEach(plan.runCount, threads: threads) { number, _ in
      let file = "\(plan.run(number).place)/\(RunScores.fileName)"
      if !folders.contains(where: { Files.exists("\($0.path)/\(file)") }) {
        missing.add(1, ordering: .relaxed)
      }
    }
    return missing.load(ordering: .relaxed)
  }

  /// Waits for runs that are missing, as long as there is time.
  ///
  /// - Parameter pause: waits for that many seconds.
  public func waitForRuns(
    until deadline: ContinuousClock.Instant, _ progress: ProgressDisplay,
    pause: (UInt32) -> Void = { sleep($0) }
  ) {
    var missing = missingCount()
    guard missing > 0 else { return }
    let total = plan.runCount
    progress.begin("Waiting for runs", total: total)
    defer { progress.end() }
    var seconds: UInt32 = 1
    while missing > 0, .now < deadline {
      progress.reach(total - missing, of: total)
      pause(seconds)
      // Looking for many runs is work for a shared file system.
      seconds = min(30, seconds + 1)
      missing = missingCount()
    }
    progress.reach(total - missing, of: total)
  }

  /// Waits until every folder has its plan: a merge may be started before the shards are.
  public static func waitForPlans(
    in folders: [SweepFolder], until deadline: ContinuousClock.Instant
  ) {
    while !folders.allSatisfy({ Files.exists($0.planPath) }), .now < deadline { sleep(1) }
  }

  /// Reads all runs, and ranks them.
  ///
  /// - Throws: ``RequestError`` of kind `unfinished` where runs are missing.
  public func results() throws -> SweepResults {
    try SweepResults(plan, outcomes().map(\.outcome))
  }

  /// Reads all runs, ranks them, and writes the sweep's files.
  ///
  /// - Throws: ``RequestError`` of kind `unfinished` where runs are missing.
  public func merge() throws -> SweepResults {
    let outcomes = try outcomes()
    if !folders.contains(where: { $0.path == target.path }) {
      try target.begin(plan)
    }
    for (number, outcome) in outcomes.enumerated() where outcome.folder.path != target.path {
      try target.copy(plan.run(number), from: outcome.folder)
    }
    let results = SweepResults(plan, outcomes.map(\.outcome))
    if let notice = results.notice, outcomes.allSatisfy({ $0.outcome.problem != nil }) {
      throw RequestError(.badData, "\(target.path): \(notice)")
    }
    try results.write(to: target)
    target.removePartials()
    return results
  }

  private typealias Outcome = (outcome: RunOutcome, folder: SweepFolder)

  private func outcomes() throws -> [Outcome] {
    let metrics = Metric.shown(classCount: plan.data.classes.count)
    let failure = Mutex<(any Error)?>(nil)
    let outcomes = Parallelism.map(plan.runCount, threads: threads) { number, _ -> Outcome? in
      do {
        let run = plan.run(number)
        for folder in folders {
          guard let scores = try folder.scores(of: run) else { continue }
          return (RunOutcome(scores, folder.timing(of: run), metrics), folder)
        }
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
      return nil
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    let missing = outcomes.indices.filter { outcomes[$0] == nil }
    if let first = missing.first {
      throw RequestError(
        .unfinished,
        "\(folders.map(\.path).joined(separator: ", ")): \(missing.count) of \(plan.runCount) runs are "
          + "missing, the first is number \(first + 1) (\(plan.run(first).words)); start the shards that "
          + "did not finish again, they continue where they stopped")
    }
    return outcomes.compactMap { $0 }
  }
}
