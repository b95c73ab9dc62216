import Classifiers
import Datasets
import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// Trees and forests as scikit-learn 1.9.1 grows them on three small tables; `make_tree_reference.py`
/// made `tree-reference.json`. Structure is compared exactly, shares to 1e-12.
@Suite struct `Trees of small tables, grown as by scikit-learn 1.9.1` {
  static let reference = try! TreeReference.load()

  @Test(arguments: 0..<3)
  func `every tree of a small table has scikit-learn's nodes`(number: Int) throws {
    let table = Self.reference.tables[number]
    for expected in nonEmpty(table.trees) {
      var tree = DecisionTree(seed: UInt32(number + 1))
      try set(expected.parameters, on: &tree)
      let model = try tree.fit(table.dataset, threads: 1)
      let comment = Comment(rawValue: "\(expected.parameters)")
      #expect(model.tree.features.map(Int.init) == expected.features, comment)
      #expect(model.tree.thresholds == expected.thresholds, comment)
      #expect(model.tree.leftChildren.map(Int.init) == expected.left, comment)
      expectClose(try #require(model.impurityImportances), expected.importances, comment)
      expectClose(firstShares(model, table), expected.probabilities, comment)
    }
  }

  @Test(arguments: 0..<3)
  func `every forest of a small table has scikit-learn's trees`(number: Int) throws {
    let table = Self.reference.tables[number]
    for expected in nonEmpty(table.forests) {
      var forest = RandomForest(treeCount: 6, seed: UInt32(number + 1))
      try set(expected.parameters, on: &forest)
      let model = try forest.fit(table.dataset, threads: 2)
      let comment = Comment(rawValue: "\(expected.parameters)")
      let trees = try forest.trees(grownFrom: table.dataset, threads: 2)
      #expect(trees.map(\.nodeCount) == expected.nodes, comment)
      #expect(trees.flatMap { $0.features.map(Int.init) } == expected.features, comment)
      #expect(trees.flatMap(\.thresholds) == expected.thresholds, comment)
      #expect(model.outOfBagScore == expected.oob, comment)
      expectClose(try #require(model.impurityImportances), expected.importances, comment)
      expectClose(firstShares(model, table), expected.probabilities, comment)
    }
  }

  private func set(
    _ parameters: [String: ReferenceParameter], on classifier: inout some Classifier
  ) throws {
    for (name, parameter) in parameters { try classifier.set(name, to: parameter.value) }
  }

  private func firstShares(_ model: some ClassificationModel, _ table: ReferenceTable) -> [Double] {
    model.probabilities(for: table.dataset.features.rows(Array(0..<20)), threads: 1).elements
  }

  private func expectClose(_ actual: [Double], _ expected: [Double], _ comment: Comment) {
    #expect(actual.count == expected.count, comment)
    #expect(zip(actual, expected).allSatisfy { abs($0 - $1) <= 1e-12 }, comment)
  }
}

struct TreeReference: Decodable {
  var tables: [ReferenceTable]

  static func load() throws -> TreeReference {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
      .appending(path: "tree-reference.json")
    return try JSONDecoder().decode(TreeReference.self, from: Data(contentsOf: file))
  }
}

struct ReferenceTable: Decodable {
  struct Tree: Decodable {
    var parameters: [String: ReferenceParameter]
    var features: [Int]
    var thresholds: [Double]
    var left: [Int]
    var importances: [Double]
    var probabilities: [Double]
  }
  struct Forest: Decodable {
    var parameters: [String: ReferenceParameter]
    var nodes: [Int]
    var features: [Int]
    var thresholds: [Double]
    var importances: [Double]
    var oob: Double?
    var probabilities: [Double]
  }

  var features: [[Double]]
  var labels: [Int]
  var classes: Int
  var trees: [Tree]
  var forests: [Forest]

  var dataset: Dataset {
    Dataset(
      features: Matrix(
        rowCount: features.count, columnCount: features[0].count, elements: features.flatMap(\.self)
      ),
      labels: labels, featureNames: features[0].indices.map { "feature \($0)" },
      classNames: (0..<classes).map { "class \($0)" })
  }
}

/// A hyper-parameter as JSON has it.
struct ReferenceParameter: Decodable, CustomStringConvertible {
  var value: HyperparameterValue
  var description: String { value.description }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      value = .none
    } else if let flag = try? container.decode(Bool.self) {
      value = .boolean(flag)
    } else if let number = try? container.decode(Int.self) {
      value = .integer(number)
    } else if let number = try? container.decode(Double.self) {
      value = .real(number)
    } else {
      value = .text(try container.decode(String.self))
    }
  }
}
