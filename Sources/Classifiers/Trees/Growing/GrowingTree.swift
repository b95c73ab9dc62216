/// The nodes of a growing tree in the order of their creation; siblings are adjacent.
struct GrowingTree {
  private struct Node {
    var feature = Tree.noFeature
    /// The left child; the right one follows it.
    var left = Tree.noChild
    var threshold = -2.0
    var missingGoesLeft = false
    var summary: NodeSummary
  }

  private let classCount: Int
  private let routesMissing: Bool
  private var nodes: [Node] = []
  /// The classes' weights, `classCount` numbers a node.
  private var classWeights: [Double] = []

  /// - Parameter routesMissing: whether the tree says where samples without a feature go.
  init(classCount: Int, routesMissing: Bool = false) {
    self.classCount = classCount
    self.routesMissing = routesMissing
  }

  /// Removes all nodes and keeps the memory.
  mutating func removeAll() {
    nodes.removeAll(keepingCapacity: true)
    classWeights.removeAll(keepingCapacity: true)
  }

  func summary(_ node: Int) -> NodeSummary { nodes[node].summary }

  /// Adds the root, whose class weights `body` writes.
  mutating func appendRoot<Part>(
    _ body: (UnsafeMutablePointer<Double>) -> Child<Part>
  ) -> Child<Part> {
    classWeights.append(contentsOf: repeatElement(0, count: classCount))
    let root = classWeights.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
    nodes.append(Node(summary: root.summary))
    return root
  }

  /// Splits a node with `body`, which gets the class weights of the node and of its future children.
  ///
  /// If there was a split, the children become the last two nodes.
  mutating func appendChildren<Part>(
    of node: Int,
    _ body: (
      _ classWeights: UnsafePointer<Double>, _ left: UnsafeMutablePointer<Double>,
      _ right: UnsafeMutablePointer<Double>
    ) -> NodeSplit<Part>?
  ) -> NodeSplit<Part>? {
    let end = nodes.count * classCount
    classWeights.append(contentsOf: repeatElement(0, count: 2 * classCount))
    let split = classWeights.withUnsafeMutableBufferPointer { weights in
      let all = weights.baseAddress!
      return body(all + node * classCount, all + end, all + end + classCount)
    }
    if let split {
      nodes.append(Node(summary: split.left.summary))
      nodes.append(Node(summary: split.right.summary))
    } else {
      classWeights.removeLast(2 * classCount)
    }
    return split
  }

  /// The number of nodes; after a split was found, its children are the last two.
  var count: Int { nodes.count }

  /// Records that the node is split, and that its children start at `left`.
  mutating func split<Part>(_ node: Int, by split: NodeSplit<Part>, left: Int) {
    nodes[node].feature = Int32(truncatingIfNeeded: split.feature)
    nodes[node].threshold = split.threshold
    nodes[node].missingGoesLeft = split.missingGoesLeft
    nodes[node].left = Int32(truncatingIfNeeded: left)
  }

  /// The tree of the nodes that are reached from the root, numbered depth first.
  func depthFirstTree() -> Tree {
    var order: [Int32] = []
    order.reserveCapacity(nodes.count)
    var pending: [Int32] = [0]
    while let node = pending.popLast() {
      order.append(node)
      let left = nodes[Int(node)].left
      guard left != Tree.noChild else { continue }
      pending.append(left + 1)
      pending.append(left)
    }
    return tree(order)
  }

  /// The tree of the nodes in this order, which starts with the root and has the children of every inner node.
  func tree(_ order: [Int32]) -> Tree {
    var numbers = [Int32](repeating: Tree.noChild, count: nodes.count)
    for (number, node) in order.enumerated() {
      numbers[Int(node)] = Int32(truncatingIfNeeded: number)
    }
    func number(of node: Int32, offset: Int) -> Int32 {
      node == Tree.noChild ? Tree.noChild : numbers[Int(node) + offset]
    }
    var shares = ClassShares(classCount: classCount)
    shares.reserve(rows: order.count)
    classWeights.withUnsafeBufferPointer { weights in
      for node in order {
        shares.append(
          weights: weights.baseAddress! + Int(node) &* classCount,
          sum: nodes[Int(node)].summary.weight)
      }
    }
    return Tree(
      features: order.map { nodes[Int($0)].feature },
      thresholds: order.map { nodes[Int($0)].threshold },
      leftChildren: order.map { number(of: nodes[Int($0)].left, offset: 0) },
      rightChildren: order.map { number(of: nodes[Int($0)].left, offset: 1) },
      missingGoesLeft: routesMissing ? order.map { nodes[Int($0)].missingGoesLeft } : nil,
      impurities: order.map { nodes[Int($0)].summary.impurity },
      weights: order.map { nodes[Int($0)].summary.weight },
      sampleCounts: order.map { Int32(truncatingIfNeeded: nodes[Int($0)].summary.rowCount) },
      shares: shares)
  }

  /// Every node has samples, its classes' weights sum to its weight, and its children have its samples.
  func assertInvariants() {
    #if DEBUG
      for (number, node) in nodes.enumerated() {
        let own = classWeights[number * classCount..<(number + 1) * classCount].reduce(0, +)
        // Weights that are not whole are rounded.
        func isWeight(_ sum: Double) -> Bool {
          abs(sum - node.summary.weight) <= 1e-9 * node.summary.weight || !sum.isFinite
        }
        precondition(
          node.summary.rowCount > 0 && isWeight(own), "node \(number): classes and weight")
        guard node.left != Tree.noChild else { continue }
        precondition(Int(node.left) > number && Int(node.left) + 1 < nodes.count, "node \(number)")
        let (left, right) = (nodes[Int(node.left)].summary, nodes[Int(node.left) + 1].summary)
        precondition(
          left.rowCount + right.rowCount == node.summary.rowCount
            && isWeight(left.weight + right.weight),
          "the children of node \(number) do not have its samples")
      }
    #endif
  }
}
