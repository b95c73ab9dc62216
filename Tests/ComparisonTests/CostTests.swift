import Classifiers
import Datasets
import Evaluation
import JSON
import LinearAlgebra
import Support
import TestSupport
import Testing

@testable import Comparison

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `cost-reference.json`, as make_cost_reference.py wrote it with scikit-learn 1.9.1 and numpy 2.4.6.
private struct CostReference: Decodable {
  let models: [String: Model]

  struct Model: Decodable {
    let threshold: Double
    let thresholds: [Double]
    /// Per training row.
    let costs: [Double]
    /// The class of each test row, a digit each.
    let predicted: String
    let cost: Double
    /// By folds that keep the stones of a colour together, without colour as a feature.
    let groupedThreshold: Double
    /// Per metric, the score of every fold.
    let folds: [String: [Double]]

    private enum CodingKeys: String, CodingKey {
      case threshold, thresholds, costs, predicted, cost, folds
      case groupedThreshold = "grouped_threshold"
    }
  }

  static func read() throws -> CostReference {
    let path = RepositoryFiles.root + "/Tests/ComparisonTests/Golden/cost-reference.json"
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
  }
}

@Suite struct `A threshold for a cost` {
  private let files = TemporaryFolder()

  /// The run on every 45th diamond, with encoders and scaler of the training rows.
  private func run(_ costs: [String], folds: RunRequest.Folds? = nil) throws -> PreparedRun {
    let bytes = try #require(readFile(RepositoryFiles.diamonds))
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    let rows = lines.dropFirst().enumerated().filter { $0.offset % 45 == 0 }.map(\.element)
    files.write(([lines[0]] + rows).joined(separator: [UInt8(ascii: "\n")]), to: "part.csv")
    var request = RunRequest.standard
    request.data = files.path + "/part.csv"
    // The row numbers of a part count nothing.
    request.dropped = ["Unnamed: 0"]
    request.preprocessingFit = .training
    request.folds = folds
    try request.choose(costs: costs)
    return try PreparedRun(request, conduct: RunConduct(threads: 2, makesReport: false))
  }

  @Test func `thresholds, labels and costs are those of scikit-learn's TunedThresholdClassifierCV`()
    throws
  {
    let reference = try CostReference.read()
    let run = try run(["Silver>Gold=5"], folds: RunRequest.Folds(count: 4))
    let document = try RunPipeline(
      run, folder: try RunFolder(path: files.path + "/run"), others: [],
      progress: ProgressDisplay(.quiet)
    ).document()
    let folds = try #require(document.crossValidation)
    for model in document.models {
      let known = try #require(reference.models[model.name])
      let threshold = try #require(model.threshold)
      #expect(threshold.positiveClass == "Silver")
      let value = try #require(threshold.value)
      #expect(abs(value - known.threshold) <= 1e-12, "\(model.name)")
      let curve = try #require(threshold.curve)
      #expect(zip(curve.thresholds, known.thresholds).allSatisfy { abs($0 - $1) <= 1e-12 })
      #expect(curve.costs.count == 100)
      #expect(zip(curve.costs, known.costs).allSatisfy { abs($0 - $1) <= 1e-12 }, "\(model.name)")
      let predictions = try TestPredictions(
        contentsOf: "\(files.path)/run/\(model.name)/predictions.csv",
        classNames: ["Gold", "Silver"])
      #expect(predictions.predicted.map { "\($0)" }.joined() == known.predicted, "\(model.name)")
      #expect(abs((model.validate[.cost] ?? -1) - known.cost) <= 1e-12)
      let own = try #require(folds.models.first { $0.name == model.name })
      for (key, scores) in known.folds {
        let metric = try #require(Metric(rawValue: key))
        #expect(own.scores(metric).count == 4)
        for (mine, theirs) in zip(own.scores(metric), scores) {
          #expect(abs(mine - theirs) <= 1e-12, "\(model.name) \(key)")
        }
      }
    }
  }

  @Test func `with groups, thresholds are those of folds that keep groups whole`() throws {
    let reference = try CostReference.read()
    let run = try run(["Silver>Gold=5"])
    var request = run.request
    request.dropped.append("color")
    let costs = try #require(run.costs)
    let search = ThresholdSearch(
      costs: costs, table: run.table, preprocessing: request.preprocessing, group: "color",
      rows: run.data.training.rows, seed: 42)
    for classifier in run.candidates {
      let name = type(of: classifier).algorithm.rawValue
      let threshold = try #require(try search.curve(of: classifier, threads: 2)?.cheapest)
      let known = try #require(reference.models[name]?.groupedThreshold)
      #expect(abs(threshold - known) <= 1e-12, "\(name)")
    }
  }

