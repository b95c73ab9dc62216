/// Decides which node is split next and which is a leaf.
struct TreeBuilder<Splitting: NodeSplitter & ~Copyable> {
  private let rules: GrowthRules
  private var tree: GrowingTree
  private var pending: [PendingNode] = []

  init(rules: GrowthRules, classCount: Int, routesMissing: Bool) {
    self.rules = rules
    tree = GrowingTree(classCount: classCount, routesMissing: routesMissing)
  }

  /// Grows one tree from the splitter's samples.
  mutating func grow(_ splitter: inout Splitting) -> Tree {
    tree.removeAll()
    let grown =
      rules.maximumLeafCount.map { growBestFirst(&splitter, maximumLeafCount: $0) }
      ?? growDepthFirst(&splitter)
    tree.assertInvariants()
    return grown.pruned(alpha: rules.pruningAlpha)
  }

  // MARK: - Depth first

  private struct PendingNode {
    var node: Int
    var part: Splitting.Part
    var depth: Int
    var constantCount: Int
  }

  private mutating func growDepthFirst(_ splitter: inout Splitting) -> Tree {
    let root = tree.appendRoot { splitter.root(classWeights: $0) }
    let minimumLeafWeight = splitter.minimumLeafWeight
    push(
      PendingNode(node: 0, part: root.part, depth: 0, constantCount: 0), minimumLeafWeight)
    while var next = pending.popLast() {
      let summary = tree.summary(next.node)
      let split = tree.appendChildren(of: next.node) { weights, left, right in
        splitter.split(
          next.part, summary, classWeights: weights, constantCount: &next.constantCount,
          left: left, right: right)
      }
      guard let split else { continue }
      let left = tree.count - 2
      tree.split(next.node, by: split, left: left)
      // The left child, pushed last, grows first: random draws follow scikit-learn's order.
      push(
        PendingNode(
          node: left + 1, part: split.right.part, depth: next.depth + 1,
          constantCount: next.constantCount), minimumLeafWeight)
      push(
        PendingNode(
          node: left, part: split.left.part, depth: next.depth + 1,
          constantCount: next.constantCount), minimumLeafWeight)
    }
    return tree.depthFirstTree()
  }

  /// Keeps a node for later unless it is a leaf.
  private mutating func push(_ node: PendingNode, _ minimumLeafWeight: Double) {
    guard
      !rules.mustStop(
        tree.summary(node.node), depth: node.depth, minimumLeafWeight: minimumLeafWeight)
    else { return }
    pending.append(node)
  }

  // MARK: - Best first

  /// A node whose split was found but is not in the tree yet.
  private struct FrontierNode: Prioritized {
    var node: Int
    var depth: Int
    var found: (split: NodeSplit<Splitting.Part>, left: Int)?
    var priority: Double { found?.split.improvement ?? 0 }
  }

  private mutating func growBestFirst(
    _ splitter: inout Splitting, maximumLeafCount: Int
  ) -> Tree {
    var frontier = Frontier<FrontierNode>()
    let root = tree.appendRoot { splitter.root(classWeights: $0) }
    frontier.push(frontierNode(0, root.part, depth: 0, &splitter))
    var order: [Int32] = [0]
    while let next = frontier.pop() {
      guard let (split, left) = next.found, order.count < 2 * maximumLeafCount - 1
      else { continue }
      tree.split(next.node, by: split, left: left)
      order.append(Int32(left))
      order.append(Int32(left + 1))
      let leftNode = frontierNode(left, split.left.part, depth: next.depth + 1, &splitter)
      let rightNode = frontierNode(left + 1, split.right.part, depth: next.depth + 1, &splitter)
      frontier.push(leftNode)
      frontier.push(rightNode)
    }
    return tree.tree(order)
  }

  private mutating func frontierNode(
    _ node: Int, _ part: Splitting.Part, depth: Int, _ splitter: inout Splitting
  ) -> FrontierNode {
    let summary = tree.summary(node)
    guard
      !rules.mustStop(summary, depth: depth, minimumLeafWeight: splitter.minimumLeafWeight)
    else { return FrontierNode(node: node, depth: depth, found: nil) }
    // Growing best first, scikit-learn forgets which features were constant above.
    var constantCount = 0
    let split = tree.appendChildren(of: node) { weights, left, right in
      splitter.split(
        part, summary, classWeights: weights, constantCount: &constantCount, left: left,
        right: right)
    }
    return FrontierNode(
      node: node, depth: depth, found: split.map { ($0, left: tree.count - 2) })
  }
}
