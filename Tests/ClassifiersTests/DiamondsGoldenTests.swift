import Classifiers
import Datasets
import Evaluation
import Foundation
import LinearAlgebra
import Support
import TestSupport
import Testing

/// The four models on data/diamonds.csv as scikit-learn 1.9.1 (numpy 2.4.6) fits them with
/// `random_state=42`; make_diamonds_reference.py made the values.
///
/// Labels, confusion matrices and trees are compared exactly, probabilities to 1e-9 (they are stored in
/// whole billionths), metrics and importances to 1e-12.
@Suite struct `The diamonds, classified as by scikit-learn 1.9.1` {
  private static let fitted = Result { try FittedDiamonds() }
  let diamonds: FittedDiamonds
  let reference: DiamondsReference

  init() throws {
    diamonds = try Self.fitted.get()
    reference = try DiamondsReference.load()
  }

  @Test(arguments: Algorithm.standard)
  func `every label of the diamonds is scikit-learn's`(algorithm: Algorithm) throws {
    for (part, expected) in try parts(of: algorithm) {
      #expect(
        SHA256.hexDigest(of: part.predicted.map { UInt8($0) }) == expected.labelsSha256Uint8)
      #expect(part.report.confusionMatrix.counts == expected.confusionMatrix)
    }
  }

  @Test(arguments: [
    (Algorithm.randomForest, [[9299, 150], [301, 1038]]),
    (.decisionTree, [[9149, 300], [291, 1048]]),
    (.gaussianNaiveBayes, [[9118, 331], [694, 645]]),
    (.kNearestNeighbors, [[9246, 203], [553, 786]]),
  ])
  func `the confusion matrices of the diamonds' test rows are the known ones`(
    algorithm: Algorithm, counts: [[Int]]
  ) throws {
    #expect(diamonds.runs[algorithm]?.test.report.confusionMatrix.counts == counts)
  }

  @Test(arguments: Array(Algorithm.standard.enumerated()))
  func `every test row has scikit-learn's probability`(number: Int, algorithm: Algorithm) throws {
    let test = try #require(diamonds.runs[algorithm]).test
    let start = number * test.predicted.count
    expectClose(test.probabilities, reference.billionths[start..<start + test.predicted.count])
  }

  @Test(arguments: Algorithm.standard)
  func `every training row has scikit-learn's probability`(algorithm: Algorithm) throws {
    let training = try #require(diamonds.runs[algorithm]).training
    if algorithm == .gaussianNaiveBayes {
      expectClose(training.probabilities, reference.billionths.suffix(training.predicted.count))
    } else {
      let billionths = training.probabilities.column(1).map { Int32(($0 * 1e9).rounded()) }
      let bytes = billionths.flatMap { withUnsafeBytes(of: $0.littleEndian) { Array($0) } }
      let expected = try #require(reference.models[algorithm.rawValue]).train
      #expect(SHA256.hexDigest(of: bytes) == expected.billionthsSha256Int32)
    }
  }

  @Test(arguments: Algorithm.standard)
  func `every metric of the diamonds is scikit-learn's`(algorithm: Algorithm) throws {
    for (part, expected) in try parts(of: algorithm) {
      #expect(expected.metrics.count == 9)
      for (key, value) in expected.metrics {
        let metric = try #require(Metric(rawValue: key))
        let actual = try #require(part.report[metric])
        #expect(abs(actual - value) <= 1e-12, "\(key)")
      }
      let curve = CurveSet(
        actual: part.actual, predicted: part.predicted, classNames: ["Gold", "Silver"]
      ).curves[0].curve
      #expect(curve.falsePositiveRates == expected.curveOfLabels.fpr)
      #expect(curve.truePositiveRates == expected.curveOfLabels.tpr)
    }
  }

  @Test func `the tree has scikit-learn's nodes and importances`() throws {
    let model = diamonds.tree
    #expect(model.tree.nodeCount == reference.tree.nodes)
    #expect(model.tree.leafCount == reference.tree.leaves)
    #expect(model.tree.depth == reference.tree.depth)
    #expect(checksum(features: [model.tree]) == reference.tree.featuresSha256Int64)
    #expect(checksum(thresholds: [model.tree]) == reference.tree.thresholdsSha256Float64)
    expectClose(try #require(model.impurityImportances), reference.tree.importances)
  }

  @Test func `all trees of the forest have scikit-learn's nodes and importances`() throws {
    let trees = diamonds.forestTrees
    #expect(trees.map(\.nodeCount) == reference.forest.nodes)
    #expect(checksum(features: trees) == reference.forest.featuresSha256Int64)
    #expect(checksum(thresholds: trees) == reference.forest.thresholdsSha256Float64)
    expectClose(
      try #require(diamonds.forest.impurityImportances), reference.forest.importances)
  }

  @Test func `naive Bayes has scikit-learn's distributions of the diamonds`() throws {
    let model = diamonds.naiveBayes
    expectClose(model.means.elements, reference.naiveBayes.means.flatMap(\.self))
    expectClose(model.variances.elements, reference.naiveBayes.variances.flatMap(\.self))
    expectClose(model.classPriors, reference.naiveBayes.priors)
    #expect(abs(model.epsilon / reference.naiveBayes.epsilon - 1) <= 1e-12)
  }

  private func parts(
    of algorithm: Algorithm
  ) throws -> [(FittedDiamonds.Part, DiamondsReference.Part)] {
    let run = try #require(diamonds.runs[algorithm])
    let expected = try #require(reference.models[algorithm.rawValue])
    return [(run.training, expected.train), (run.test, expected.validate)]
  }

  private func expectClose(_ shares: Matrix, _ billionths: ArraySlice<Int32>) {
    let silver = shares.column(1)
    #expect(silver.count == billionths.count)
    // Half a billionth is the rounding of the stored values.
    let odd = zip(silver, billionths).filter { abs($0 * 1e9 - Double($1)) > 1 }
    #expect(odd.isEmpty, "\(odd.count) probabilities differ")
    #expect((0..<shares.rowCount).allSatisfy { abs(shares[$0, 0] + shares[$0, 1] - 1) < 1e-12 })
  }

  private func expectClose(_ actual: [Double], _ expected: [Double]) {
    #expect(actual.count == expected.count)
    #expect(zip(actual, expected).allSatisfy { abs($0 - $1) <= 1e-12 })
  }

  private func checksum(features trees: [Tree]) -> String {
    SHA256.hexDigest(
      of: trees.flatMap(\.features).flatMap { feature in
        withUnsafeBytes(of: Int64(feature).littleEndian) { Array($0) }
      })
  }

  private func checksum(thresholds trees: [Tree]) -> String {
    SHA256.hexDigest(
      of: trees.flatMap(\.thresholds).flatMap { threshold in
        withUnsafeBytes(of: threshold.bitPattern.littleEndian) { Array($0) }
      })
  }
}

/// The four models, fitted once for all tests.
struct FittedDiamonds: Sendable {
  struct Part: Sendable {
    let actual: [Int]
    let predicted: [Int]
    let probabilities: Matrix
    let report: ClassificationReport

    init(_ model: some ClassificationModel, on dataset: Dataset) {
      actual = dataset.labels
      probabilities = model.probabilities(for: dataset.features, threads: 2)
      predicted = probabilities.rowArgMax()
      report = ClassificationReport(
        actual: actual, predicted: predicted, probabilities: probabilities,
        classNames: dataset.classNames)
    }
  }

  struct Run: Sendable {
    let training: Part
    let test: Part

    init(_ model: some ClassificationModel, on data: PreparedData) {
      training = Part(model, on: data.training)
      test = Part(model, on: data.test)
    }
  }

  let forest: RandomForestModel
  let forestTrees: [Tree]
  let tree: DecisionTreeModel
  let naiveBayes: GaussianNaiveBayesModel
  let runs: [Algorithm: Run]

  init() throws {
    let preprocessing = Preprocessing()
    let table = try CSVTable(
      contentsOf: RepositoryFiles.diamonds, preprocessing.reading)
    let data = try preprocessing.prepare(table, split: TrainTestSplit(testFraction: 0.2, seed: 42))
    forest = try RandomForest(seed: 42).fit(data.training, threads: 2)
    forestTrees = try RandomForest(seed: 42).trees(grownFrom: data.training, threads: 2)
    tree = try DecisionTree(seed: 42).fit(data.training, threads: 2)
    naiveBayes = try GaussianNaiveBayes().fit(data.training, threads: 2)
    let neighbors = try KNearestNeighbors().fit(data.training, threads: 2)
    runs = [
      .randomForest: Run(forest, on: data), .decisionTree: Run(tree, on: data),
      .gaussianNaiveBayes: Run(naiveBayes, on: data), .kNearestNeighbors: Run(neighbors, on: data),
    ]
  }
}

/// What make_diamonds_reference.py wrote.
struct DiamondsReference: Decodable {
  struct Model: Decodable {
    let train: Part
    let validate: Part
  }

  struct Part: Decodable {
    struct Curve: Decodable {
      let fpr: [Double]
      let tpr: [Double]
    }

    let metrics: [String: Double]
    let confusionMatrix: [[Int]]
    let labelsSha256Uint8: String
    let billionthsSha256Int32: String
    let curveOfLabels: Curve
  }

  struct Tree: Decodable {
    let nodes: Int
    let leaves: Int
    let depth: Int
    let featuresSha256Int64: String
    let thresholdsSha256Float64: String
    let importances: [Double]
  }

  struct Forest: Decodable {
    let nodes: [Int]
    let featuresSha256Int64: String
    let thresholdsSha256Float64: String
    let importances: [Double]
  }

  struct NaiveBayes: Decodable {
    let means: [[Double]]
    let variances: [[Double]]
    let priors: [Double]
    let epsilon: Double
  }

  let models: [String: Model]
  let tree: Tree
  let forest: Forest
  let naiveBayes: NaiveBayes
  /// Probabilities of Silver: test rows of the four models, training rows of naive Bayes.
  var billionths: [Int32] = []

  private enum CodingKeys: CodingKey { case models, tree, forest, naiveBayes }

  static func load() throws -> DiamondsReference {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    var reference = try decoder.decode(
      DiamondsReference.self,
      from: Data(contentsOf: folder.appending(path: "diamonds-reference.json")))
    let bytes = [UInt8](
      try Data(contentsOf: folder.appending(path: "diamonds-probabilities.bin")))
    reference.billionths = bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Int32.self))
      }
    }
    return reference
  }
}

extension Matrix {
  fileprivate func column(_ index: Int) -> [Double] { (0..<rowCount).map { self[$0, index] } }
}
