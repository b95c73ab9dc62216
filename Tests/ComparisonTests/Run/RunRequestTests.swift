import Classifiers
import Datasets
import Evaluation
import JSON
import ModelFiles
import Support
import TestSupport
import Testing

@testable import Comparison

@Suite struct `A run request` {
  /// A request in which everything differs from the standard one.
  private func unusual() throws -> RunRequest {
    var request = RunRequest.standard
    request.data = "stones of may.csv"
    request.target = TargetRule(
      column: "cut",
      classes: [ClassRule(name: "A", values: ["x", "y"]), ClassRule(name: "B", values: nil)],
      positive: "A")
    request.dropped = ["id"]
    request.categorical = ["postcode"]
    try request.encode(.oneHot, maximumCategories: 200)
    request.decimalMark = .pointAfterBlanks
    request.format = CSVFormat(hasHeader: false, separator: .bar, encoding: .windows1252)
    request.dropsUnlabelled = true
    request.missing = .dropRows
    request.missingWords = ["x", "y"]
    request.preprocessingFit = .training
    request.reseed(7)
    request.testFraction = 0.25
    request.folds = RunRequest.Folds(count: 5, repeats: 2)
    request.learningCurveParts = 4
    request.permutationRepeats = 0
    request.rope = 0.02
    request.sortBy = .rocAUC
    request.ignoredFindings = [.twins, .leak]
    try request.choose(
      models: "randomforest,GaussianNB", without: nil,
      settings: ["RandomForest.max_depth=8", "GaussianNB.var_smoothing=1"])
    return request
  }

  @Test func `a run request is the same after it was written and read`() throws {
    for request in [.standard, try unusual()] {
      let bytes = try JSONDocument.encode(request)
      let read = try JSONDocument.decode(RunRequest.self, from: bytes)
      #expect(read == request)
      #expect(try JSONDocument.encode(read) == bytes)
    }
  }

  @Test func `the positive class stays with its target`() throws {
    var request = RunRequest.standard
    try request.choose(nil, classes: [], positive: "Gold", keepsClasses: false)
    #expect(request.target.positive == "Gold")
    #expect(request.command == ["compare-models", "--positive", "Gold"])
    try request.choose("cut", classes: [], keepsClasses: true)
    #expect(request.target.positive == "Gold")
    try request.choose(nil, classes: [], positive: "Silver", keepsClasses: true)
    #expect(request.target.positive == "Silver")
    try request.choose("color", classes: [], keepsClasses: true)
    #expect(request.target.positive == nil)
  }

  /// All features, and one of them.
  @Test(arguments: ["1.0", "1"])
  func `a run request keeps a share apart from a count`(value: String) throws {
    var request = RunRequest.standard
    try request.choose(
      models: nil, without: nil, settings: ["RandomForest.max_features=\(value)"])
    let read = try JSONDocument.decode(
      RunRequest.self, from: try JSONDocument.encode(request))
    #expect(read == request)
    let forest = try #require(try read.classifiers().lazy.compactMap { $0 as? RandomForest }.first)
    let kept = forest.hyperparameters.first { $0.name == "max_features" }
    #expect(kept?.value == HyperparameterValue(parsing: value))
  }

  @Test func `a run request makes the classifiers that it was made of`() throws {
    let classifiers = try unusual().classifiers()
    #expect(classifiers.map { type(of: $0).algorithm } == [.randomForest, .gaussianNaiveBayes])
    let forest = try #require(classifiers[0] as? RandomForest)
    #expect(forest.parameters.maximumDepth == 8)
    #expect(forest.seed == 7)
    #expect((classifiers[1] as? GaussianNaiveBayes)?.varianceSmoothing == 1)
  }

