import Classifiers
import Datasets
import Foundation
import LinearAlgebra
import Support
import TestSupport
import Testing

/// Trees and forests as scikit-learn 1.9.1 grows them on tables of up to 20,000 rows, with many
/// combinations of hyper-parameters; `make_grown_tree_reference.py` made
/// `grown-tree-reference.json`. Features, thresholds, children, sample counts and impurities are
/// compared to the last bit, by their digests.
@Suite struct `Trees of larger tables, grown as by scikit-learn 1.9.1` {
  static let reference = try! GrownTreeReference.load()

  @Test(arguments: 0..<6)
  func `the larger table is the one that the reference was made from`(number: Int) {
    let table = Self.reference.tables[number]
    let dataset = table.shape.dataset
    var bytes = Digest()
    bytes.append(dataset.features.elements)
    bytes.append(dataset.labels.map { Int32($0) })
    #expect(bytes.hexadecimal == table.table)
  }

  @Test(arguments: 0..<6)
  func `every tree of a larger table is scikit-learn's`(number: Int) throws {
    let table = Self.reference.tables[number]
    let dataset = table.shape.dataset
    for expected in nonEmpty(table.trees) {
      var classifier = DecisionTree(seed: UInt32(number))
      try expected.set(on: &classifier)
      let tree = try classifier.fit(dataset, threads: 1).tree
      let comment = Comment(rawValue: "\(expected.parameters)")
      #expect(tree.nodeCount == expected.nodes[0], comment)
      #expect(digest([tree]) == expected.sha256, comment)
    }
  }

  @Test(arguments: 0..<6)
  func `every forest of a larger table is scikit-learn's`(number: Int) throws {
    let table = Self.reference.tables[number]
    let dataset = table.shape.dataset
    for expected in nonEmpty(table.forests) {
      var classifier = RandomForest(treeCount: 5, seed: UInt32(number))
      try expected.set(on: &classifier)
      let model = try classifier.fit(dataset, threads: 2)
      let comment = Comment(rawValue: "\(expected.parameters)")
      let trees = try classifier.trees(grownFrom: dataset, threads: 2)
      #expect(trees.map(\.nodeCount) == expected.nodes, comment)
      #expect(digest(trees) == expected.sha256, comment)
      #expect(model.outOfBagScore == expected.oob, comment)
    }
  }

  private func digest(_ trees: [Tree]) -> String {
    var digest = Digest()
    for tree in trees {
      digest.append(tree.features)
      digest.append(tree.thresholds)
      digest.append(tree.leftChildren)
      digest.append(tree.sampleCounts)
      digest.append(tree.impurities)
    }
    return digest.hexadecimal
  }
}

/// Collects numbers as little-endian bytes.
struct Digest {
  private var bytes: [UInt8] = []

  mutating func append(_ numbers: [Double]) {
    for number in numbers {
      withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  mutating func append(_ numbers: [Int32]) {
    for number in numbers {
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  mutating func append(_ bytes: [UInt8]) { self.bytes += bytes }

  var hexadecimal: String { SHA256.hexDigest(of: bytes) }
}

struct GrownTreeReference: Decodable {
  struct Table: Decodable {
    var shape: Shape
    /// The digest of the features, row by row, and of the labels.
    var table: String
    var trees: [Model]
    var forests: [Model]
  }

  struct Model: Decodable {
    var parameters: [String: ReferenceParameter]
    var nodes: [Int]
    var sha256: String
    var oob: Double?

    func set(on classifier: inout some Classifier) throws {
      for (name, parameter) in parameters { try classifier.set(name, to: parameter.value) }
    }
  }

  /// How a table is drawn, step for step as the script does it.
  struct Shape: Decodable {
    var seed: UInt32
    var rows: Int
    /// 0: continuous; above: that many values; −1: constant; −2: the first column again.
    var columns: [Int]
    var classes: Int
    var noise: Double

    var dataset: Dataset {
      var draw = MersenneTwister(seed: seed)
      var features = Matrix(rowCount: rows, columnCount: columns.count)
      for (column, kind) in columns.enumerated() {
        for row in 0..<rows {
          features[row, column] =
            switch kind {
            case 0: draw.nextUnit()
            case 1...: Double(draw.next(upTo: UInt32(kind - 1))) / Double(kind)
            case -1: 0.5
            default: features[row, 0]
            }
        }
      }
      let twins = (0..<rows / 10).map { _ in Int(draw.next(upTo: UInt32(rows - 1))) }
      let originals = features
      for (row, twin) in twins.enumerated() {
        for column in columns.indices { features[row, column] = originals[twin, column] }
      }
      var labels = (0..<rows).map { row in
        let score =
          features[row, 0] + features[row, 1] - features[row, 2] + 1 + noise * draw.nextUnit()
        return Int((score * (Double(classes) / (3 + noise))).rounded(.down))
      }
      for label in 0..<classes { labels[label] = label }
      return Dataset(
        features: features, labels: labels, featureNames: columns.indices.map { "feature \($0)" },
        classNames: (0..<classes).map { "class \($0)" })
    }
  }

  var tables: [Table]

  static func load() throws -> GrownTreeReference {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
      .appending(path: "grown-tree-reference.json")
    return try JSONDecoder().decode(GrownTreeReference.self, from: Data(contentsOf: file))
  }
}
