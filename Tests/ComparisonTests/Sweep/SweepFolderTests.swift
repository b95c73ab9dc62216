import Classifiers
import Datasets
import Evaluation
import LinearAlgebra
import Support
import TestSupport
import Testing

@testable import Comparison

/// A small sweep over the first diamonds.
private struct SmallSweep {
  let plan: SweepPlan
  let table: CSVTable
  let folder = TemporaryFolder()

  init(folds: RunRequest.Folds? = RunRequest.Folds(count: 3)) throws {
    let lines = String(decoding: readFile(RepositoryFiles.diamonds) ?? [], as: UTF8.self)
      .split(separator: "\n", maxSplits: 301).prefix(301).joined(separator: "\n")
    table = try CSVTable(
      contentsOf: folder.write(lines + "\n", to: "t.csv"),
      RunRequest.standard.preprocessing.reading)
    var forest = ParameterGrid(.randomForest)
    try forest.set(typed: "n_estimators=2,5")
    var request = RunRequest.standard
    request.folds = folds
    plan = try SweepPlan(
      request,
      data: SweptData(
        file: table.fileName, sha256: table.sha256, rows: table.rowCount,
        features: table.columnNames.filter { $0 != "cut" }, classes: ["Gold", "Silver"]),
      grids: [forest, ParameterGrid(.gaussianNaiveBayes)], seeds: SeedList(parsing: "1...2"),
      version: "1")
  }

  func work(threads: Int = 1) -> SweepWork {
    SweepWork(plan: plan, table: table, threads: threads)
  }

  func sweepFolder(_ name: String) -> SweepFolder { SweepFolder(path: folder.path + "/" + name) }

  @discardableResult func run(
    _ numbers: Range<Int>, in name: String, threads: Int = 1
  ) throws -> SweepWork.Tally {
    let sweep = sweepFolder(name)
    try sweep.begin(plan)
    return try work(threads: threads).run(
      numbers, in: sweep, mayStart: { true }, progress: { _ in })
  }

  @discardableResult func merge(_ names: [String], into name: String) throws -> SweepResults {
    try SweepMerge(names.map(sweepFolder), into: sweepFolder(name), threads: 2).merge()
  }

  /// Every file of a sweep's folder but those with seconds.
  func files(_ name: String) -> [String: [UInt8]] {
    Dictionary(
      uniqueKeysWithValues: folder.names(below: name)
        .filter {
          !$0.hasSuffix("/") && !$0.hasSuffix("timing.json") && !$0.hasSuffix("timings.csv")
        }
        .map { (String($0.dropFirst(name.count)), folder.read($0) ?? []) })
  }
}

@Suite struct `The folder of a sweep` {
  @Test(arguments: [nil, RunRequest.Folds(count: 3, repeats: 2)])
  func `a sweep's folder has the same bytes for any number of shards, threads and folders`(
    folds: RunRequest.Folds?
  ) throws {
    let sweep = try SmallSweep(folds: folds)
    try sweep.run(0..<sweep.plan.runCount, in: "one", threads: 3)
    try sweep.merge(["one"], into: "one")
    let expected = sweep.files("one")
    #expect(expected.count == sweep.plan.runCount + 4)
    let estimate = try CostEstimate(sweep.plan)
    for count in [1, 2, 3, 5, 40] {
      var names: [String] = []
      for index in (1...count).reversed() {
        let shard = try #require(Shard(index: index, count: count))
        let runs = sweep.plan.runs(of: shard, estimate)
        try sweep.run(runs, in: "shared-\(count)")
        names.append("own-\(count)-\(index)")
        try sweep.run(runs, in: names[names.count - 1])
      }
      try sweep.merge(["shared-\(count)"], into: "shared-\(count)")
      #expect(sweep.files("shared-\(count)") == expected, "\(count) shards in one folder")
      try sweep.merge(names, into: "joined-\(count)")
      #expect(sweep.files("joined-\(count)") == expected, "\(count) shards in their own folders")
    }
  }

