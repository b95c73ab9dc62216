import Classifiers
public import Datasets
import LinearAlgebra
public import Support

/// Doing the runs of a plan, or of a shard of it.
public struct SweepWork: Sendable {
  public let plan: SweepPlan
  public let table: CSVTable
  public let threads: Int
  private let ignoredFindings: [DataFinding.Code]

  public init(
    plan: SweepPlan, table: CSVTable, ignoredFindings: [DataFinding.Code] = [], threads: Int
  ) {
    self.plan = plan
    self.table = table
    self.ignoredFindings = ignoredFindings
    self.threads = max(1, threads)
  }

  /// Reads the table that a request names, and plans what is to be done with it.
  public init(
    _ request: RunRequest, grids: [ParameterGrid], seeds: SeedList, nested: Int? = nil, threads: Int
  ) throws {
    let preprocessing = request.preprocessing
    let table = try request.table(threads: threads)
    let plan = try SweepPlan(
      request, data: SweptData(table, preprocessing), grids: grids, seeds: seeds,
      nested: nested)
    self.init(
      plan: plan, table: table, ignoredFindings: request.ignoredFindings ?? [], threads: threads)
  }

  private var preprocessing: Preprocessing { plan.request.preprocessing }

  /// What became of the runs.
  public struct Tally: Hashable, Sendable {
    public var made = 0
    /// How many were there already.
    public var known = 0
    /// How many a time budget kept from being made.
    public var skipped = 0
  }

  /// Refuses a table that the plan's first rows cannot be made of, before anything is written.
  ///
  /// - Parameter isStrict: whether to refuse severe findings about the data, too.
  /// - Returns: what was found in the data, as it is told.
  public func check(isStrict: Bool) throws -> [String] {
    guard plan.divisionCount > 0 else { return [] }
    let data = try Divisions(self, 0..<0).prepare(0)
    let findings = ExaminedTable(data, plan.request, foldsDivideAll: true)
      .findings(ignoring: ignoredFindings, threads: threads)
    if isStrict { try findings.refuseSevere(fileName: table.fileName) }
    return preprocessing.notices(on: table)
      + findings.lines(allIn: "that a run lists in its report")
  }

  /// Makes the runs with these numbers that are not there yet; each is on disk as soon as it is made.
  ///
  /// - Parameters:
  ///   - mayStart: asked before each run; where it says no, the run is skipped.
  ///   - progress: called after each run, one call at a time.
  public func run(
    _ numbers: Range<Int>, in folder: SweepFolder, mayStart: @Sendable () -> Bool,
    progress: @Sendable (FinishedFit) -> Void
  ) throws -> Tally {
    let divisions = Divisions(self, numbers)
    let state = Mutex((tally: Tally(), failure: (any Error)?.none))
    // Runs side by side, each on one thread, keep the processor fuller than one run on all.
    let abreast = max(1, min(threads, numbers.count))
    let threadsPerRun = max(1, threads / abreast)
    Parallelism.forEach(numbers.count, threads: abreast) { index, _ in
      if state.withLock({ $0.failure != nil }) { return }
      let run = plan.run(numbers.lowerBound + index)
      defer { divisions.release(run.division) }
      do {
        var scores = try folder.scores(of: run)
        let wasKnown = scores != nil
        if !wasKnown {
          guard mayStart() else {
            state.withLock { $0.tally.skipped += 1 }
            return
          }
          scores = try make(run, divisions, in: folder, threads: threadsPerRun)
        }
        state.withLock { state in
          if wasKnown { state.tally.known += 1 } else { state.tally.made += 1 }
          progress(
            FinishedFit(
              name: "\(run.number + 1): \(run.words)", accuracy: scores?.scores[.accuracy],
              wasKnown: wasKnown))
        }
      } catch {
        state.withLock { state in
          if state.failure == nil { state.failure = error }
        }
      }
    }
    return try state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.tally
    }
  }

  /// What is said before the runs of a part are made.
  func announcement(of part: SweepPart, _ estimate: CostEstimate, in folder: SweepFolder) -> String
  {
    "Sweep of \(plan.runCount) runs in \(folder.path): \(part.words)"
      + estimate.words(plan.runs(of: part.shard, estimate), of: plan)
  }

  /// Makes the runs of a part, tells how far they are, what there was no time for, and what is left to do.
  ///
  /// - Parameters:
  ///   - folder: begun with the plan.
  ///   - notices: what was found in the data, which is told before the runs are made.
  /// - Returns: whether these are all runs of the plan, and each is made.
  public func run(
    _ part: SweepPart, _ estimate: CostEstimate, in folder: SweepFolder, budget: TimeBudget,
    notices: [String], _ progress: ProgressDisplay
  ) throws -> Bool {
    progress.say(announcement(of: part, estimate, in: folder))
    for notice in notices { progress.say(notice) }
    let skipped = try run(
      plan.runs(of: part.shard, estimate), in: folder, budget: budget, progress)
    if skipped == 0, part.shard.count > 1, part.source == nil {
      progress.say("When all shards are done: compare-models merge \(folder.path)")
    }
    return skipped == 0 && part.shard.count == 1
  }

  /// Makes the runs, tells how far they are, and what there was no time for.
  ///
  /// - Returns: how many runs were skipped.
  private func run(
    _ numbers: Range<Int>, in folder: SweepFolder, budget: TimeBudget,
    _ progress: ProgressDisplay
  ) throws -> Int {
    progress.begin("Runs", total: numbers.count)
    let tally: Tally
    do {
      defer { progress.end() }
      tally = try run(
        numbers, in: folder, mayStart: { budget.allowsAnother() },
        progress: { progress.step($0) })
    }
    if tally.skipped > 0 {
      progress.say(
        "Skipped, time budget used up: \(SweepPlan.words(tally.skipped)); the same command continues"
      )
    }
    return tally.skipped
  }

  private func make(
    _ run: SweepRun, _ divisions: Divisions, in folder: SweepFolder, threads: Int
  ) throws -> RunScores {
    let data = try divisions.prepare(run.division)
    let result = try run.candidate.classifier(seed: run.seed).scores(
      on: data, of: run.divisionName, threads: threads)
    let scores = RunScores(result)
    try folder.record(
      run, scores,
      RunTiming(
        fitSeconds: result.fitSeconds, predictSeconds: result.predictSeconds, host: Host.name))
    return scores
  }
}

