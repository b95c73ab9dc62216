/// Trees as the arrays of a file. Entry `i` of the arrays of nodes describes node `i`; nodes are numbered through all
/// trees, tree after tree and breadth first within each.
public struct TreeTensors: ModelTensors {
  package let classCount: Int
  /// Each tree's first node.
  package let roots: [Int32]
  /// In inner nodes the left child, with the right one next to it. In leaves −1 − *r*, where *r* is a
  /// row of `leafShares`.
  package let leftChildren: [Int32]
  /// A sample goes left when its value is at most this; 0 in leaves. The largest `Float` separates samples that have
  /// the feature from those that lack it.
  package let thresholds: [Float]
  /// The feature that a node compares; 0 in leaves.
  package let features: [Int32]
  /// 1 in inner nodes where a sample without the feature goes left, otherwise 0; `nil` if the trees were grown without
  /// missing values.
  package let missingGoesLeft: [UInt8]?
  /// The share of each class in a leaf, `classCount` numbers a row; each row occurs once.
  package let leafShares: [Double]

  /// - Precondition: the arrays describe whole trees.
  package init(
    classCount: Int, roots: [Int32], leftChildren: [Int32], thresholds: [Float], features: [Int32],
    missingGoesLeft: [UInt8]? = nil, leafShares: [Double]
  ) {
    self.classCount = classCount
    self.roots = roots
    self.leftChildren = leftChildren
    self.thresholds = thresholds
    self.features = features
    self.missingGoesLeft = missingGoesLeft
    self.leafShares = leafShares
  }

  /// How many numbers of a feature nodes compare; see `PackedTrees`.
  package var sidesPerFeature: Int { missingGoesLeft == nil ? 1 : 2 }

  private static let missingName = "missing_go_to_left"

  public var list: [Tensor] {
    let missing = missingGoesLeft.map { [Tensor(Self.missingName, $0, shape: [$0.count])] } ?? []
    return missing + [
      Tensor("tree_roots", roots, shape: [roots.count]),
      Tensor("left_child", leftChildren, shape: [leftChildren.count]),
      Tensor("threshold", thresholds, shape: [thresholds.count]),
      Tensor("feature", features, shape: [features.count]),
      Tensor("leaf_shares", leafShares, shape: [leafShares.count / classCount, classCount]),
    ]
  }

  /// Reads and checks the arrays one after the other.
  init(
    _ file: SafetensorsFile, _ description: ModelDescription, treeCount: Int
  ) throws(ModelFileError) {
    try file.checkNames([
      "tree_roots", "left_child", "threshold", "feature", "leaf_shares", Self.missingName,
    ])
    let shareShape = try file.shape("leaf_shares", rank: 2)
    try file.check(classCount: shareShape[1], description, tensor: "leaf_shares")
    let nodes = try file.shape("left_child", rank: 1)
    guard try file.shape("threshold", rank: 1) == nodes, try file.shape("feature", rank: 1) == nodes
    else { throw file.fail("left_child, threshold and feature differ in length") }
    guard try file.shape("tree_roots", rank: 1) == [treeCount] else {
      throw file.fail("tree_roots: expected \(treeCount), as many as the hyper-parameters say")
    }
    classCount = shareShape[1]
    leafShares = try file.elements("leaf_shares")
    for row in 0..<shareShape[0] {
      try file.checkDistribution(
        leafShares[row * classCount..<(row + 1) * classCount], "leaf_shares, row \(row)")
    }
    roots = try file.elements("tree_roots")
    leftChildren = try file.elements("left_child")
    try file.checkTrees(leftChildren, roots: roots, leafRows: shareShape[0])
    thresholds = try file.elements("threshold")
    try Self.check(thresholds: thresholds, leftChildren, file)
    features = try file.elements("feature")
    try Self.check(
      features: features, leftChildren, featureCount: description.featureNames.count, file)
    missingGoesLeft = try Self.missingSides(leftChildren, file)
  }

  /// Reads and checks where samples without a feature go, if the file says it.
  private static func missingSides(
    _ left: [Int32], _ file: SafetensorsFile
  ) throws(ModelFileError) -> [UInt8]? {
    guard file.has(missingName) else { return nil }
    guard try file.shape(missingName, rank: 1) == [left.count] else {
      throw file.fail("\(missingName): expected \(left.count) numbers, one per node")
    }
    let sides = try file.elements(missingName, of: UInt8.self)
    for (node, side) in sides.enumerated() where side > (left[node] < 0 ? 0 : 1) {
      throw file.fail(
        "\(missingName): node \(node) has \(side), expected "
          + (left[node] < 0 ? "0 in a leaf" : "0 or 1"))
    }
    return sides
  }

  private static func check(
    thresholds: [Float], _ left: [Int32], _ file: SafetensorsFile
  ) throws(ModelFileError) {
    for (node, threshold) in thresholds.enumerated() {
      if left[node] < 0 {
        guard threshold == 0 else {
          throw file.fail("threshold: leaf \(node) has \(threshold), expected 0")
        }
      } else {
        guard threshold.isFinite else {
          throw file.fail("threshold: node \(node) has \(threshold)")
        }
      }
    }
  }

  private static func check(
    features: [Int32], _ left: [Int32], featureCount: Int, _ file: SafetensorsFile
  ) throws(ModelFileError) {
    for (node, feature) in features.enumerated() {
      let limit = left[node] < 0 ? 1 : featureCount
      guard feature >= 0, Int(feature) < limit else {
        throw file.fail(
          "feature: node \(node) looks at feature \(feature), expected one below \(limit)")
      }
    }
  }
}