  @Test func `a sweep continues with what is there, and repeats what is damaged`() throws {
    let sweep = try SmallSweep()
    try sweep.run(0..<sweep.plan.runCount, in: "whole")
    try sweep.merge(["whole"], into: "whole")
    #expect(try sweep.run(0..<5, in: "s").made == 5)
    // As a power cut may leave a file.
    let place = "s/\(sweep.plan.run(2).place)/scores.json"
    sweep.folder.write(Array((sweep.folder.read(place) ?? []).dropLast(40)), to: place)
    let tally = try sweep.run(0..<sweep.plan.runCount, in: "s")
    #expect(tally.known == 4)
    #expect(tally.made == sweep.plan.runCount - 4)
    try sweep.merge(["s"], into: "s")
    #expect(sweep.files("s") == sweep.files("whole"))
  }

  @Test func `a sweep's folder says how many runs are missing`() throws {
    let sweep = try SmallSweep()
    try sweep.run(0..<7, in: "s")
    let error = #expect(throws: RequestError.self) { try sweep.merge(["s"], into: "s") }
    #expect(error?.kind == .unfinished)
    #expect(error?.description.contains("11 of 18 runs are missing") == true)
    #expect(
      try SweepMerge([sweep.sweepFolder("s")], into: sweep.sweepFolder("s"), threads: 1)
        .missingCount() == 11)
    #expect(sweep.folder.read("s/results.json") == nil)
    let place = "s/\(sweep.plan.run(0).place)/scores.json"
    let text = try #require(sweep.folder.text(place))
    sweep.folder.write(text.replacing("\"seed\": 1", with: "\"seed\": 2"), to: place)
    let other = #expect(throws: RequestError.self) { try sweep.run(0..<7, in: "s") }
    #expect(other?.description.contains("expected seed 1, found 2") == true)
  }

  @Test func `several folders are joined into another one only`() throws {
    let sweep = try SmallSweep()
    try sweep.run(0..<9, in: "a")
    try sweep.run(9..<18, in: "b")
    func merge(_ names: [String], into name: String?) throws -> SweepMerge {
      try SweepMerge.joining(
        names.map { sweep.folder.path + "/" + $0 }, into: name.map { sweep.folder.path + "/" + $0 },
        waiting: nil, threads: 1, ProgressDisplay(.quiet))
    }
    let error = #expect(throws: RequestError.self) { try merge(["a", "b"], into: nil) }
    #expect(error?.kind == .badRequest)
    #expect(error?.description.hasSuffix("name it with --output.") == true)
    #expect(try merge(["a"], into: nil).path == sweep.folder.path + "/a")
    #expect(try merge(["a", "b"], into: "c").merge().plan.runCount == 18)
    #expect(sweep.folder.read("c/results.json") != nil)
  }

  @Test func `a part of a sweep is the whole where all its runs are made`() throws {
    let sweep = try SmallSweep()
    let folder = sweep.sweepFolder("s")
    try folder.begin(sweep.plan)
    let estimate = try CostEstimate(sweep.plan)
    func isWhole(_ part: SweepPart, _ limit: Duration? = nil) throws -> Bool {
      try sweep.work().run(
        part, estimate, in: folder, budget: TimeBudget(limit), notices: [], ProgressDisplay(.quiet))
    }
    #expect(try !isWhole(SweepPart(.whole), .zero))
    #expect(try !isWhole(SweepPart(Shard(option: "1/2"))))
    #expect(try isWhole(SweepPart(.whole)))
    #expect(
      sweep.work().announcement(of: try SweepPart(option: "1/2"), estimate, in: folder)
        .hasPrefix("Sweep of 18 runs in \(folder.path): shard 1/2, "))
  }

  @Test func `a sweep's folder is refused where something else is, or another sweep`() throws {
    let sweep = try SmallSweep()
    sweep.folder.makeFolder("other")
    sweep.folder.write("x", to: "other/file")
    #expect(throws: FileError.self) { try sweep.run(0..<1, in: "other") }
    try sweep.run(0..<1, in: "s")
    let second = try SmallSweep(folds: nil)
    #expect(throws: RequestError.self) {
      try SweepFolder(path: sweep.folder.path + "/s").begin(second.plan)
    }
    #expect(throws: RequestError.self) { try sweep.merge(["nowhere"], into: "nowhere") }
  }

  @Test func `a sweep's folder lets two processes work on the same runs at once`() throws {
    let sweep = try SmallSweep()
    try sweep.run(0..<sweep.plan.runCount, in: "whole")
    try sweep.merge(["whole"], into: "whole")
    // Four workers that all make every run: each looks before the others are done.
    Parallelism.forEach(4, threads: 4) { _, _ in
      do {
        try sweep.run(0..<sweep.plan.runCount, in: "s")
      } catch {
        Issue.record(error)
      }
    }
    try sweep.merge(["s"], into: "s")
    #expect(sweep.files("s") == sweep.files("whole"))
    #expect(!sweep.folder.names(below: "s").contains { $0.contains(".partial") })
  }

  @Test func `a sweep ranks candidates by their means, and counts every run`() throws {
    let sweep = try SmallSweep()
    try sweep.run(0..<sweep.plan.runCount, in: "s")
    let results = try sweep.merge(["s"], into: "s")
    let lines = try #require(sweep.folder.text("s/runs.csv")).split(separator: "\n")
    #expect(lines.count == sweep.plan.runCount + 1)
    let header = lines[0].split(separator: ",", omittingEmptySubsequences: false)
    let column = try #require(header.firstIndex(of: "accuracy"))
    let name = try #require(header.firstIndex(of: "candidate"))
    let cells = lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let accuracies = try cells.map { try #require(Double($0[column])) }
    #expect(accuracies == accuracies.sorted(by: >))
    for ranked in results.ranking {
      let own = zip(cells, accuracies).filter { $0.0[name] == ranked.candidate.name }.map(\.1)
      #expect(own.count == 6)
      let mean = own.reduce(0, +) / 6
      #expect(abs((ranked.moments[0]?.mean ?? 0) - mean) < 1e-12)
    }
    let means = results.ranking.compactMap { $0.moments[0]?.mean }
    #expect(means == means.sorted(by: >))
    #expect(
      results.rendered(as: .table).split(separator: "\n").count == results.ranking.count + 1)
  }
}