/// The rows of seeds and folds: prepared when the first run needs them, let go after the last one.
private final class Divisions: Sendable {
  private let work: SweepWork
  private let numbers: Range<Int>
  private let entries = Mutex<[Int: Entry]>([:])
  /// The folds of the seed that was divided last.
  private let folds = Mutex((seed: -1, folds: [Fold]()))

  private final class Entry: Sendable {
    /// How many runs are still to come.
    let left: Atomic<Int>
    let prepared = Mutex<PreparedData?>(nil)

    init(left: Int) { self.left = Atomic(left) }
  }

  init(_ work: SweepWork, _ numbers: Range<Int>) {
    self.work = work
    self.numbers = numbers
  }

  /// The rows, made by the first that asks; others wait meanwhile.
  func prepare(_ division: Int) throws -> PreparedData {
    try entry(division).prepared.withLock { prepared in
      if let prepared { return prepared }
      let made = try make(division)
      prepared = made
      return made
    }
  }

  /// Notes that a run of that division is done.
  func release(_ division: Int) {
    let entry = entry(division)
    if entry.left.subtract(1, ordering: .relaxed).newValue == 0 {
      entries.withLock { $0[division] = nil }
    }
  }

  private func entry(_ division: Int) -> Entry {
    entries.withLock { entries in
      if let entry = entries[division] { return entry }
      let count = work.plan.candidates.count
      let runs = (division * count..<(division + 1) * count).clamped(to: numbers)
      let entry = Entry(left: runs.count)
      entries[division] = entry
      return entry
    }
  }

  private func make(_ division: Int) throws -> PreparedData {
    let (table, preprocessing) = (work.table, work.plan.request.preprocessing)
    let (seed, part) = division.quotientAndRemainder(dividingBy: work.plan.divisionsPerSeed)
    var request = work.plan.request
    request.seed = work.plan.seeds.seeds[seed]
    guard let foldPlan = request.foldPlan else {
      return try preprocessing.prepare(table, split: request.split)
    }
    let fold = try folds.withLock { kept in
      if kept.seed != seed { kept = (seed, try self.folds(foldPlan)) }
      return kept.folds[part]
    }
    let share = Double(fold.test.count) / Double(fold.test.count + fold.training.count)
    return try preprocessing.prepare(
      table, training: fold.training, test: fold.test,
      dividedBy: TrainTestSplit(testFraction: share, seed: request.seed),
      advice: CrossValidation.adviceOnCategories)
  }

  /// The folds of a seed in the order of the plan: those of all rows, then for each outer fold those of its
  /// training rows and itself.
  ///
  /// As in scikit-learn, where inner and outer folds are made with the same `random_state`.
  private func folds(_ inner: FoldPlan) throws(DatasetError) -> [Fold] {
    let preprocessing = work.plan.request.preprocessing
    var folds = try inner.folds(of: work.table, preprocessing: preprocessing)
    guard let nested = work.plan.nested else { return folds }
    let outer = FoldPlan(count: nested, seed: inner.seed, group: inner.group, time: inner.time)
    for fold in try outer.folds(of: work.table, preprocessing: preprocessing) {
      folds += try inner.folds(of: work.table, rows: fold.training, preprocessing: preprocessing)
      folds.append(fold)
    }
    return folds
  }
}
