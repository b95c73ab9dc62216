import Classifiers
import Datasets
import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// Trees and forests as scikit-learn 1.9.1 grows them from tables with missing values;
/// `make_missing_values_reference.py` made `missing-values-reference.json`. Nodes and labels are compared exactly, by
/// their digests, probabilities to 1e-12.
@Suite struct `Trees of tables with missing values, grown as by scikit-learn 1.9.1` {
  static let reference = try! MissingValuesReference.load()

  @Test(arguments: 0..<5)
  func `every tree of a table with missing values is scikit-learn's`(number: Int) throws {
    let table = Self.reference.tables[number]
    let dataset = table.dataset(number)
    for expected in nonEmpty(table.trees) {
      var classifier = DecisionTree(seed: UInt32(number))
      try expected.model.set(on: &classifier)
      let model = try classifier.fit(dataset, threads: 1)
      try compare(model, [model.tree], with: expected, table.queries(number))
    }
  }

  @Test(arguments: 0..<5)
  func `every forest of a table with missing values is scikit-learn's`(number: Int) throws {
    let table = Self.reference.tables[number]
    let dataset = table.dataset(number)
    for expected in nonEmpty(table.forests) {
      var classifier = RandomForest(treeCount: 5, seed: UInt32(number))
      try expected.model.set(on: &classifier)
      let model = try classifier.fit(dataset, threads: 2)
      let trees = try classifier.trees(grownFrom: dataset, threads: 2)
      try compare(model, trees, with: expected, table.queries(number))
      #expect(model.outOfBagScore == expected.model.oob)
    }
  }

  private func compare(
    _ model: some ClassificationModel, _ trees: [Tree],
    with expected: MissingValuesReference.Entry, _ queries: Matrix
  ) throws {
    let comment = Comment(rawValue: "\(expected.model.parameters)")
    #expect(trees.map(\.nodeCount) == expected.model.nodes, comment)
    var nodes = Digest()
    for tree in trees {
      nodes.append(tree.features)
      nodes.append(tree.thresholds)
      nodes.append(try #require(tree.missingGoesLeft).map { Int32($0 ? 1 : 0) })
      nodes.append(tree.leftChildren)
      nodes.append(tree.sampleCounts)
      nodes.append(tree.impurities)
    }
    #expect(nodes.hexadecimal == expected.model.sha256, comment)
    let probabilities = model.probabilities(for: queries, threads: 2)
    var labels = Digest()
    labels.append(probabilities.rowArgMax().map { Int32($0) })
    #expect(labels.hexadecimal == expected.labels, comment)
    let first = probabilities.elements.prefix(expected.probabilities.count)
    #expect(zip(first, expected.probabilities).allSatisfy { abs($0 - $1) <= 1e-12 }, comment)
  }
}

struct MissingValuesReference: Decodable {
  struct Entry: Decodable {
    var model: GrownTreeReference.Model
    /// The digest of the labels of all queries.
    var labels: String
    /// Those of the first six queries.
    var probabilities: [Double]

    private enum CodingKeys: CodingKey { case labels, probabilities }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      model = try GrownTreeReference.Model(from: decoder)
      labels = try container.decode(String.self, forKey: .labels)
      probabilities = try container.decode([Double].self, forKey: .probabilities)
    }
  }

  struct Table: Decodable {
    var shape: GrownTreeReference.Shape
    /// For each column 0: complete; n > 0: one cell of n is missing; −1: all are; −2 − k: those of class k.
    var missing: [Int]
    var trees: [Entry]
    var forests: [Entry]

    /// The table without the values that the script removes.
    func dataset(_ number: Int) -> Dataset { shape.dataset.removing(missing, seed: UInt32(number)) }

    /// The complete table's rows without a third of their cells.
    func queries(_ number: Int) -> Matrix {
      shape.dataset.features.removingThird(seed: UInt32(number + 100))
    }
  }

  var tables: [Table]

  static func load() throws -> MissingValuesReference {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
      .appending(path: "missing-values-reference.json")
    return try JSONDecoder().decode(MissingValuesReference.self, from: Data(contentsOf: file))
  }
}

extension Dataset {
  /// The samples without values that make_missing_values_reference.py removes.
  ///
  /// - Parameter missing: for each column 0: complete; n > 0: one cell of n is missing; −1: all are; −2 − k: those of
  ///   class k.
  func removing(_ missing: [Int], seed: UInt32) -> Dataset {
    var draw = MersenneTwister(seed: seed)
    var features = features
    for (column, kind) in missing.enumerated() {
      for row in 0..<features.rowCount {
        let isMissing =
          kind > 0
          ? draw.next(upTo: UInt32(kind - 1)) == 0
          : kind == -1 || (kind < -1 && labels[row] == -2 - kind)
        if isMissing { features[row, column] = .nan }
      }
    }
    return Dataset(
      features: features, labels: labels, featureNames: featureNames, classNames: classNames,
      expectsMissing: true)
  }
}

extension Matrix {
  /// The rows without a third of their cells, as the script removes them.
  func removingThird(seed: UInt32) -> Matrix {
    var draw = MersenneTwister(seed: seed)
    var features = self
    for row in 0..<features.rowCount {
      for column in 0..<features.columnCount where draw.next(upTo: 2) == 0 {
        features[row, column] = .nan
      }
    }
    return features
  }
}
