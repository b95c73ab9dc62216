import LinearAlgebra

/// Trees for predicting many rows at once: nodes of four bytes (or eight, where `Word` is wide), so that a
/// whole tree stays in the first-level cache while rows walk down.
///
/// Each feature's thresholds, of all trees together, are numbered in ascending order. A value's *code*
/// is how many of them it exceeds: a row goes right where its code exceeds the threshold's number.
struct CodedTrees<Word: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
  let classCount: Int
  let featureCount: Int
  let thresholds: [ThresholdCodes]
  let nodes: [Node]
  /// Where each tree starts among `nodes`.
  let roots: [Int]
  /// `classCount` numbers a row.
  let leafShares: [Double]

  /// In the high half the threshold's number; in the low half, from its highest bit on, the way to the
  /// left child, which the right one follows, four bits for the feature, and a zero.
  ///
  /// A leaf looks at a feature behind the last, of which every row has the code zero, leads to itself,
  /// and has the row of its shares for a number.
  struct Node: Sendable {
    private var bits: Word

    private static var half: Int { Word.bitWidth / 2 }
    static var wayLimit: Int { 1 << (half - 5) }
    static var featureLimit: Int { 1 << 4 }
    /// Codes have sixteen bits.
    static var numberLimit: Int { 1 << 16 - 1 }

    init(feature: Int, way: Int, number: Int) {
      bits = Word(truncatingIfNeeded: number << Self.half | way << 5 | feature << 1)
    }

    mutating func set(number: Int) { bits |= Word(truncatingIfNeeded: number << Self.half) }

    @inline(__always) var number: UInt32 {
      UInt32(truncatingIfNeeded: bits &>> Word(truncatingIfNeeded: Self.half))
    }
    @inline(__always) var way: Int {
      Int(truncatingIfNeeded: (bits & (.max >> Word(truncatingIfNeeded: Self.half))) &>> 5)
    }
    /// Twice the feature: where a code stands in a row of them, in bytes.
    @inline(__always) var codeOffset: Int { Int(truncatingIfNeeded: bits & 0x1e) }
  }

  /// - Returns: `nil` where something does not fit its bits.
  init?(_ trees: PackedTrees<UInt32>, featureCount: Int, threads: Int) {
    guard featureCount < Node.featureLimit,
      trees.leafShares.count / max(1, trees.classCount) <= Node.numberLimit
    else { return nil }
    let slotBits = UInt32(trees.slotBits)
    let slotMask = UInt32(1) << slotBits - 1
    // What is to be numbered: each inner node's threshold, as bits in its order, above the node.
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
        guard way < Node.wayLimit else { return nil }
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
          nodes[Int(key & 0xffff_ffff)].set(number: values.count - 1)
        }
        return values
      }
    }
    guard numbered.allSatisfy({ $0.count < Node.numberLimit }) else { return nil }
    thresholds = numbered.map { ThresholdCodes($0) }
    self.nodes = nodes
    self.featureCount = featureCount
    classCount = trees.classCount
    roots = trees.roots
    leafShares = trees.leafShares
  }
}
