import Classifiers
import Datasets
import ModelFiles
import SavedModels
import Support
import TestSupport
import Testing

@testable import Comparison

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `refit-reference.json`, as make_refit_reference.py wrote it with scikit-learn 1.9.1 and numpy 2.4.6.
private struct RefitReference: Decodable {
  struct Trees: Decodable {
    let nodeCounts: [Int]
    let splitsSHA256: String
    let silver: [Double]?

    private enum CodingKeys: String, CodingKey {
      case silver
      case nodeCounts = "node_counts"
      case splitsSHA256 = "splits_sha256"
    }
  }

  struct Bayes: Decodable {
    /// Of every tenth row.
    let silver: [Double]
  }

  let forest: Trees
  let tree: Trees
  let bayes: Bayes

  private enum CodingKeys: String, CodingKey {
    case forest = "RandomForest"
    case tree = "DecisionTreeClassifier"
    case bayes = "GaussianNB"
  }

  static func read() throws -> RefitReference {
    let path = RepositoryFiles.root + "/Tests/ComparisonTests/Golden/refit-reference.json"
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
  }
}

@Suite struct `A model fitted again on all rows` {
  private let files = TemporaryFolder()

  /// A run on every 45th diamond; what is fitted on training rows alone differs from what is fitted
  /// on all.
  ///
  /// - Parameter firstRows: how many rows are in a file of their own, with the others to test on; `nil` for one file.
  private func run(costs: [String] = [], firstRows: Int? = nil) throws -> FinishedRun {
    let bytes = try #require(readFile(RepositoryFiles.diamonds))
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    let rows = lines.dropFirst().enumerated().filter { $0.offset % 45 == 0 }.map(\.element)
    func write(_ rows: some Collection<ArraySlice<UInt8>>, to name: String) {
      files.write(([lines[0]] + rows).joined(separator: [UInt8(ascii: "\n")]), to: name)
    }
    write(rows, to: "part.csv")
    var request = RunRequest.standard
    request.data = files.path + "/part.csv"
    // The row numbers of a part count nothing.
    request.dropped = ["Unnamed: 0"]
    request.preprocessingFit = .training
    if let firstRows {
      write(rows.prefix(firstRows), to: "first.csv")
      write(rows.dropFirst(firstRows), to: "second.csv")
      request.data = files.path + "/first.csv"
      try request.divide(testData: files.path + "/second.csv")
    }
    try request.choose(costs: costs)
    try request.choose(
      models: "RandomForest,DecisionTreeClassifier,GaussianNB", without: nil,
      settings: ["RandomForest.n_estimators=20"])
    let prepared = try PreparedRun(request, conduct: RunConduct(threads: 2, makesReport: false))
    _ = try RunPipeline(
      prepared, folder: try RunFolder(path: files.path + "/run"), others: [],
      progress: ProgressDisplay(.quiet)
    ).document()
    return try FinishedRun(contentsOf: files.path + "/run")
  }

  private func refitted(
    _ run: FinishedRun, _ name: String, data: String = "part.csv"
  ) throws -> SavedPipeline {
    let model = try RefittedModel(
      of: run, name, experiment: "e1", data: files.path + "/" + data, threads: 2)
    _ = try model.write(to: files.path + "/again/" + name)
    return try SavedPipeline(folder: files.path + "/again/" + name)
  }

  /// The probability of the second class for each row of the table.
  private func silver(_ pipeline: SavedPipeline) throws -> [Double] {
    let table = try pipeline.table(
      contentsOf: files.path + "/part.csv", RunRequest.standard, threads: 1)
    let rows = Array(0..<table.rowCount)
    let shares = try pipeline.probabilities(of: table, rows: rows, threads: 1)
    return rows.map { shares[$0, 1] }
  }

  /// - Parameter firstRows: how many of the same rows are in a file of their own; `nil` for one file.
  @Test(arguments: [nil, 900])
  func `it is scikit-learn's model of all rows, of one file or two, node for node`(
    firstRows: Int?
  ) throws {
    let reference = try RefitReference.read()
    let run = try run(firstRows: firstRows)
    let data = firstRows == nil ? "part.csv" : "first.csv"
    for (name, known) in [
      ("RandomForest", reference.forest), ("DecisionTreeClassifier", reference.tree),
    ] {
      let pipeline = try refitted(run, name, data: data)
      let file = try ModelFile(contentsOf: "\(files.path)/again/\(name)/model.safetensors")
      let tensors = try #require(file.tensors as? TreeTensors)
      let ends = tensors.roots.dropFirst().map(Int.init) + [tensors.leftChildren.count]
      #expect(zip(tensors.roots, ends).map { $1 - Int($0) } == known.nodeCounts)
      let splits = tensors.leftChildren.indices.filter { tensors.leftChildren[$0] >= 0 }
        .map { (tensors.features[$0], tensors.thresholds[$0]) }.sorted { $0 < $1 }
      let bytes = splits.flatMap { feature, threshold in
        withUnsafeBytes(of: feature.littleEndian) { Array($0) }
          + withUnsafeBytes(of: threshold.bitPattern.littleEndian) { Array($0) }
      }
      #expect(SHA256.hexDigest(of: bytes) == known.splitsSHA256, "\(name)")
      guard let silver = known.silver else { continue }
      let own = try self.silver(pipeline)
      #expect(own.count == silver.count)
      #expect(zip(own, silver).allSatisfy { abs($0 - $1) <= 1e-12 })
    }
    let own = try silver(refitted(run, "GaussianNB", data: data))
    let every = stride(from: 0, to: own.count, by: 10).map { own[$0] }
    #expect(every.count == reference.bayes.silver.count)
    #expect(zip(every, reference.bayes.silver).allSatisfy { abs($0 - $1) <= 1e-9 })
  }

  @Test func `it says whose metrics it has, and keeps the threshold`() throws {
    let run = try run(costs: ["Silver>Gold=5"])
    let twin = try ModelFile(contentsOf: run.path + "/GaussianNB/model.safetensors").description
    let own = try refitted(run, "GaussianNB").description
    let bytes = try Files.read(run.path + "/GaussianNB/model.safetensors")
    #expect(twin.refit == nil)
    #expect(
      own.refit
        == ModelDescription.Refit(
          rowCount: 1199, twinExperiment: "e1", twinSHA256: SHA256.hexDigest(of: bytes)))
    #expect(own.validationMetrics == twin.validationMetrics)
    #expect(own.training == twin.training)
    #expect(own.threshold == twin.threshold)
    #expect(own.threshold != nil)
  }

  @Test func `of a run with two files, the second may be elsewhere, but not be another`() throws {
    let run = try run(firstRows: 900)
    files.write(try #require(files.read("second.csv")), to: "moved.csv")
    #expect(throws: Never.self) { try refitted(run, "GaussianNB", data: "moved.csv") }
    #expect(throws: DatasetError.self) { try refitted(run, "GaussianNB", data: "part.csv") }
    files.write(try #require(files.read("part.csv")), to: "first.csv")
    #expect(throws: DatasetError.self) { try refitted(run, "GaussianNB", data: "first.csv") }
  }

  @Test func `another table than that of the run is refused`() throws {
    let run = try run()
    #expect(throws: DatasetError.self) {
      try RefittedModel(
        of: run, "GaussianNB", experiment: "e1", data: RepositoryFiles.diamonds, threads: 1)
    }
  }
}