  @Test func `a run request that is read names a hyper-parameter that breaks its rule`() throws {
    let text = String(decoding: try JSONDocument.encode(RunRequest.standard), as: UTF8.self)
      .replacing("\"n_estimators\" : 100", with: "\"n_estimators\" : 0")
    let error = #expect(throws: JSONError.self) {
      try JSONDocument.decode(RunRequest.self, from: text.utf8)
    }
    #expect(error?.description == "n_estimators must be at least 1, was 0")
  }

  @Test func `a run request is written as the shortest command that makes it`() throws {
    #expect(RunRequest.standard.command == ["compare-models"])
    var request = RunRequest.standard
    try request.choose(models: nil, without: "KNeighborsClassifier", settings: [])
    #expect(request.command == ["compare-models", "--exclude", "KNeighborsClassifier"])
    try request.choose(models: "GaussianNB", without: nil, settings: [])
    #expect(request.command == ["compare-models", "--models", "GaussianNB"])
    request = .standard
    request.target = TargetRule(column: "cut", classes: [])
    #expect(request.command == ["compare-models", "--target", "cut"])
    request = .standard
    request.reseed(7)
    #expect(request.command == ["compare-models", "--seed", "7"])
    #expect(
      try unusual().command == [
        "compare-models", "--data", "stones of may.csv", "--classes", "A=x,y", "--classes", "B=*",
        "--drop", "id", "--categorical", "postcode", "--ignore", "twins", "--ignore", "leak",
        "--models", "RandomForest,GaussianNB",
        "--set", "RandomForest.max_depth=8", "--set", "GaussianNB.var_smoothing=1.0",
        "--positive", "A", "--encode", "one-hot", "--max-categories", "200",
        "--thousands", "space", "--no-header", "--separator", "|", "--encoding", "windows-1252",
        "--drop-unlabelled", "--missing", "drop-rows", "--missing-values", "x,y",
        "--cross-validate", "5", "--repeats", "2",
        "--seed", "7", "--test-fraction", "0.25", "--fit-preprocessing", "training",
        "--learning-curve", "4", "--rope", "0.02", "--sort-by", "roc_auc",
        "--permutation-repeats", "0",
      ])
  }

  @Test func `all means every model of the roster, also beside models to exclude`() throws {
    var request = RunRequest.standard
    #expect(request.candidates.map(\.algorithm) == Algorithm.standard)
    try request.choose(models: "ALL", without: nil, settings: ["GaussianNB.var_smoothing=1"])
    #expect(request.candidates.map(\.algorithm) == Algorithm.allCases)
    try request.choose(models: "all", without: "gaussiannb,RandomForest", settings: [])
    #expect(
      request.candidates.map(\.algorithm)
        == Algorithm.allCases.filter { ![.gaussianNaiveBayes, .randomForest].contains($0) })
    try request.choose(models: nil, without: "GaussianNB", settings: [])
    #expect(
      request.candidates.map(\.algorithm)
        == Algorithm.standard.filter { $0 != .gaussianNaiveBayes })
  }

  /// With a roster of standard models only, and with one that has others besides.
  @Test(
    arguments: [
      ("RDNK", "RDNK", "RDNK", []), ("RD", "RDNK", "RD", []),
      ("RDNK", "RDNK", "RDN", ["--exclude", "K"]), ("RDNK", "RDNK", "NR", ["--models", "NR"]),
      ("RD", "RDNK", "RDNK", ["--models", "all"]),
      ("RD", "RDNK", "RDK", ["--models", "all", "--exclude", "N"]),
      ("RD", "RDNK", "K", ["--models", "K"]), ("RD", "RDNK", "R", ["--models", "R"]),
      ("RDN", "RDNK", "RN", ["--exclude", "D"]), ("RD", "RDNK", "DRNK", ["--models", "DRNK"]),
    ] as [(standard: String, roster: String, chosen: String, words: [String])])
  func `models are chosen in the fewest words`(
    standard: String, roster: String, chosen: String, words: [String]
  ) {
    let names: [Character: Algorithm] = [
      "R": .randomForest, "D": .decisionTree, "N": .gaussianNaiveBayes, "K": .kNearestNeighbors,
    ]
    func algorithms(_ letters: String) -> [Algorithm] { letters.compactMap { names[$0] } }
    let expected = words.map { word in
      word.hasPrefix("--") || word == "all" ? word : ModelChoice.list(algorithms(word))
    }
    #expect(
      ModelChoice.words(
        for: algorithms(chosen), standard: algorithms(standard), of: algorithms(roster))
        == expected)
  }

  @Test(
    arguments: [
      ("svm", nil, [], "There is no model \"svm\""),
      ("GaussianNB,GaussianNB", nil, [], "each model once"),
      ("all,GaussianNB", nil, [], "each model once"),
      ("GaussianNB", "RandomForest", [], "not among the models of --models"),
      ("GaussianNB", "GaussianNB", [], "leaves no model"),
      (nil, nil, ["max_depth=8"], "must be MODEL.NAME=VALUE"),
      ("GaussianNB", nil, ["RandomForest.max_depth=8"], "not among the models to compare"),
      (nil, nil, ["RandomForest.max_depth=0"], "max_depth"),
      (nil, nil, ["RandomForest.depth=8"], "one of bootstrap"),
    ] as [(String?, String?, [String], String)])
  func `a run request refuses unknown models and settings`(
    models: String?, excluded: String?, settings: [String], words: String
  ) {
    var request = RunRequest.standard
    let error = #expect(throws: RequestError.self) {
      try request.choose(models: models, without: excluded, settings: settings)
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(request == .standard)
  }
}

