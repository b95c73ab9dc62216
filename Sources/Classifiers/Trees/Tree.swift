/// A grown tree with everything that scikit-learn's table has: entry `i` of every array describes node `i`, and node 0
/// is the root.
public struct Tree: Hashable, Sendable {
  /// A leaf's feature.
  public static let noFeature: Int32 = -2
  /// A leaf's children.
  public static let noChild: Int32 = -1

  public var classCount: Int { shares.classCount }
  /// The feature that a node compares; `noFeature` in leaves.
  public internal(set) var features: [Int32] = []
  /// A sample goes left when its value, as a `Float`, is at most this; −2 in leaves. Infinity
  /// separates samples that have the feature from those that lack it.
  public internal(set) var thresholds: [Double] = []
  public internal(set) var leftChildren: [Int32] = []
  public internal(set) var rightChildren: [Int32] = []
  /// Whether a sample that lacks a node's feature goes left; false in leaves. `nil` if the tree was grown without
  /// missing values.
  public internal(set) var missingGoesLeft: [Bool]?
  /// The criterion's value over a node's samples.
  public internal(set) var impurities: [Double] = []
  /// The sum of the weights of a node's samples.
  public internal(set) var weights: [Double] = []
  /// How many distinct samples reached a node.
  public internal(set) var sampleCounts: [Int32] = []
  /// The share of each class in each node.
  var shares: ClassShares

  /// The share of each class in a node, `classCount` numbers a node.
  public var classShares: [Double] { shares.dense }

  public var nodeCount: Int { features.count }
  public var leafCount: Int { features.lazy.filter { $0 == Self.noFeature }.count }

  /// The length of the longest path from the root to a leaf.
  public var depth: Int {
    var depths = [Int](repeating: 0, count: nodeCount)
    for node in 0..<nodeCount where features[node] != Self.noFeature {
      depths[Int(leftChildren[node])] = depths[node] + 1
      depths[Int(rightChildren[node])] = depths[node] + 1
    }
    return depths.max() ?? 0
  }

  /// Each feature's share of the decrease of impurity; all zero for a tree without a split.
  ///
  /// - SeeAlso: Breiman and others, "Classification and Regression Trees", 1984.
  public func featureImportances(featureCount: Int) -> [Double] {
    var importances = [Double](repeating: 0, count: featureCount)
    for node in 0..<nodeCount where features[node] != Self.noFeature {
      let left = Int(leftChildren[node])
      let right = Int(rightChildren[node])
      importances[Int(features[node])] +=
        weights[node] * impurities[node] - weights[left] * impurities[left]
        - weights[right] * impurities[right]
    }
    for feature in importances.indices { importances[feature] /= weights[0] }
    let total = importances.reduce(0, +)
    guard total > 0 else { return importances }
    return importances.map { $0 / total }
  }
}
