import Classifiers
import Datasets
import Evaluation
import Foundation
import Support
import TestSupport
import Testing

@testable import Comparison

/// `nested-reference.json`, as make_nested_reference.py wrote it with scikit-learn 1.9.1 and numpy 2.4.6.
private struct NestedReference: Decodable {
  struct Case: Decodable {
    let metric: String
    let nested: Int
    let folds: Int
    let repeats: Int
    let seed: UInt32
    let scores: [Double]
    let chosen: [Int]
    let innerMeans: [Double]

    private enum CodingKeys: String, CodingKey {
      case metric, nested, folds, repeats, seed, scores, chosen
      case innerMeans = "inner_means"
    }
  }

  let cases: [Case]

  static let path = RepositoryFiles.root + "/Tests/ComparisonTests/Golden/nested-reference.json"
  static let cases = Result {
    try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: path))).cases
  }
}

@Suite struct `A nested cross-validation` {
  private let files = TemporaryFolder()

  /// Every 45th diamond.
  private func table() throws -> CSVTable {
    let bytes = try #require(readFile(RepositoryFiles.diamonds))
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    let rows = lines.dropFirst().enumerated().filter { $0.offset % 45 == 0 }.map(\.element)
    files.write(([lines[0]] + rows).joined(separator: [UInt8(ascii: "\n")]), to: "part.csv")
    return try CSVTable(
      contentsOf: files.path + "/part.csv", RunRequest.standard.preprocessing.reading)
  }

  private func plan(
    _ table: CSVTable, sortBy: Metric, folds: RunRequest.Folds, nested: Int?, seeds: String
  ) throws -> SweepPlan {
    var request = RunRequest.standard
    (request.folds, request.sortBy) = (folds, sortBy)
    // The row numbers of a part count nothing.
    request.dropped = ["Unnamed: 0"]
    let grids = try ParameterGrid.grids(
      nil, models: nil, without: nil,
      settings: [
        "RandomForest.max_depth=4,none", "RandomForest.n_estimators=3,8",
        "DecisionTreeClassifier.max_depth=2,3,4,6", "KNeighborsClassifier.n_neighbors=3,9",
      ])
    return try SweepPlan(
      request, data: SweptData(table, request.preprocessing), grids: grids,
      seeds: SeedList(parsing: seeds), nested: nested)
  }

  private func run(
    _ plan: SweepPlan, _ table: CSVTable, in name: String, _ numbers: Range<Int>? = nil
  ) throws {
    let folder = SweepFolder(path: files.path + "/" + name)
    try folder.begin(plan)
    _ = try SweepWork(plan: plan, table: table, threads: 2).run(
      numbers ?? 0..<plan.runCount, in: folder, mayStart: { true }, progress: { _ in })
  }

  private func merge(_ name: String) throws -> SweepResults {
    let folder = SweepFolder(path: files.path + "/" + name)
    return try SweepMerge([folder], into: folder, threads: 2).merge()
  }

  @Test(arguments: 0..<5)
  func `its choices and scores are those of scikit-learn's cross_val_score of a GridSearchCV`(
    number: Int
  ) throws {
    let known = try NestedReference.cases.get()[number]
    let metric = try #require(Metric(rawValue: known.metric))
    let table = try table()
    let plan = try plan(
      table, sortBy: metric, folds: RunRequest.Folds(count: known.folds, repeats: known.repeats),
      nested: known.nested, seeds: "\(known.seed)")
    try run(plan, table, in: "s")
    let results = try merge("s")
    let index = try #require(results.metrics.firstIndex(of: metric))
    #expect(results.nested.map(\.outer) == Array(1...known.nested))
    #expect(results.nested.map(\.candidate) == known.chosen.map { plan.candidates[$0] })
    for (place, score) in results.nested.enumerated() {
      let value = try #require(results.score(of: score.run, index))
      #expect(abs(value - known.scores[place]) <= 1e-12, "outer fold \(place + 1)")
      let mean = try #require(score.innerMean)
      #expect(abs(mean - known.innerMeans[place]) <= 1e-12, "outer fold \(place + 1)")
    }
    let moments = try #require(results.nestedMoments(metric))
    #expect(abs(moments.mean - known.scores.reduce(0, +) / Double(known.nested)) <= 1e-12)
    let finding = try #require(results.finding)
    #expect(finding.contains(" What this choice of the best of 11 candidates is worth: "))
    #expect(finding.contains("over \(known.nested) outer folds, whose rows had no part in it."))
  }