/// 300 mutants of each file that a merge reads, or as many as MUTANTS says.
@Suite struct `A damaged file of a sweep` {
  private static let count = Mutator.count(usually: 300)

  @Test(arguments: ["sweep.json", "scores.json", "timing.json", "results.json"])
  func `a damaged file of a sweep is refused, or counts as missing`(name: String) throws {
    let sweep = try SmallSweep(folds: nil)
    try sweep.run(0..<sweep.plan.runCount, in: "s")
    try sweep.merge(["s"], into: "s")
    let path = try #require(sweep.folder.names(below: "s").first { $0.hasSuffix(name) })
    let original = try #require(sweep.folder.read(path))
    for number in 0..<Self.count {
      var mutator = Mutator(seed: UInt64(number))
      sweep.folder.write(mutator.mutant(of: original, other: original), to: path)
      let folder = sweep.folder.path + "/s"
      do {
        if name == "results.json" {
          _ = try SweepWinner(of: folder, by: .f1, threads: 1)
        } else {
          let merge = try SweepMerge(
            [sweep.sweepFolder("s")], into: sweep.sweepFolder("s"), threads: 1)
          if merge.missingCount() == 0 { _ = try merge.results() }
          // What is damaged counts as missing, so that it is made again.
          _ = try SweepWinner(of: folder, by: .f1, threads: 1)
        }
      } catch {
        let status = (error as? any ExitStatusProviding)?.exitStatus ?? 70
        #expect(status != 70, "\(name), mutant \(number): \(error)")
      }
    }
  }

  @Test func `a damaged grid is refused, or read`() throws {
    let original = Array(
      #"{"RandomForest":[{"max_depth":[8,null]},{"max_features":[1,1.0]}],"GaussianNB":{"var_smoothing":[1e-9]}}"#
        .utf8)
    var soundCount = 0
    for number in 0..<Self.count * 10 {
      var mutator = Mutator(seed: UInt64(number))
      do {
        let grids = try ParameterGrid.grids(
          fromFile: mutator.mutant(of: original, other: original), name: "g.json")
        _ = try ParameterGrid.grids(grids, models: nil, without: nil, settings: [])
        soundCount += 1
      } catch {
        #expect(error.exitStatus != 70, "mutant \(number): \(error)")
      }
    }
    // A mutator that breaks every grid tests the first check only.
    #expect(soundCount > Self.count / 10)
  }
}
