import LinearAlgebra

/// Trees packed for prediction: 12 bytes a node, level by level, and the distinct class shares of the
/// leaves.
package struct TreePredictor: Hashable, Sendable {
  struct Node: Hashable, Sendable {
    /// The largest `Float` that is at most the threshold, which sends the same samples left.
    var threshold: Float
    var feature: Int32
    /// The left child; the right one stands next to it. A leaf names itself and sends all left, so
    /// that a row that has arrived may go on stepping.
    var left: Int32
  }

  var nodes: [Node]
  let roots: [Int32]
  /// The row of `leafShares` that belongs to each leaf; 0 in other nodes.
  let shareRows: [Int32]
  /// `classCount` numbers a row. Most leaves are pure, so that few rows serve many leaves.
  let leafShares: [Double]
  package let classCount: Int

  init(_ trees: [Tree]) {
    var nodes: [Node] = []
    var shareRows: [Int32] = []
    classCount = trees.first?.classCount ?? 0
    var distinct = DistinctRows(width: classCount)
    let nodeCount = trees.reduce(0) { $0 + $1.nodeCount }
    nodes.reserveCapacity(nodeCount)
    shareRows.reserveCapacity(nodeCount)
    var roots: [Int32] = []
    for tree in trees {
      let root = nodes.count
      roots.append(Int32(root))
      // Breadth first: `order[i]` is the tree's node that is packed as number `root + i`.
      var order: [Int] = [0]
      order.reserveCapacity(tree.nodeCount)
      while nodes.count < root + order.count {
        let node = order[nodes.count - root]
        if tree.features[node] == Tree.noFeature {
          nodes.append(Self.leaf(Int32(nodes.count)))
          shareRows.append(distinct.row(of: tree.classShares, at: node * classCount))
        } else {
          let left = Int32(root + order.count)
          order.append(Int(tree.leftChildren[node]))
          order.append(Int(tree.rightChildren[node]))
          nodes.append(
            Node(
              threshold: Self.roundedDown(tree.thresholds[node]), feature: tree.features[node],
              left: left))
          shareRows.append(0)
        }
      }
    }
    self.nodes = nodes
    self.roots = roots
    self.shareRows = shareRows
    leafShares = distinct.elements
  }

  /// Takes over trees that are packed already.
  init(
    nodes: [Node], roots: [Int32], shareRows: [Int32], leafShares: [Double], classCount: Int
  ) {
    self.nodes = nodes
    self.roots = roots
    self.shareRows = shareRows
    self.leafShares = leafShares
    self.classCount = classCount
  }

  static func leaf(_ index: Int32) -> Node { Node(threshold: .infinity, feature: 0, left: index) }

  private static func roundedDown(_ threshold: Double) -> Float {
    let rounded = Float(threshold)
    return Double(rounded) > threshold ? rounded.nextDown : rounded
  }

  /// The mean over all trees of the class shares in the leaf that each row reaches.
  func meanShares(for features: Matrix, threads: Int) -> Matrix {
    let blockSize = 256
    let width = features.columnCount
    let rowCount = features.rowCount
    let treeCount = Double(roots.count)
    var result = Matrix(rowCount: rowCount, columnCount: classCount)
    result.withUnsafeMutableElements { output in
      nonisolated(unsafe) let output = output
      Parallelism.forEach((rowCount + blockSize - 1) / blockSize, threads: threads) { block, _ in
        let first = block * blockSize
        let count = min(blockSize, rowCount - first)
        features.elements.withUnsafeBufferPointer { elements in
          withUnsafeTemporaryAllocation(of: Float.self, capacity: count * width) { values in
            for index in 0..<(count * width) {
              values[index] = Float(elements[first * width + index])
            }
            let sums = output.baseAddress! + first * classCount
            addShares(UnsafePointer(values.baseAddress!), count: count, width: width, to: sums)
            for index in 0..<(count * classCount) { sums[index] /= treeCount }
          }
        }
      }
    }
    return result
  }

  /// How many rows walk down a tree side by side: a step waits for memory, so several are begun.
  private static var laneCount: Int { 8 }

  /// Adds each tree's shares for `count` rows of `width` values to `sums`, tree after tree.
  private func addShares(
    _ rows: UnsafePointer<Float>, count: Int, width: Int, to sums: UnsafeMutablePointer<Double>
  ) {
    nodes.withUnsafeBufferPointer { nodes in
      leafShares.withUnsafeBufferPointer { shares in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: Self.laneCount) { lanes in
          let nodes = nodes.baseAddress!
          let shares = shares.baseAddress!
          let lanes = lanes.baseAddress!
          for root in roots {
            var first = 0
            while first < count {
              let laneCount = min(Self.laneCount, count &- first)
              let group = rows + first &* width
              if laneCount == Self.laneCount {
                descend(nodes, from: root, group, width: width, lanes, laneCount: Self.laneCount)
              } else {
                descend(nodes, from: root, group, width: width, lanes, laneCount: laneCount)
              }
              for lane in 0..<laneCount {
                let leaf = shares + Int(shareRows[Int(lanes[lane])]) &* classCount
                let sum = sums + (first &+ lane) &* classCount
                for index in 0..<classCount { sum[index] += leaf[index] }
              }
              first &+= laneCount
            }
          }
        }
      }
    }
  }

  /// Leaves in each lane the leaf that its row reaches.
  @inline(__always)
  private func descend(
    _ nodes: UnsafePointer<Node>, from root: Int32, _ rows: UnsafePointer<Float>, width: Int,
    _ lanes: UnsafeMutablePointer<Int32>, laneCount: Int
  ) {
    for lane in 0..<laneCount { lanes[lane] = root }
    var moved: Int32 = 1
    while moved != 0 {
      moved = 0
      for lane in 0..<laneCount {
        let current = lanes[lane]
        let node = nodes[Int(current)]
        let value = rows[lane &* width &+ Int(node.feature)]
        let next = node.left &+ (value <= node.threshold ? 0 : 1)
        moved |= next ^ current
        lanes[lane] = next
      }
    }
  }
}
