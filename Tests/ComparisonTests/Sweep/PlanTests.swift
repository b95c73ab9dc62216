import Classifiers
import Evaluation
import Testing

@testable import Comparison

extension SweepPlan {
  /// A plan over made-up data.
  static func sample(
    grids: [ParameterGrid] = [ParameterGrid(.gaussianNaiveBayes)], seeds: String = "1...3",
    folds: RunRequest.Folds? = nil, nested: Int? = nil, rows: Int = 1000, version: String = "1"
  ) throws -> SweepPlan {
    var request = RunRequest.standard
    (request.testFraction, request.folds) = (0.25, folds)
    return try SweepPlan(
      request,
      data: SweptData(
        file: "t.csv", sha256: "0123456789abcdef", rows: rows, features: ["a", "b", "c"],
        classes: ["no", "yes"]),
      grids: grids, seeds: SeedList(parsing: seeds), nested: nested, version: version)
  }
}

@Suite struct `A grid of hyper-parameters` {
  @Test func `a grid spans every combination, the last name changing first`() throws {
    var grid = ParameterGrid(.randomForest)
    try grid.set(typed: "n_estimators=50,100")
    try grid.set(typed: "max_depth=3...4,none")
    #expect(
      try SweepPlan.sample(grids: [grid]).candidates.map { candidate in
        "\(candidate.name): " + candidate.settings.map(\.description).joined(separator: " ")
      } == [
        "RandomForest-001: max_depth=3 n_estimators=50",
        "RandomForest-002: max_depth=3 n_estimators=100",
        "RandomForest-003: max_depth=4 n_estimators=50",
        "RandomForest-004: max_depth=4 n_estimators=100",
        "RandomForest-005: max_depth=none n_estimators=50",
        "RandomForest-006: max_depth=none n_estimators=100",
      ])
  }

  @Test func `a sweep fits the standard models, all, those that are named, or those of its file`()
    throws
  {
    func models(_ file: [ParameterGrid]?, _ models: String?) throws -> [Algorithm] {
      try ParameterGrid.grids(file, models: models, without: nil, settings: []).map(\.algorithm)
    }
    #expect(try models(nil, nil) == Algorithm.standard)
    #expect(try models(nil, "all") == Algorithm.allCases)
    #expect(try models(nil, "GaussianNB") == [.gaussianNaiveBayes])
    let file = [ParameterGrid(.decisionTree)]
    #expect(try models(file, nil) == [.decisionTree])
    #expect(Set(try models(file, "all")) == Set(Algorithm.allCases))
  }

  @Test func `a grid is read from a file, with lists of grids and values that are lists`() throws {
    let text = """
      {"randomforest": [{"max_depth": [8, null], "bootstrap": false}, {"max_depth": 8,
        "class_weight": [[0.9, 0.1], "balanced"]}], "GaussianNB": {}}
      """
    let grids = try ParameterGrid.grids(fromFile: Array(text.utf8), name: "grid.json")
    #expect(grids.map(\.algorithm) == [.randomForest, .randomForest, .gaussianNaiveBayes])
    #expect(
      try SweepPlan.sample(grids: grids).candidates.map { candidate in
        candidate.settings.map(\.description).joined(separator: " ")
      } == [
        "bootstrap=false max_depth=8", "bootstrap=false max_depth=none",
        "class_weight=0.9,0.1 max_depth=8", "class_weight=balanced max_depth=8", "",
      ])
  }

  @Test(arguments: [
    (#"{"RandomForest": {"n_estimators": [1, 2"#, "byte 39: expected a comma or the end"),
    (#"[]"#, "expected an object with a member per classifier"),
    (#"{}"#, "expected at least one classifier, found none"),
    (#"{"Forest": {}}"#, "there is no model \"Forest\"; there are RandomForest"),
    (#"{"GaussianNB": {"trees": [1]}}"#, "must be one of priors, var_smoothing, was trees"),
    (#"{"RandomForest": {"n_estimators": ["many"]}}"#, "n_estimators must be a whole number"),
    (#"{"RandomForest": {"n_estimators": []}}"#, "RandomForest.n_estimators has no value"),
    (#"{"RandomForest": {"n_estimators": [5, 5]}}"#, "has the value 5 twice"),
    (#"{"RandomForest": {"n_estimators": [{}]}}"#, "expected null, true, false, a number"),
    (#"{"RandomForest": 7}"#, "expected an object of hyper-parameters, found 7"),
    (#"{"RandomForest": {}, "randomforest": {}}"#, "RandomForest is listed twice"),
  ])
  func `a bad grid file is refused in one line`(text: String, words: String) {
    let error = #expect(throws: RequestError.self) {
      try ParameterGrid.grids(fromFile: Array(text.utf8), name: "grid.json")
    }
    #expect(error?.kind == .badData)
    #expect(error?.description.hasPrefix("grid.json: ") == true)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func `a grid refuses bad combinations, and too many of them`() throws {
    var grid = ParameterGrid(.randomForest)
    try grid.set(typed: "bootstrap=true,false")
    try grid.set(typed: "oob_score=true")
    let error = #expect(throws: RequestError.self) { try SweepPlan.sample(grids: [grid]) }
    #expect(
      error?.description
        == "RandomForest with bootstrap=false oob_score=true: oob_score must be false without "
        + "bootstrap, was true")
    var large = ParameterGrid(.randomForest)
    for name in ["n_estimators", "max_depth", "max_leaf_nodes", "min_samples_split"] {
      try large.set(typed: "\(name)=2...50000")
    }
    #expect(throws: RequestError.self) { try SweepPlan.sample(grids: [large]) }
  }

  @Test(arguments: ["", "1,", "a", "1..3", "3...1", "-1", "4294967296", "1,1", "1...5,3"])
  func `a list of seeds refuses what is not a seed`(text: String) {
    #expect(throws: RequestError.self) { try SeedList(parsing: text) }
    let error = #expect(throws: RequestError.self) { try SeedList(option: text) }
    #expect(error?.description.hasPrefix("--seeds: ") == true)
    #expect(error?.description.hasSuffix(".") == true)
  }
}

@Suite struct `The plan of a sweep` {
  @Test func `a plan numbers runs by seed, fold and candidate`() throws {
    var grid = ParameterGrid(.decisionTree)
    try grid.set(typed: "max_depth=1...3")
    let plan = try SweepPlan.sample(
      grids: [ParameterGrid(.gaussianNaiveBayes), grid], seeds: "7,3",
      folds: RunRequest.Folds(count: 2, repeats: 2))
    #expect(plan.runCount == 4 * 2 * 4)
    let runs = (0..<plan.runCount).map { plan.run($0) }
    #expect(runs[0].place == "runs/DecisionTreeClassifier-001/seed-7-repeat-1-fold-01")
    #expect(runs[3].place == "runs/GaussianNB-001/seed-7-repeat-1-fold-01")
    #expect(runs[31].words == "GaussianNB-001, seed 3, repeat 2, fold 2")
    #expect(Set(runs.map(\.place)).count == runs.count)
    #expect(runs.map(\.division) == (0..<32).map { $0 / 4 })
  }

  @Test func `a plan has the same bytes however it was given, and is read back as it was`() throws {
    var first = ParameterGrid(.randomForest)
    try first.set(typed: "n_estimators=5")
    try first.set(typed: "max_features=1.0,1,sqrt,none")
    var second = ParameterGrid(.randomForest)
    try second.set(typed: "max_features=1.0,1,sqrt,none")
    try second.set(typed: "n_estimators=5")
    let bayes = ParameterGrid(.gaussianNaiveBayes)
    for folds in [nil, RunRequest.Folds(count: 3, repeats: 2)] {
      let plan = try SweepPlan.sample(grids: [first, bayes], folds: folds)
      #expect(try plan.file == SweepPlan.sample(grids: [bayes, second], folds: folds).file)
      // A share of 1.0 and a count of 1 are not the same.
      let read = try SweepPlan(fromFile: plan.file, path: "sweep.json")
      #expect(read == plan)
      #expect(try read.file == plan.file)
    }
  }

  @Test func `a plan names what differs from another plan`() throws {
    let begun = try SweepPlan.sample()
    func words(_ plan: SweepPlan) -> String {
      (#expect(throws: RequestError.self) { try plan.check(continues: begun, at: "s") })?
        .description
        ?? ""
    }
    try begun.check(continues: begun, at: "s")
    #expect(
      words(try .sample(seeds: "1...4"))
        == "s: expected --seeds 1...3, as the sweep there began, found 1...4; name another folder "
        + "with --output")
    #expect(
      words(try .sample(folds: RunRequest.Folds(count: 5))).contains(
        "expected no --cross-validate, as the sweep there began, found --cross-validate 5"))
    #expect(words(try .sample(version: "2")).contains("expected version 1 of the program"))
    #expect(words(try .sample(grids: [ParameterGrid(.decisionTree)])).contains("the grid"))
  }

  @Test func `a damaged plan is an error, never a crash`() throws {
    let file = try SweepPlan.sample(folds: RunRequest.Folds(count: 3, repeats: 2)).file
    var soundCount = 0
    for place in file.indices.dropLast() {
      #expect(throws: RequestError.self, "cut at \(place)") {
        try SweepPlan(fromFile: Array(file[..<place]), path: "sweep.json")
      }
      var bytes = file
      bytes[place] = UInt8(truncatingIfNeeded: place &* 37 &+ 11)
      guard let plan = try? SweepPlan(fromFile: bytes, path: "sweep.json") else { continue }
      soundCount += 1
      #expect(try SweepPlan(fromFile: plan.file, path: "sweep.json") == plan, "byte \(place)")
    }
    #expect(soundCount > 0)
  }
}