@Suite struct `Rows divided by request` {
  private func divided(
    _ request: RunRequest = .standard, testData: String? = nil, group: String? = nil,
    time: String? = nil, testFraction: Double? = nil, fit: Preprocessing.FittedOn? = nil
  ) throws -> RunRequest {
    var request = request
    try request.divide(
      testFraction: testFraction, fit: fit, testData: testData, group: group, time: time)
    return request
  }

  @Test func `the command of a divided run asks for the same division`() throws {
    let start = ["compare-models"]
    #expect(
      try divided(testData: "t.csv").command == start + ["--test-data", "t.csv"])
    #expect(
      try divided(testData: "t.csv", group: "p").command
        == start + ["--test-data", "t.csv", "--group", "p"])
    #expect(try divided(time: "date").command == start + ["--time", "date"])
    #expect(try divided(testData: "t.csv").preprocessingFit == .training)
    for request in [try divided(testData: "t.csv", group: "p"), try divided(time: "t")] {
      let bytes = try JSONDocument.encode(request)
      #expect(try JSONDocument.decode(RunRequest.self, from: bytes) == request)
    }
    let plain = String(decoding: try JSONDocument.encode(RunRequest.standard), as: UTF8.self)
    for name in ["group", "\"time\"", "test_data"] { #expect(!plain.contains(name)) }
  }

  @Test func `divisions that make no sense together are refused in a line`() {
    var stable = RunRequest.standard
    stable.splitMethod = .stable
    var repeated = RunRequest.standard
    repeated.folds = .init(count: 3, repeats: 2)
    let all: [(String, () throws -> RunRequest)] = [
      ("--time and --group exclude", { try divided(group: "p", time: "t") }),
      ("--time and --test-data exclude", { try divided(testData: "t.csv", time: "t") }),
      ("--split stable divides", { try divided(stable, testData: "t.csv") }),
      ("--split stable divides", { try divided(stable, group: "p") }),
      ("--split stable divides", { try divided(stable, time: "t") }),
      ("--test-fraction has no", { try divided(testData: "t.csv", testFraction: 0.3) }),
      ("--fit-preprocessing all has no", { try divided(testData: "t.csv", fit: .all) }),
      ("--repeats has no", { try divided(repeated, time: "t") }),
    ]
    for (message, divide) in all {
      let error = #expect(throws: RequestError.self) { try divide() }
      #expect(error?.kind == .badRequest)
      #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }
  }
}

@Suite struct `Resuming a run` {
  private let begun = RequestDocument(request: .standard, dataSHA256: "aa", version: "1")

  @Test func `resuming takes options that contradict nothing`() throws {
    var asked = RunRequest.standard
    asked.data = "elsewhere/diamonds.csv"
    asked.sortBy = .f1
    asked.ignoredFindings = [.twins]
    try asked.choose(models: nil, without: nil, settings: ["RandomForest.n_estimators=100"])
    try begun.check(asked: asked, at: "run")
    try begun.check(document("aa", version: "1"), at: "run")
  }

  private func document(
    _ sha256: String, test: String? = nil, version: String
  ) -> RequestDocument {
    RequestDocument(
      request: .standard, dataSHA256: sha256, testDataSHA256: test, version: version)
  }

