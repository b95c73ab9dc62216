import Classifiers
import Datasets
import Evaluation
import Support
import TestSupport
import Testing

@testable import Comparison

@Suite struct `How often which model wins` {
  private func result(
    _ scores: [String: [Double?]], asked: Int? = nil, _ metric: Metric = .accuracy
  ) -> RepeatedSplitsResult {
    let count = scores.values.map(\.count).max() ?? 0
    return RepeatedSplitsResult(
      count: asked ?? count, seed: 7,
      scores: scores.sorted { $0.key < $1.key }.map { name, values in
        (
          name,
          values.enumerated().map { number, value in
            var scores = MetricValues<Double>()
            scores[metric] = value
            return DivisionScores(
              division: .split(seed: 7 + UInt32(number)), trainingRows: 8, testRows: 2,
              fitSeconds: 0, predictSeconds: 0, scores: scores,
              confusionMatrix: ConfusionMatrix(counts: [[1, 0], [0, 1]]))
          }
        )
      })
  }

  private func wins(_ result: RepeatedSplitsResult, _ metric: Metric = .accuracy) -> [[Int]] {
    result.models.map { model in
      model.wins[metric].map { [$0.best, $0.near, $0.divisions] } ?? []
    }
  }

  @Test func `all that are equally good win, and who is within 0.001 is near`() {
    // Division by division: both; a, b is 0.001 away; b, a is 0.002 away; a, b has no score.
    let found = wins(
      result(["a": [0.970, 0.971, 0.968, 0.5], "b": [0.970, 0.970, 0.970, nil]]))
    #expect(found == [[3, 0, 4], [2, 1, 4]])
  }

  @Test func `of a loss the lowest wins`() {
    #expect(
      wins(result(["a": [0.2, 0.3], "b": [0.4, 0.3005]], .logLoss), .logLoss)
        == [[2, 0, 2], [0, 1, 2]])
  }

  @Test func `a division counts when all models have finished it, and the metric is defined`() {
    #expect(
      wins(result(["a": [0.5, nil, 0.7, 0.9], "b": [0.6, nil]])) == [[0, 0, 1], [1, 0, 1]])
    #expect(wins(result(["a": [nil], "b": [nil]])) == [[], []])
  }

  /// Every 90th diamond.
  private func part() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    let bytes = try #require(readFile(RepositoryFiles.diamonds))
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    let rows = lines.dropFirst().enumerated().filter { $0.offset % 90 == 0 }.map(\.element)
    folder.write(([lines[0]] + rows).joined(separator: [UInt8(ascii: "\n")]), to: "part.csv")
    return folder
  }

  /// What differs between the requests; the last draws with a seed of its own.
  private static let requests: [@Sendable (inout RunRequest) throws -> Void] = [
    { _ in }, { $0.preprocessingFit = .training }, { $0.splitMethod = .stable },
    {
      $0.seed = 5
      $0.testFraction = 0.31
      try $0.choose(
        models: "RandomForest,DecisionTreeClassifier", without: nil,
        settings: ["RandomForest.random_state=3"])
    },
  ]

  @Test(arguments: requests.indices)
  func `each division has the scores of a run with its seed`(number: Int) throws {
    let files = try part()
    defer { withExtendedLifetime(files) {} }
    var request = RunRequest.standard
    request.data = files.path + "/part.csv"
    try request.choose(
      models: "RandomForest,DecisionTreeClassifier,GaussianNB", without: nil,
      settings: ["RandomForest.n_estimators=5"])
    try Self.requests[number](&request)
    request.divisions = 3
    let conduct = RunConduct(threads: 2, makesReport: false)
    func document(_ request: RunRequest, _ name: String) throws -> ComparisonDocument {
      try RunPipeline(
        PreparedRun(request, conduct: conduct), folder: RunFolder(path: files.path + "/" + name),
        others: [], progress: ProgressDisplay(.quiet)
      ).document()
    }
    let found = try #require(try document(request, "all").repeatedSplits)
    #expect(found.models.map(\.name) == request.candidates.map(\.algorithm.rawValue))
    for (place, seed) in (request.seed..<request.seed + 3).enumerated() {
      var single = request
      single.divisions = nil
      single.reseed(seed)
      let run = try document(single, "seed-\(seed)")
      for (model, other) in zip(found.models, run.models) {
        let division = model.divisions[place]
        #expect(division.division == .split(seed: seed))
        #expect(division.scores == other.validate.values, "\(model.name), seed \(seed)")
        #expect(division.confusionMatrix == other.validate.confusionMatrix)
      }
    }
    // A seed set by hand stays; the others are the division's.
    let splits = RepeatedSplits(request: request, count: try #require(request.divisions))
    let seeds = try Self.randomStates(of: splits)
    #expect(seeds == (number == 3 ? [3, 3, 3] : [42, 43, 44]))
  }

  private static func randomStates(of splits: RepeatedSplits) throws -> [Int] {
    (0..<UInt32(splits.count)).map { number in
      var request = splits.request
      request.reseed(request.seed + number)
      guard case .integer(let state) = request.candidates[0].hyperparameters["random_state"] else {
        return -1
      }
      return state
    }
  }

  @Test
  func `a category that a division's training rows lack is refused before anything is fitted`()
    throws
  {
    let files = TemporaryFolder()
    defer { withExtendedLifetime(files) {} }
    let rows = (0..<20).map { "\($0),\($0 == 7 ? "blue" : "red"),\(["a", "b"][$0 % 2])\n" }
    files.write("x,color,class\n" + rows.joined(), to: "part.csv")
    var request = RunRequest.standard
    request.data = files.path + "/part.csv"
    try request.choose("class", classes: [], keepsClasses: false)
    request.preprocessingFit = .training
    // The first seed whose test rows have the only blue one.
    let seed = try #require(
      try (UInt32(0)...).first { seed in
        try TrainTestSplit(seed: seed).positions(sampleCount: 20).test.contains(7)
      })
    request.reseed(seed &- 1)
    request.divisions = 2
    let error = #expect(throws: DatasetError.self) {
      try PreparedRun(request, conduct: RunConduct(threads: 1))
    }
    #expect(
      error?.description
        == "part.csv:9: column \"color\": expected a category of the training rows, found \"blue\"; fit "
        + "on all rows with --fit-preprocessing all, or leave the row out (the division with seed "
        + "\(seed))")
  }
}

