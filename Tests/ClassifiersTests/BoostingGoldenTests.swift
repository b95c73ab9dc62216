import Classifiers
import Datasets
import Foundation
import LinearAlgebra
import ModelFiles
import TestSupport
import Testing

/// Gradient boosting as scikit-learn 1.9.1 does it; `make_boosting_reference.py` made `boosting-reference.json`. Bins,
/// nodes, rounds and labels are compared exactly, by their digests, losses and raw predictions to 1e-9.
@Suite struct `Gradient boosting, as by scikit-learn 1.9.1` {
  static let reference = try! BoostingReference.load()

  @Test(arguments: 0..<5)
  func `every boosted tree of a table is scikit-learn's`(number: Int) throws {
    let table = Self.reference.tables[number]
    let dataset = table.dataset(number)
    for expected in nonEmpty(table.models) {
      try compare(dataset, expected, seed: UInt32(number), table.queries(number))
    }
  }

  @Test(arguments: [0, 1, 2, 4])
  func `every boosted tree that divides categories is scikit-learn's`(number: Int) throws {
    let table = Self.reference.tables[number]
    let dataset = table.dataset(number).withCategories(table.categorical)
    for expected in nonEmpty(table.categoricalModels) {
      try compare(
        dataset, expected, seed: UInt32(number), table.queries(number), categorical: .fromType)
    }
  }

  @Test(arguments: 0..<2)
  func `every boosted tree of the diamonds is scikit-learn's`(number: Int) throws {
    let preprocessing = Preprocessing()
    let table = try CSVTable(contentsOf: RepositoryFiles.diamonds, preprocessing.reading)
    let data = try preprocessing.prepare(table, split: TrainTestSplit(testFraction: 0.2, seed: 42))
    try compare(
      data.training, Self.reference.diamonds[number], seed: 42, data.test.features)
  }

  private func compare(
    _ dataset: Dataset, _ expected: BoostingReference.Model, seed: UInt32, _ queries: Matrix,
    categorical: CategoricalFeatures? = nil
  ) throws {
    let comment = Comment(rawValue: "\(expected.parameters)")
    var classifier = HistGradientBoosting(seed: seed)
    classifier.categoricalFeatures = categorical
    for (name, parameter) in expected.parameters { try classifier.set(name, to: parameter.value) }
    let model = try classifier.fit(dataset, threads: 2)
    let tensors = try #require(model.tensors as? BoostingTensors)
    #expect(model.roundCount == expected.rounds, comment)
    var bins = Digest()
    bins.append(tensors.thresholds)
    #expect(bins.hexadecimal == expected.bins, comment)
    #expect(tensors.features.count == expected.nodes, comment)
    var nodes = Digest()
    for node in tensors.features.indices {
      nodes.append([
        tensors.features[node], Int32(tensors.bins[node]), Int32(tensors.missingGoesLeft[node]),
        tensors.counts[node],
      ])
    }
    #expect(nodes.hexadecimal == expected.sha256, comment)
    var sets = Digest()
    for (_, set) in tensors.leftCategories.sorted(by: { $0.key < $1.key }) {
      sets.append(set.bytes)
    }
    #expect(sets.hexadecimal == expected.sets, comment)
    let raw = model.rawPredictions(for: queries, threads: 2).elements.prefix(expected.raw.count)
    #expect(zip(raw, expected.raw).allSatisfy { abs($0 - $1) <= 1e-9 }, comment)
    var labels = Digest()
    labels.append(model.predictions(for: queries).map { Int32($0) })
    #expect(labels.hexadecimal == expected.labels, comment)
    let curve = try #require(model.lossCurve)
    for (losses, ends) in [
      (curve.training, expected.training), (curve.heldOut ?? [], expected.validation),
    ] where !ends.isEmpty {
      #expect(losses.count == expected.rounds + 1, comment)
      #expect(abs(losses[0] - ends[0]) <= 1e-9 && abs(losses[losses.count - 1] - ends[1]) <= 1e-9)
    }
  }
}

struct BoostingReference: Decodable {
  struct Model: Decodable {
    var parameters: [String: ReferenceParameter]
    var rounds: Int
    var nodes: Int
    /// The digest of each node's feature, bin, side of missing values and samples.
    var sha256: String
    /// The digest of all thresholds.
    var bins: String
    /// The digest of the sets of nodes that divide categories.
    var sets: String
    /// The losses before the first round and after the last one, where scikit-learn keeps them.
    var training: [Double]
    var validation: [Double]
    /// The raw predictions of the first six queries.
    var raw: [Double]
    /// The digest of the labels of all queries.
    var labels: String
  }

  struct Table: Decodable {
    var shape: GrownTreeReference.Shape
    var missing: [Int]
    var models: [Model]
    /// The features that are categories for more models.
    var categorical: [Int]
    var categoricalModels: [Model]

    func dataset(_ number: Int) -> Dataset { shape.dataset.removing(missing, seed: UInt32(number)) }

    func queries(_ number: Int) -> Matrix {
      shape.dataset.features.removingThird(seed: UInt32(number + 100))
    }
  }

  struct Draw: Decodable {
    var seed: UInt32
    var shuffled: [Bool]
    var labels: [Int]
    var training: [Int]
    var test: [Int]
  }

  var tables: [Table]
  var diamonds: [Model]
  var draws: [Draw]

  static func load() throws -> BoostingReference {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
      .appending(path: "boosting-reference.json")
    return try JSONDecoder().decode(BoostingReference.self, from: Data(contentsOf: file))
  }
}
