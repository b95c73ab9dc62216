import LinearAlgebra

/// Trees for predicting one row, few rows, or with few trees: nodes of eight bytes (sixteen with wide links), each tree
/// level by level, so that siblings are adjacent and the nodes that all rows visit share cache lines.
///
/// Nodes that say where rows without their feature go compare one of two *sides* of the feature: a value is the same on
/// both, and a missing one is −∞ on the first, which goes left, and ∞ on the second, which goes right. So walking is
/// the same for all trees.
struct PackedTrees<Link: FixedWidthInteger & UnsignedInteger & Sendable>: Hashable, Sendable {
  struct Node: Hashable, Sendable {
    /// As in ``TreeTensors``; infinity in leaves.
    let threshold: Float
    /// The left child, counted from the root, above the `slotBits` bits of the feature's slot. The right child follows
    /// the left one. A leaf leads to itself, so that a row that has arrived stays there.
    let link: Link
  }

  /// The number of rows that walk down a tree side by side, since each step waits for memory.
  static var laneCount: Int { 8 }

  let classCount: Int
  let nodes: [Node]
  /// The index of each tree's first node.
  let roots: [Int]
  /// Two if nodes say where rows without their feature go; otherwise one.
  let sidesPerFeature: Int
  /// The number of a link's bits for the slot: (the feature's index · `sidesPerFeature` + side) · `laneCount`.
  let slotBits: Int
  /// The row of `leafShares` of each leaf; 0 in other nodes.
  let shareRows: [Int32]
  /// `classCount` numbers a row, each row once. Most leaves are pure, so the few rows stay in the cache.
  let leafShares: [Double]

  /// - Parameter sideCount: features · sides per feature.
  static func slotBits(sideCount: Int) -> Int {
    PackedSamples.bitCount(upTo: (sideCount - 1) * laneCount)
  }

  /// The number that nodes compare with their threshold on one side of a feature.
  @inline(__always)
  static func number(_ value: Double, side: Int) -> Float {
    let number = Float(value)
    // Without sides NaN goes left. Infinity is a value, and must not be taken for a missing one.
    return number.isNaN
      ? (side == 0 ? -.infinity : .infinity) : min(number, .greatestFiniteMagnitude)
  }

  /// Whether the links of such trees fit.
  static func fits(sideCount: Int, largestTree: Int) -> Bool {
    slotBits(sideCount: sideCount) + PackedSamples.bitCount(upTo: largestTree)
      <= Link.bitWidth
  }

  init(
    classCount: Int, nodes: [Node], roots: [Int], sidesPerFeature: Int = 1, slotBits: Int,
    shareRows: [Int32], leafShares: [Double]
  ) {
    self.classCount = classCount
    self.nodes = nodes
    self.roots = roots
    self.sidesPerFeature = sidesPerFeature
    self.slotBits = slotBits
    self.shareRows = shareRows
    self.leafShares = leafShares
    assertInvariants()
  }

  /// Every step from a node of a tree leads to one of its nodes, a leaf's to itself, and every leaf names a row
  /// of shares.
  func assertInvariants() {
    #if DEBUG
      for (tree, root) in roots.enumerated() {
        let end = tree + 1 < roots.count ? roots[tree + 1] : nodes.count
        for place in root..<end {
          let left = root + Int(nodes[place].link >> Link(slotBits))
          if nodes[place].threshold == .infinity {
            precondition(
              left == place && (Int(shareRows[place]) + 1) * classCount <= leafShares.count,
              "leaf \(place)")
          } else {
            precondition(left > place && left + 1 < end, "node \(place)")
          }
        }
      }
    #endif
  }

  /// - Parameter missingGoesLeft: `nil` if features have one side.
  static func link(left: Int, feature: Int32, missingGoesLeft: Bool?, slotBits: Int) -> Link {
    let side = missingGoesLeft.map { 2 * Int(feature) + ($0 ? 0 : 1) } ?? Int(feature)
    return Link(left) << Link(slotBits) | Link(side * laneCount)
  }

  /// A leaf that is its tree's node number `place`.
  static func leaf(_ place: Int, slotBits: Int) -> Node {
    Node(threshold: .infinity, link: Link(place) << Link(slotBits))
  }
}
