import LinearAlgebra

/// Trees for predicting many rows at once: each row is coded once, and rows with the same path walk down together.
///
/// Each feature's thresholds, of all trees together, are numbered in ascending order. A value's *code*
/// is how many of them it exceeds: a row goes right where its code exceeds the threshold's number. The two sides of a
/// feature of ``PackedTrees`` are two features here.
struct CodedTrees: Sendable {
  let classCount: Int
  /// Features · sides per feature.
  let featureCount: Int
  let sidesPerFeature: Int
  let thresholds: [ThresholdCodes<Float>]
  let nodes: [Node]
  /// The index of each tree's first node.
  let roots: [Int]
  /// `classCount` numbers a row.
  let leafShares: [Double]

  /// Eight bytes, so that a tree of some thousand nodes stays in the first-level cache. Four, with bit
  /// fields, were not faster; see Benchmarks/trees.md.
  ///
  /// A leaf compares a feature after the last, whose code is zero in every row, and leads to itself; its number is that
  /// of its row of shares.
  struct Node: BitwiseCopyable, Sendable {
    /// The threshold's number among those of the feature.
    fileprivate(set) var number: UInt16
    /// The offset of the feature's code in a row of codes, in bytes.
    let codeOffset: UInt16
    /// The distance to the left child, which the right one follows; 0 in a leaf.
    let way: UInt32

    static var featureLimit: Int { 1 << 15 }
    static var numberLimit: Int { 1 << 16 - 1 }

    init(feature: Int, way: Int, number: Int) {
      self.number = UInt16(number)
      codeOffset = UInt16(2 * feature)
      self.way = UInt32(way)
    }
  }

  /// - Returns: `nil` if a number does not fit its bits.
  init?(_ trees: PackedTrees<UInt32>, featureCount: Int, threads: Int) {
    let sidesPerFeature = trees.sidesPerFeature
    let featureCount = featureCount * sidesPerFeature
    guard featureCount < Node.featureLimit,
      trees.leafShares.count / max(1, trees.classCount) <= Node.numberLimit
    else { return nil }
    let slotBits = UInt32(trees.slotBits)
    let slotMask = UInt32(1) << slotBits - 1
    // Each inner node's threshold, as ordered bits, above the node's index.
    var keys = [[UInt64]](repeating: [], count: featureCount)
    var nodes: [Node] = []
    nodes.reserveCapacity(trees.nodes.count)
    for (tree, root) in trees.roots.enumerated() {
      let end = tree + 1 < trees.roots.count ? trees.roots[tree + 1] : trees.nodes.count
      for index in root..<end {
        let node = trees.nodes[index]
        if node.threshold == .infinity {
          nodes.append(Node(feature: featureCount, way: 0, number: Int(trees.shareRows[index])))
          continue
        }
        let way = Int(node.link >> slotBits) - (index - root)
        let feature = Int(node.link & slotMask) / PackedTrees<UInt32>.laneCount
        nodes.append(Node(feature: feature, way: way, number: 0))
        keys[feature].append(UInt64(node.threshold.orderedBits) << 32 | UInt64(index))
      }
    }
    let numbered = nodes.withUnsafeMutableBufferPointer { nodes in
      nonisolated(unsafe) let nodes = nodes
      let keys = keys
      return Parallelism.map(featureCount, threads: threads) { feature, _ in
        var keys = keys[feature]
        RadixSort.sort(&keys, bits: 32..<64)
        var values: [Float] = []
        for key in keys {
          let value = Float(orderedBits: UInt32(key >> 32))
          if values.last != value { values.append(value) }
          // Numbers beyond the limit are refused below.
          nodes[Int(key & 0xffff_ffff)].number = UInt16(truncatingIfNeeded: values.count - 1)
        }
        return values
      }
    }
    guard numbered.allSatisfy({ $0.count < Node.numberLimit }) else { return nil }
    thresholds = numbered.enumerated().map { number, values in
      ThresholdCodes(values, missingCode: number % sidesPerFeature == 0 ? 0 : values.count)
    }
    self.sidesPerFeature = sidesPerFeature
    self.nodes = nodes
    self.featureCount = featureCount
    classCount = trees.classCount
    roots = trees.roots
    leafShares = trees.leafShares
    assertInvariants()
  }

  /// Every step from a node of a tree leads to one of its nodes, and every number names a threshold of the
  /// node's feature or a row of shares.
  func assertInvariants() {
    #if DEBUG
      for (tree, root) in roots.enumerated() {
        let end = tree + 1 < roots.count ? roots[tree + 1] : nodes.count
        for place in root..<end {
          let node = nodes[place]
          let feature = Int(node.codeOffset / 2)
          if node.way == 0 {
            precondition(
              feature == featureCount && (Int(node.number) + 1) * classCount <= leafShares.count,
              "leaf \(place)")
          } else {
            precondition(
              place + Int(node.way) + 1 < end && feature < featureCount
                && Int(node.number) < thresholds[feature].count, "node \(place)")
          }
        }
      }
    #endif
  }
}