  @Test func `a division of another seed has the cost of that seed's run`() throws {
    func document(seed: UInt32, divisions: Int?) throws -> ComparisonDocument {
      var request = try run(["Silver>Gold=5"]).request
      try request.choose(
        models: "GaussianNB,DecisionTreeClassifier", without: nil,
        settings: ["DecisionTreeClassifier.max_depth=4"])
      request.reseed(seed)
      request.divisions = divisions
      return try RunPipeline(
        try PreparedRun(request, conduct: RunConduct(threads: 2, makesReport: false)),
        folder: try RunFolder(path: files.path + "/seed-\(seed)"), others: [],
        progress: ProgressDisplay(.quiet)
      ).document()
    }
    let divisions = try #require(try document(seed: 42, divisions: 3).repeatedSplits)
    for (place, seed) in [UInt32(42), 43, 44].enumerated() where place > 0 {
      let other = try document(seed: seed, divisions: nil)
      for (mine, theirs) in zip(divisions.models, other.models) {
        #expect(mine.name == theirs.name)
        let scores = mine.divisions[place].scores
        #expect(scores[.cost] != nil)
        #expect(scores[.cost] == theirs.validate[.cost], "\(mine.name), seed \(seed)")
        #expect(scores[.recall] == theirs.validate[.recall], "\(mine.name), seed \(seed)")
      }
    }
    let bytes = try JSONDocument.encode(divisions)
    #expect(try JSONDocument.decode(RepeatedSplitsResult.self, from: bytes) == divisions)
  }

  @Test(arguments: ["native", "impute"])
  func `missing numbers are taken by the threshold's folds as by the model`(policy: String) throws {
    let rows = (0..<300).map { row in
      "\(row % 7 == 0 ? "" : "\(row * 37 % 100)"),\(row * 53 % 89),\(row % 3 == 0 || row % 7 == 0 ? "b" : "a")"
    }
    files.write("x,y,z\n" + rows.joined(separator: "\n"), to: "gaps.csv")
    var request = RunRequest.standard
    request.data = files.path + "/gaps.csv"
    request.target = TargetRule(column: "z", classes: [])
    request.missing = Preprocessing.MissingPolicy(rawValue: policy)
    try request.choose(
      models: "DecisionTreeClassifier", without: nil,
      settings: ["DecisionTreeClassifier.max_depth=1"])
    try request.choose(costs: ["b>a=3"])
    let prepared = try PreparedRun(request, conduct: RunConduct(threads: 1))
    let thresholds = try #require(prepared.thresholds)
    let curve = try #require(try thresholds.curve(of: prepared.candidates[0], threads: 1))
    // All rows without x are b: one split of a tree that sees the gaps puts them apart.
    let isSeen = curve.thresholds.last == 1
    #expect(isSeen == (policy == "native"), "\(curve.thresholds)")
  }

  @Test
  func `a curve is the cost at each of a hundred thresholds, and the lowest cheapest one wins`() {
    let costs = MistakeCosts([[0, 1], [5, 0]])
    // All predicted positive: two false; from above 0.5 on two positives are missed.
    let curve = CostCurve(actual: [0, 0, 1, 1], scores: [0, 0.5, 0.5, 1], costs: costs)
    #expect(curve.thresholds.count == 100)
    #expect(curve.costs.first == 2)
    #expect(curve.costs[1] == 1)
    #expect(curve.costs[49] == 1)
    #expect(curve.costs[50] == 5)
    let mean = CostCurve(meanOf: [curve, curve])
    #expect(mean?.costs == curve.costs)
    #expect(mean?.cheapest == 1 / 99.0)
  }

  @Test func `a curve of a fold whose probabilities are all the same is none`() {
    let costs = MistakeCosts([[0, 1], [5, 0]])
    let flat = CostCurve(actual: [0, 1], scores: [0.3, 0.3], costs: costs)
    let other = CostCurve(actual: [0, 1], scores: [0.3, 0.4], costs: costs)
    #expect(CostCurve(meanOf: [other, flat]) == nil)
    #expect(CostCurve(meanOf: [other, other]) != nil)
  }

  @Test func `a model that tells no rows apart has no threshold, and the run says so`() throws {
    var run = try run(["Silver>Gold=5"]).request
    try run.choose(
      models: "DecisionTreeClassifier", without: nil,
      settings: ["DecisionTreeClassifier.min_samples_leaf=0.9"])
    let prepared = try PreparedRun(run, conduct: RunConduct(threads: 1))
    let document = try RunPipeline(
      prepared, folder: try RunFolder(path: files.path + "/flat"), others: [],
      progress: ProgressDisplay(.quiet)
    ).document()
    let threshold = try #require(document.models[0].threshold)
    #expect(threshold.value == nil && threshold.curve == nil)
    #expect(document.models[0].validate[.cost] == threshold.costAtHalf)
    #expect(Findings(document, by: .cost).sentences.joined().contains("stays at 0.5"))
  }

