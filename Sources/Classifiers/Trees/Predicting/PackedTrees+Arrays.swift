/// Packed trees from the arrays of a file, and back; see ``TreeArrays``.
extension PackedTrees {
  /// - Precondition: the arrays describe whole trees that look at no more features than that.
  init(_ arrays: TreeArrays, featureCount: Int) {
    let slotBits = Self.slotBits(featureCount: featureCount)
    let roots = arrays.roots.map(Int.init)
    var nodes: [Node] = []
    nodes.reserveCapacity(arrays.leftChildren.count)
    for (tree, root) in roots.enumerated() {
      let end = tree + 1 < roots.count ? roots[tree + 1] : arrays.leftChildren.count
      for node in root..<end {
        let left = Int(arrays.leftChildren[node])
        guard left >= 0 else {
          nodes.append(Self.leaf(node - root, slotBits: slotBits))
          continue
        }
        let slot = Int(arrays.features[node]) * Self.laneCount
        nodes.append(
          Node(
            threshold: arrays.thresholds[node],
            link: Link(left - root) << Link(slotBits) | Link(slot)))
      }
    }
    self.init(
      classCount: arrays.classCount, nodes: nodes, roots: roots, slotBits: slotBits,
      shareRows: arrays.leftChildren.map { $0 < 0 ? -1 - $0 : 0 }, leafShares: arrays.leafShares)
  }

  private func isLeaf(_ node: Int) -> Bool { nodes[node].threshold == .infinity }

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
