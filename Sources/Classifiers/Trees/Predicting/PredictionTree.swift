import LinearAlgebra
import ModelFiles

/// What prediction needs of a grown tree, which takes a fifth of its memory: the nodes breadth first, so that siblings
/// are next to each other.
struct PredictionTree: Sendable {
  /// A node as in ``TreeTensors``, but for children and rows of shares, which are counted within the tree.
  fileprivate struct Node: BitwiseCopyable {
    var left: Int32
    var threshold: Float = 0
    var feature: Int32 = 0
    var missingGoesLeft: UInt8 = 0
  }

  fileprivate let nodes: [Node]
  var nodeCount: Int { nodes.count }
  fileprivate let routesMissing: Bool
  /// The distinct rows of shares of all leaves.
  fileprivate let leafShares: ClassShares

  init(_ tree: Tree) {
    var distinct = DistinctRows(classCount: tree.classCount)
    var nodes: [Node] = []
    // `order[i]` is the tree's node that becomes number i.
    var order: [Int32] = [0]
    nodes.reserveCapacity(tree.nodeCount)
    order.reserveCapacity(tree.nodeCount)
    for place in 0..<tree.nodeCount {
      let node = Int(order[place])
      if tree.features[node] == Tree.noFeature {
        nodes.append(Node(left: -1 - distinct.row(node, of: tree.shares)))
      } else {
        let goesLeft = tree.missingGoesLeft?[node] ?? false
        nodes.append(
          Node(
            left: Int32(order.count), threshold: Self.roundedDown(tree.thresholds[node]),
            feature: tree.features[node], missingGoesLeft: goesLeft ? 1 : 0))
        order.append(tree.leftChildren[node])
        order.append(tree.rightChildren[node])
      }
    }
    self.nodes = nodes
    routesMissing = tree.missingGoesLeft != nil
    leafShares = distinct.rows
  }

  /// The largest finite `Float` that is at most the threshold, which sends the same samples left.
  private static func roundedDown(_ threshold: Double) -> Float {
    let rounded = min(Float(threshold), .greatestFiniteMagnitude)
    return Double(rounded) > threshold ? rounded.nextDown : rounded
  }
}

extension TreeTensors {
  /// - Parameter trees: at least one.
  init(_ trees: [PredictionTree], threads: Int) {
    let classCount = trees[0].leafShares.classCount
    var distinct = DistinctRows(classCount: classCount)
    let rowNumbers = trees.map { tree in
      (0..<tree.leafShares.rowCount).map { distinct.row($0, of: tree.leafShares) }
    }
    let nodeCount = trees.reduce(0) { $0 + $1.nodeCount }
    var root: Int32 = 0
    let roots = trees.map { tree in
      defer { root += Int32(tree.nodeCount) }
      return root
    }
    /// A number of each node.
    func list<Number: Sendable>(
      _ number: @Sendable (_ tree: Int, _ node: PredictionTree.Node) -> Number
    ) -> [Number] {
      [Number](unsafeUninitializedCapacity: nodeCount) { numbers, initialized in
        nonisolated(unsafe) let numbers = numbers.baseAddress!
        Parallelism.forEach(trees.count, threads: threads) { tree, _ in
          var place = numbers + Int(roots[tree])
          for node in trees[tree].nodes {
            place.initialize(to: number(tree, node))
            place += 1
          }
        }
        initialized = nodeCount
      }
    }
    let children = list { tree, node in
      node.left < 0 ? -1 - rowNumbers[tree][Int(-1 - node.left)] : roots[tree] + node.left
    }
    self.init(
      classCount: classCount, roots: roots, leftChildren: children,
      thresholds: list { $1.threshold }, features: list { $1.feature },
      missingGoesLeft: trees[0].routesMissing ? list { $1.missingGoesLeft } : nil,
      leafShares: distinct.rows.dense)
  }
}