  @Test func `its folds add to the plan, and leave ranking and scores as they are without it`()
    throws
  {
    let table = try table()
    let folds = RunRequest.Folds(count: 2)
    let plain = try plan(table, sortBy: .f1, folds: folds, nested: nil, seeds: "5,6")
    let nested = try plan(table, sortBy: .f1, folds: folds, nested: 3, seeds: "5,6")
    #expect(plain.runCount == 11 * 2 * 2)
    #expect(nested.runCount == 11 * 2 * (2 + 3 * 3))
    let runs = (0..<nested.runCount).map { nested.run($0) }
    #expect(Set(runs.map(\.place)).count == runs.count)
    #expect(runs[22].place == "runs/RandomForest-001/seed-5-outer-01-repeat-1-fold-01")
    #expect(runs[44].place == "runs/RandomForest-001/seed-5-outer-01")
    #expect(runs[44].words == "RandomForest-001, seed 5, outer fold 1")
    #expect(runs[54].words == "KNeighborsClassifier-002, seed 5, outer fold 1")
    try run(plain, table, in: "plain")
    try run(nested, table, in: "nested")
    let (first, second) = (try merge("plain"), try merge("nested"))
    #expect(first.nested.isEmpty)
    #expect(second.nested.map(\.seed) == [5, 5, 5, 6, 6, 6])
    #expect(
      files.text("plain/ranking.csv") == files.text("nested/ranking.csv"))
    let document = try #require(files.text("nested/results.json"))
    let whole = try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: Any]
    let part = try #require(whole?["nested"] as? [String: Any])
    #expect(part["folds"] as? Int == 3)
    #expect((part["scores"] as? [[String: Any]])?.count == 6)
    let mean = try #require((part["mean"] as? [String: Double])?["f1"])
    #expect(abs(mean - (second.nestedMoments(.f1)?.mean ?? 0)) < 1e-12)
    let header = files.text("nested/runs.csv")?.split(separator: "\n").first
    #expect(header?.hasPrefix("rank,run,candidate,model,seed,outer,repeat,fold,") == true)
    #expect(try !#require(files.text("plain/results.json")).contains("nested"))
    #expect(try !#require(files.text("plain/sweep.json")).contains("nested"))
  }

  @Test func `its shards make what one process makes, and a merge says what is missing`() throws {
    let table = try table()
    let plan = try plan(
      table, sortBy: .accuracy, folds: RunRequest.Folds(count: 2), nested: 2, seeds: "1")
    try run(plan, table, in: "one")
    _ = try merge("one")
    let estimate = try CostEstimate(plan)
    for index in 1...3 {
      let shard = try #require(Shard(index: index, count: 3))
      try run(plan, table, in: "s", plan.runs(of: shard, estimate))
      if index < 3 { #expect(throws: RequestError.self) { try merge("s") } }
    }
    _ = try merge("s")
    for name in ["results.json", "ranking.csv", "runs.csv", "sweep.json"] {
      let bytes = try #require(files.read("s/" + name))
      #expect(bytes == files.read("one/" + name), "\(name)")
    }
    #expect(try SweepFolder(path: files.path + "/s").plan() == plan)
  }

  @Test func `it is refused without folds, with one outer fold, and in another sweep's folder`()
    throws
  {
    func words(_ body: () throws -> Void) -> String {
      #expect(throws: RequestError.self, performing: body)?.description ?? ""
    }
    #expect(
      words { _ = try SweepPlan.sample(nested: 3) }.hasPrefix("--nested needs --cross-validate"))
    let folds = RunRequest.Folds(count: 2)
    #expect(
      words { _ = try SweepPlan.sample(folds: folds, nested: 1) } == "--nested must be at least 2")
    let plain = try SweepPlan.sample(folds: folds)
    let nested = try SweepPlan.sample(folds: folds, nested: 4)
    #expect(
      words { try nested.check(continues: plain, at: "s") }
        == "s: expected no --nested, as the sweep there began, found --nested 4; name another folder with "
        + "--output")
  }
}
