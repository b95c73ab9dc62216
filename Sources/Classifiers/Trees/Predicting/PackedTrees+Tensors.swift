import LinearAlgebra
import ModelFiles

/// Packed trees from the arrays of a file, and back.
extension PackedTrees {
  /// - Precondition: the arrays describe whole trees that look at no more features than that.
  init(_ tensors: TreeTensors, featureCount: Int, threads: Int) {
    let slotBits = Self.slotBits(sideCount: featureCount * tensors.sidesPerFeature)
    let roots = tensors.roots.map(Int.init)
    let count = tensors.leftChildren.count
    let nodes = [Node](unsafeUninitializedCapacity: count) { nodes, initialized in
      nonisolated(unsafe) let nodes = nodes.baseAddress!
      Parallelism.forEach(roots.count, threads: threads) { tree, _ in
        let root = roots[tree]
        for node in root..<(tree + 1 < roots.count ? roots[tree + 1] : count) {
          let left = Int(tensors.leftChildren[node])
          (nodes + node).initialize(
            to: left < 0
              ? Self.leaf(node - root, slotBits: slotBits)
              : Node(
                threshold: tensors.thresholds[node],
                link: Self.link(
                  left: left - root, feature: tensors.features[node],
                  missingGoesLeft: tensors.missingGoesLeft.map { $0[node] == 1 },
                  slotBits: slotBits)))
        }
      }
      initialized = count
    }
    self.init(
      classCount: tensors.classCount, nodes: nodes, roots: roots,
      sidesPerFeature: tensors.sidesPerFeature, slotBits: slotBits,
      shareRows: tensors.leftChildren.map { $0 < 0 ? -1 - $0 : 0 }, leafShares: tensors.leafShares)
  }

  private func isLeaf(_ node: Int) -> Bool { nodes[node].threshold == .infinity }

  var tensors: TreeTensors {
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
    let sides = nodes.map { Int($0.link & slotMask) / Self.laneCount }
    return TreeTensors(
      classCount: classCount, roots: roots.map { Int32($0) }, leftChildren: leftChildren,
      thresholds: nodes.map { $0.threshold == .infinity ? 0 : $0.threshold },
      features: sides.map { Int32($0 / sidesPerFeature) },
      missingGoesLeft: sidesPerFeature == 2
        ? nodes.indices.map { isLeaf($0) || sides[$0] % 2 == 1 ? 0 : 1 } : nil,
      leafShares: leafShares)
  }
}
