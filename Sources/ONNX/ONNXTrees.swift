/// Trees as the attributes of the operator `TreeEnsemble`: a row goes to a node's left child when its value is at most the
/// threshold, or one of some numbers.
public struct ONNXTrees: Sendable {
  /// A node, or a leaf.
  public enum Child: Sendable {
    case node(Int)
    case leaf(Int)

    var index: Int {
      switch self {
      case .node(let index), .leaf(let index): index
      }
    }

    var isLeaf: Bool {
      switch self {
      case .node: false
      case .leaf: true
      }
    }
  }

  private var roots: [Int] = []
  private var features: [Int] = []
  private var thresholds: [Double] = []
  /// How nodes compare: 0 is at most, 6 is being a member.
  private var modes: [UInt8] = []
  /// The values of each node that compares with some, each node's ended by NaN.
  private var members: [Double] = []
  private var missingGoesLeft: [Int] = []
  private var left: [Child] = []
  private var right: [Child] = []
  private var leafTrees: [Int] = []
  private var leafValues: [Double] = []

  public init() {}

  public var treeCount: Int { roots.count }
  /// The number that the next node has, counted through all trees.
  public var nodeCount: Int { features.count }

  /// Begins a tree: the next node is its root.
  public mutating func beginTree() { roots.append(nodeCount) }

  /// What sends a row to the left child.
  public enum Test: Sendable {
    case atMost(Double, missingGoesLeft: Bool)
    /// Being one of these whole numbers, of which there is at least one; onnxruntime takes no others.
    case oneOf([Int])
  }

  public mutating func addNode(feature: Int, _ test: Test, left: Child, right: Child) {
    features.append(feature)
    switch test {
    case .atMost(let threshold, let isLeft):
      modes.append(0)
      thresholds.append(threshold)
      missingGoesLeft.append(isLeft ? 1 : 0)
    case .oneOf(let values):
      modes.append(6)
      thresholds.append(0)
      missingGoesLeft.append(0)
      members += values.map { Double($0) } + [.nan]
    }
    self.left.append(left)
    self.right.append(right)
  }

  /// Adds a leaf of the tree that was begun last; several nodes may lead to it.
  public mutating func addLeaf(_ value: Double) -> Child {
    leafTrees.append(roots.count - 1)
    leafValues.append(value)
    return .leaf(leafValues.count - 1)
  }

  var attributes: KeyValuePairs<String, ONNXAttribute?> {
    [
      // The sum of one leaf.
      "aggregate_function": .integer(1),
      "n_targets": .integer(treeCount),
      "tree_roots": .integers(roots),
      "nodes_featureids": .integers(features),
      "nodes_splits": .tensor(ONNXTensor(thresholds)),
      "nodes_modes": .tensor(ONNXTensor(bytes: modes)),
      "membership_values": members.isEmpty ? nil : .tensor(ONNXTensor(members)),
      "nodes_missing_value_tracks_true": .integers(missingGoesLeft),
      "nodes_truenodeids": .integers(left.map(\.index)),
      "nodes_trueleafs": .integers(left.map { $0.isLeaf ? 1 : 0 }),
      "nodes_falsenodeids": .integers(right.map(\.index)),
      "nodes_falseleafs": .integers(right.map { $0.isLeaf ? 1 : 0 }),
      "leaf_targetids": .integers(leafTrees),
      "leaf_weights": .tensor(ONNXTensor(leafValues)),
    ]
  }
}

extension ONNXGraph {
  /// The value of the leaf that each row reaches in each tree: a row per sample, a column per tree, in double precision.
  ///
  /// Each tree has a column of its own, so that nothing is added in an order that the runtime chooses.
  public mutating func leaves(of trees: ONNXTrees, _ features: ONNXValue) -> ONNXValue {
    node("TreeEnsemble", features, operators: .machineLearning, attributes: trees.attributes)
  }
}
