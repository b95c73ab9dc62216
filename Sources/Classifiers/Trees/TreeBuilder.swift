/// Decides which node is divided next and when a branch ends.
struct TreeBuilder<Divider: NodeDivider> {
  private let rules: GrowthRules
  private var tree: GrowingTree
  private var pending: [PendingNode] = []

  init(rules: GrowthRules, classCount: Int) {
    self.rules = rules
    tree = GrowingTree(classCount: classCount)
  }

  /// Grows one tree from the divider's samples.
  mutating func grow(_ divider: inout Divider) -> Tree {
    tree.removeAll()
    let grown =
      rules.maximumLeafCount.map { growBestFirst(&divider, maximumLeafCount: $0) }
      ?? growDepthFirst(&divider)
    return grown.pruned(alpha: rules.pruningAlpha)
  }

  // MARK: - Depth first

  private struct PendingNode {
    var node: Int
    var part: Divider.Part
    var depth: Int
    var constantCount: Int
  }

  private mutating func growDepthFirst(_ divider: inout Divider) -> Tree {
    let root = tree.appendRoot { divider.root(classWeights: $0) }
    let minimumLeafWeight = divider.minimumLeafWeight
    push(
      PendingNode(node: 0, part: root.part, depth: 0, constantCount: 0), minimumLeafWeight)
    while var next = pending.popLast() {
      let facts = tree.facts(next.node)
      let division = tree.divide(next.node) { weights, left, right in
        divider.divide(
          next.part, facts, classWeights: weights, constantCount: &next.constantCount,
          left: left, right: right)
      }
      guard let division else { continue }
      let left = tree.count - 2
      tree.split(
        next.node, feature: division.feature, threshold: division.threshold, left: left)
      // The left child, pushed last, grows first: random draws follow scikit-learn's order.
      push(
        PendingNode(
          node: left + 1, part: division.right.part, depth: next.depth + 1,
          constantCount: next.constantCount), minimumLeafWeight)
      push(
        PendingNode(
          node: left, part: division.left.part, depth: next.depth + 1,
          constantCount: next.constantCount), minimumLeafWeight)
    }
    return tree.depthFirstTree()
  }

  /// Keeps a node for later unless it is a leaf already.
  private mutating func push(_ node: PendingNode, _ minimumLeafWeight: Double) {
    guard
      !rules.mustStop(
        tree.facts(node.node), depth: node.depth, minimumLeafWeight: minimumLeafWeight)
    else { return }
    pending.append(node)
  }

  // MARK: - Best first

  /// A node whose division was made but not yet taken into the tree.
  private struct FrontierNode: Prioritized {
    var node: Int
    var depth: Int
    var division: (Division<Divider.Part>, left: Int)?
    var priority: Double { division?.0.improvement ?? 0 }
  }

  private mutating func growBestFirst(
    _ divider: inout Divider, maximumLeafCount: Int
  ) -> Tree {
    var frontier = Frontier<FrontierNode>()
    let root = tree.appendRoot { divider.root(classWeights: $0) }
    frontier.push(frontierNode(0, root.part, depth: 0, &divider))
    var order: [Int32] = [0]
    while let next = frontier.pop() {
      guard let (division, left) = next.division, order.count < 2 * maximumLeafCount - 1
      else { continue }
      tree.split(
        next.node, feature: division.feature, threshold: division.threshold, left: left)
      order.append(Int32(left))
      order.append(Int32(left + 1))
      let leftNode = frontierNode(left, division.left.part, depth: next.depth + 1, &divider)
      let rightNode = frontierNode(
        left + 1, division.right.part, depth: next.depth + 1, &divider)
      frontier.push(leftNode)
      frontier.push(rightNode)
    }
    return tree.tree(order)
  }

  private mutating func frontierNode(
    _ node: Int, _ part: Divider.Part, depth: Int, _ divider: inout Divider
  ) -> FrontierNode {
    let facts = tree.facts(node)
    guard
      !rules.mustStop(facts, depth: depth, minimumLeafWeight: divider.minimumLeafWeight)
    else { return FrontierNode(node: node, depth: depth, division: nil) }
    // Growing best first, scikit-learn forgets which features were constant above.
    var constantCount = 0
    let division = tree.divide(node) { weights, left, right in
      divider.divide(
        part, facts, classWeights: weights, constantCount: &constantCount, left: left,
        right: right)
    }
    return FrontierNode(
      node: node, depth: depth, division: division.map { ($0, left: tree.count - 2) })
  }
}