  @Test(
    arguments: [
      ({ @Sendable (request: inout RunRequest) in request.reseed(7) }, "--seed 42", "--seed 7"),
      (
        { @Sendable (request: inout RunRequest) in request.testFraction = 0.5 },
        "--test-fraction 0.2", "--test-fraction 0.5"
      ),
      (
        { $0.preprocessingFit = .training }, "--fit-preprocessing all",
        "--fit-preprocessing training"
      ),
      ({ $0.folds = .init(count: 3) }, "no --cross-validate", "--cross-validate 3"),
      ({ $0.testData = "t.csv" }, "no --test-data", "--test-data t.csv"),
      ({ $0.group = "patient" }, "no --group", "--group patient"),
      ({ $0.time = "date" }, "no --time", "--time date"),
      ({ $0.rope = 0.5 }, "no --rope", "--rope 0.5"),
      ({ $0.learningCurveParts = 2 }, "no --learning-curve", "--learning-curve 2"),
      ({ $0.permutationRepeats = 2 }, "no --permutation-repeats", "--permutation-repeats 2"),
      ({ $0.dropped = ["x"] }, "no --drop", "--drop x"),
      ({ $0.decimalMark = .comma }, "--decimal .", "--decimal ,"),
      ({ $0.decimalMark = .pointAfterBlanks }, "no --thousands", "--thousands space"),
      ({ $0.format = CSVFormat(hasHeader: false) }, "no --no-header", "--no-header"),
      ({ $0.format = CSVFormat(separator: .bar) }, "no --separator", "--separator |"),
      ({ $0.format = CSVFormat(encoding: .utf16) }, "no --encoding", "--encoding utf-16"),
      ({ $0.dropsUnlabelled = true }, "no --drop-unlabelled", "--drop-unlabelled"),
      ({ $0.missing = .native }, "no --missing", "--missing native"),
      ({ $0.missingWords = ["-1", "x"] }, "no --missing-values", "--missing-values -1,x"),
      ({ $0.categorical = ["x"] }, "no --categorical", "--categorical x"),
      ({ $0.target = TargetRule(column: "color", classes: []) }, "--target cut", "--target color"),
      ({ $0.target.positive = "Gold" }, "no --positive", "--positive Gold"),
      (
        { @Sendable (request: inout RunRequest) in
          _ = try? request.choose(models: "GaussianNB", without: nil, settings: [])
        },
        "--models RandomForest,", "--models GaussianNB"
      ),
      (
        { @Sendable (request: inout RunRequest) in
          _ = try? request.choose(
            models: nil, without: nil, settings: ["RandomForest.max_depth=8"])
        },
        "--set RandomForest.max_depth=none", "--set RandomForest.max_depth=8"
      ),
    ] as [(@Sendable (inout RunRequest) -> Void, String, String)])
  func `resuming names the option that contradicts the run`(
    change: @Sendable (inout RunRequest) -> Void, has: String, asked: String
  ) {
    var request = RunRequest.standard
    change(&request)
    let error = #expect(throws: RequestError.self) { try begun.check(asked: request, at: "runs/a") }
    #expect(error?.kind == .badRequest)
    let text = error?.description ?? ""
    #expect(text.hasPrefix("runs/a: the run began with \(has)"), "\(text)")
    #expect(text.contains("not with \(asked)"), "\(text)")
  }

  @Test func `resuming is refused with other data or another version of the program`() {
    let data = #expect(throws: RequestError.self) {
      try begun.check(document("bb", version: "1"), at: "run")
    }
    #expect(data?.kind == .badData)
    let version = #expect(throws: RequestError.self) {
      try begun.check(document("aa", version: "2"), at: "run")
    }
    #expect(version?.kind == .badRequest)
    let test = #expect(throws: RequestError.self) {
      try document("aa", test: "cc", version: "1").check(
        document("aa", test: "dd", version: "1"), at: "run")
    }
    #expect(test?.kind == .badData)
    #expect(test?.description.contains("expected the test data that the run began with") == true)
  }

  @Test func `resuming needs a folder with a request`() throws {
    let files = TemporaryFolder()
    defer { withExtendedLifetime(files) {} }
    #expect(throws: FileError.self) { try RunFolder(resuming: files.path + "/none") }
    let error = #expect(throws: FileError.self) {
      try RunFolder(resuming: files.path).requestDocument()
    }
    #expect(error?.description.contains("expected request.json") == true)
  }
}
