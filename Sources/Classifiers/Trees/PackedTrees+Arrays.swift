/// Packed trees from the arrays of a file, and back; see ``TreeArrays``.
extension PackedTrees {
  /// Trees of that shape, whose thresholds and features are still to be set.
  ///
  /// - Parameter leftChildren: in inner nodes the left child, counted through all trees; in leaves
  ///   −1 − the row of `leafShares`. They must be sound.
  init(
    leftChildren: [Int32], roots: [Int32], leafShares: [Double], classCount: Int,
    featureCount: Int
  ) {
    let slotBits = Self.slotBits(featureCount: featureCount)
    var nodes: [Node] = []
    nodes.reserveCapacity(leftChildren.count)
    for (tree, root) in roots.enumerated() {
      let end = tree + 1 < roots.count ? Int(roots[tree + 1]) : leftChildren.count
      for node in Int(root)..<end {
        let left = leftChildren[node]
        nodes.append(
          left < 0
            ? Self.leaf(node - Int(root), slotBits: slotBits)
            : Node(threshold: 0, link: Link(left - root) << Link(slotBits)))
      }
    }
    self.init(
      classCount: classCount, nodes: nodes, roots: roots.map(Int.init), slotBits: slotBits,
      shareRows: leftChildren.map { $0 < 0 ? -1 - $0 : 0 }, leafShares: leafShares)
  }

  mutating func setThreshold(_ threshold: Float, of node: Int) {
    nodes[node].threshold = threshold
  }

  mutating func setFeature(_ feature: Int32, of node: Int) {
    nodes[node].link |= Link(feature) * Link(Self.laneCount)
  }

  func isLeaf(_ node: Int) -> Bool { nodes[node].threshold == .infinity }

  var arrays: TreeArrays {
    let slotMask = Link(1) << Link(slotBits) - 1
    var leftChildren: [Int32] = []
    leftChildren.reserveCapacity(nodes.count)
    for (tree, root) in roots.enumerated() {
      let end = tree + 1 < roots.count ? roots[tree + 1] : nodes.count
      for node in root..<end {
        leftChildren.append(
          isLeaf(node)
            ? -1 - shareRows[node] : Int32(root + Int(nodes[node].link >> Link(slotBits))))
      }
    }
    return TreeArrays(
      classCount: classCount, roots: roots.map { Int32($0) }, leftChildren: leftChildren,
      thresholds: nodes.map { $0.threshold == .infinity ? 0 : $0.threshold },
      features: nodes.map { Int32($0.link & slotMask) / Int32(Self.laneCount) },
      leafShares: leafShares)
  }
}