  @Test(arguments: [
    "Silver=5", "Silver>Gold", "Silver>Gold=0", "Silver>Gold=-1", "Silver>Gold=x", "=5",
    "Silver>Gold=inf",
  ])
  func `a cost in another form is refused`(text: String) {
    #expect(throws: RequestError.self) { try MistakeCost(parsing: text) }
  }

  @Test func `costs are typed as they were given, and a run that differs in them is another`()
    throws
  {
    var request = RunRequest.standard
    #expect(!request.command.contains("--cost"))
    try request.choose(costs: ["Silver>Gold=5.0", "a>b=c>d=0.5"])
    #expect(request.costs?.map(\.text) == ["Silver>Gold=5", "a>b=c>d=0.5"])
    #expect(request.command.suffix(4) == ["--cost", "Silver>Gold=5", "--cost", "a>b=c>d=0.5"])
    let bytes = try JSONDocument.encode(request)
    #expect(try JSONDocument.decode(RunRequest.self, from: bytes) == request)
    #expect(!request.differences(from: .standard).isEmpty)
    #expect(throws: RequestError.self) { try request.choose(costs: ["a>b=1", "a>b=2"]) }
  }

  @Test func `costs are refused that do not fit the classes`() throws {
    #expect(throws: DatasetError.self) { try run(["Silver>Bronze=5"]) }
    var request = try run(["Silver>Gold=5"]).request
    request.target = TargetRule(column: "clarity", classes: [])
    #expect(throws: DatasetError.self) {
      try PreparedRun(request, conduct: RunConduct(threads: 1))
    }
    request = RunRequest.standard
    request.data = files.path + "/part.csv"
    request.sortBy = .cost
    #expect(throws: DatasetError.self) {
      try PreparedRun(request, conduct: RunConduct(threads: 1))
    }
  }

  @Test func `the lead by cost has the standard error of the mean difference of costs`() throws {
    // Old misses one of two positives (5), new takes one of two others for positive (1).
    let actual = [0, 0, 1, 1]
    let shares = Matrix(rowCount: 4, columnCount: 2)
    let lead = try PairedLead(
      by: .cost, actual: actual, classNames: ["no", "yes"],
      costs: MistakeCosts([[0, 1], [5, 0]]),
      old: PairedLead.Predictions(labels: [0, 0, 0, 1], probabilities: shares),
      new: PairedLead.Predictions(labels: [0, 1, 1, 1], probabilities: shares))
    #expect(lead.old == 1.25 && lead.new == 0.25 && lead.lead == 1)
    // Differences 0, 1, -5, 0: mean -1, squares around it 1 + 4 + 16 + 1 = 22.
    #expect(abs(lead.standardError - (22 / 3.0 / 4).squareRoot()) < 1e-15)
  }

  @Test func `with groups, the lead by cost has the error of the leads without each group`() {
    let (actual, old, new) = ([0, 0, 1, 1, 0, 1], [0, 0, 0, 1, 1, 1], [0, 1, 1, 1, 0, 0])
    let shares = Matrix(rowCount: 6, columnCount: 2)
    func lead(_ groups: [Int]?) -> PairedLead? {
      try? PairedLead(
        by: .cost, actual: actual, classNames: ["no", "yes"],
        groups: groups.map { SampleGroups(ofSample: $0, count: Set($0).count) },
        costs: MistakeCosts([[0, 1], [5, 0]]),
        old: PairedLead.Predictions(labels: old, probabilities: shares),
        new: PairedLead.Predictions(labels: new, probabilities: shares))
    }
    let alone = lead(Array(0..<6))
    #expect(alone?.lead == lead(nil)?.lead)
    #expect(
      abs((alone?.standardError ?? 0) - (lead(nil)?.standardError ?? 1)) < 1e-12)
    // Saved: 0, -1 | 5, 0 | 1, -5; the sums of the four rows without each pair are 1, -5 and 4.
    let without = [1, -5, 4].map { Double($0) / 4 }
    let mean = without.reduce(0, +) / 3
    let variance = without.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } * 2 / 3
    let paired = lead([0, 0, 1, 1, 2, 2])
    #expect(abs((paired?.standardError ?? 0) - variance.squareRoot()) < 1e-12)
  }
}
