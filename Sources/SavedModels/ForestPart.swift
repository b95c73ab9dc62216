import Classifiers
import JSON
import ModelFiles

/// Some of a forest's trees, whole as they grew, in a file: what several processes grow and one joins.
///
/// A saved model has less: what only describes how trees grew is not in it, and the report of a joined
/// forest needs that.
package struct ForestPart: Sendable {
  /// The number of the first tree, counted from 0.
  package let first: Int
  package let trees: [Tree]
  /// What grew them took, in wall-clock seconds.
  package let seconds: Double

  package init(first: Int, trees: [Tree], seconds: Double) {
    self.first = first
    self.trees = trees
    self.seconds = seconds
  }

  private static let format = "compare-models forest part 1"

  /// What must be the same for trees to be of one forest, as text.
  private static func identity(_ forest: RandomForest, dataSHA256: String) -> String {
    JSONValue.object(
      forest.hyperparameters.map { JSONValue.Member($0.name, JSONValue($0.value)) }
        + [JSONValue.Member("data_sha256", .string(dataSHA256))]
    ).description
  }

  /// The file's bytes.
  ///
  /// - Precondition: there is a tree.
  package func bytes(of forest: RandomForest, dataSHA256: String) -> [UInt8] {
    var ends: [Int32] = []
    var nodes = 0
    for tree in trees {
      nodes += tree.nodeCount
      ends.append(Int32(nodes))
    }
    let classCount = trees[0].classCount
    func tensor<Element: TensorElement>(_ name: String, _ values: (Tree) -> [Element]) -> Tensor {
      Tensor(name, trees.flatMap(values), shape: [nodes])
    }
    return SafetensorsWriter.bytes(
      [
        Tensor("tree_ends", ends, shape: [ends.count]),
        tensor("feature") { $0.features }, tensor("threshold") { $0.thresholds },
        tensor("left_child") { $0.leftChildren }, tensor("right_child") { $0.rightChildren },
        tensor("impurity") { $0.impurities }, tensor("weight") { $0.weights },
        tensor("sample_count") { $0.sampleCounts },
        Tensor(
          "class_shares", trees.flatMap(\.classShares), shape: [nodes, classCount]),
      ],
      metadata: [
        "format": Self.format, "first": "\(first)", "seconds": "\(seconds)",
        "forest": Self.identity(forest, dataSHA256: dataSHA256),
      ])
  }

  /// Reads a file, and checks all of it.
  ///
  /// - Parameters:
  ///   - forest: what the trees must be of.
  ///   - featureCount: how many features the forest knows.
  package init(
    contentsOf path: String, of forest: RandomForest, dataSHA256: String, featureCount: Int
  ) throws(ModelFileError) {
    let file = try SafetensorsFile(contentsOf: path)
    guard file.metadata["format"] == Self.format else {
      throw file.fail("expected trees of a forest that is grown in parts")
    }
    guard file.metadata["forest"] == Self.identity(forest, dataSHA256: dataSHA256) else {
      throw file.fail("the trees are of another forest or of other data")
    }
    guard let first = file.metadata["first"].flatMap({ Int($0) }), first >= 0,
      let seconds = file.metadata["seconds"].flatMap({ Double($0) })
    else { throw file.fail("expected the number of the first tree, and seconds") }
    let ends: [Int32] = try file.elements("tree_ends")
    let features: [Int32] = try file.elements("feature")
    let thresholds: [Double] = try file.elements("threshold")
    let left: [Int32] = try file.elements("left_child")
    let right: [Int32] = try file.elements("right_child")
    let impurities: [Double] = try file.elements("impurity")
    let weights: [Double] = try file.elements("weight")
    let counts: [Int32] = try file.elements("sample_count")
    let classCount = try file.shape("class_shares", rank: 2)[1]
    let shares: [Double] = try file.elements("class_shares")
    let nodeCount = features.count
    guard
      [thresholds.count, left.count, right.count, impurities.count, weights.count, counts.count]
        .allSatisfy({ $0 == nodeCount }), shares.count == nodeCount * classCount,
      ends.last.map({ Int($0) }) == nodeCount, first + ends.count <= forest.treeCount
    else { throw file.fail("the arrays do not have the trees' nodes") }
    var trees: [Tree] = []
    var start = 0
    for end in ends.map({ Int($0) }) {
      guard end > start, end <= nodeCount else { throw file.fail("tree_ends do not ascend") }
      let nodes = start..<end
      do throws(ModelContentError) {
        trees.append(
          try Tree(
            classCount: classCount, featureCount: featureCount,
            features: Array(features[nodes]), thresholds: Array(thresholds[nodes]),
            leftChildren: Array(left[nodes]), rightChildren: Array(right[nodes]),
            impurities: Array(impurities[nodes]), weights: Array(weights[nodes]),
            sampleCounts: Array(counts[nodes]),
            classShares: Array(shares[start * classCount..<end * classCount])))
      } catch {
        throw file.fail("tree \(first + trees.count + 1): \(error)")
      }
      start = end
    }
    self.init(first: first, trees: trees, seconds: seconds)
  }
}
