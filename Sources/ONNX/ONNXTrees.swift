/// Trees as the attributes of the operator `TreeEnsemble`: a row goes to a node's left child when its value is at most the
/// threshold.
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

  public mutating func addNode(
    feature: Int, threshold: Double, missingGoesLeft isLeft: Bool, left: Child, right: Child
  ) {
    features.append(feature)
    thresholds.append(threshold)
    missingGoesLeft.append(isLeft ? 1 : 0)
    self.left.append(left)
    self.right.append(right)
  }

  /// Adds a leaf of the tree that was begun last; several nodes may lead to it.
  public mutating func addLeaf(_ value: Double) -> Child {
    leafTrees.append(roots.count - 1)
    leafValues.append(value)
    return .leaf(leafValues.count - 1)
  }

  var attributes: KeyValuePairs<String, ONNXAttribute> {
    [
      // The sum of one leaf.
      "aggregate_function": .integer(1),
      "n_targets": .integer(treeCount),
      "tree_roots": .integers(roots),
      "nodes_featureids": .integers(features),
      "nodes_splits": .tensor(ONNXTensor(thresholds)),
      // At most.
      "nodes_modes": .tensor(ONNXTensor(bytes: [UInt8](repeating: 0, count: nodeCount))),
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