extension `How often which model wins` {
  @Test func `the findings say how often each model wins, the table counts it`() throws {
    let files = try part()
    defer { withExtendedLifetime(files) {} }
    var request = RunRequest.standard
    request.data = files.path + "/part.csv"
    try request.choose(models: "DecisionTreeClassifier,GaussianNB", without: nil, settings: [])
    var document = try RunPipeline(
      PreparedRun(request, conduct: RunConduct(threads: 1)),
      folder: RunFolder(path: files.path + "/run"), others: [], progress: ProgressDisplay(.quiet)
    ).document()
    document.repeatedSplits = result(
      [
        "DecisionTreeClassifier": [0.9, 0.8, 0.7, 0.6995], "GaussianNB": [0.8, 0.7, 0.7, 0.7],
      ], asked: 5)
    #expect(
      Findings(document).details[0]
        == "DecisionTreeClassifier has the highest accuracy in 3 of 4 divisions of the rows, within "
        + "0.001 of the highest in 1; GaussianNB in 2. (5 divisions were asked for.)")
    #expect(!Findings(document).details.contains { $0.contains("one train/test split") })
    let table = ComparisonTable(document).rendered(as: .markdown)
    #expect(table.contains("\n5 divisions of the rows, of which 4 are finished: how often"))
    #expect(table.contains("| GaussianNB | 2 of 4 | 0 | 0.7250 ± 0.0500 |"))
    let csv = ComparisonTable(document).rendered(as: .csv).split(separator: "\n")
    #expect(csv[0].contains("divisions_accuracy_deviation,divisions_accuracy_best,"))
    document.repeatedSplits = result(
      ["DecisionTreeClassifier": [0.9], "GaussianNB": [0.8]])
    #expect(
      Findings(document).details[0]
        == "DecisionTreeClassifier has the highest accuracy in 1 of 1 divisions of the rows; "
        + "GaussianNB in none.")
  }
}
