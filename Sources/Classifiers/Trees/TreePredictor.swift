import LinearAlgebra

/// Trees packed for prediction: 12 bytes a node, level by level, and every node's class shares.
struct TreePredictor: Hashable, Sendable {
  private struct Node: Hashable, Sendable {
    /// The largest `Float` that is at most the threshold, which sends the same samples left.
    var threshold: Float
    var feature: Int32
    /// The left child; the right one stands next to it. A leaf names itself and sends all left, so
    /// that a row that has arrived may go on stepping.
    var left: Int32
  }

  private let nodes: [Node]
  private let roots: [Int32]
  private let classShares: [Double]
  private let classCount: Int

  init(_ trees: [Tree]) {
    var nodes: [Node] = []
    var shares: [Double] = []
    nodes.reserveCapacity(trees.reduce(0) { $0 + $1.nodeCount })
    classCount = trees.first?.classCount ?? 0
    var roots: [Int32] = []
    for tree in trees {
      let root = nodes.count
      roots.append(Int32(root))
      // Breadth first: `order[i]` is the tree's node that is packed as number `root + i`.
      var order: [Int] = [0]
      order.reserveCapacity(tree.nodeCount)
      while nodes.count < root + order.count {
        let node = order[nodes.count - root]
        shares.append(
          contentsOf: tree.classShares[node * classCount..<(node + 1) * classCount])
        if tree.features[node] == Tree.noFeature {
          nodes.append(Node(threshold: .infinity, feature: 0, left: Int32(nodes.count)))
        } else {
          let left = Int32(root + order.count)
          order.append(Int(tree.leftChildren[node]))
          order.append(Int(tree.rightChildren[node]))
          nodes.append(
            Node(
              threshold: Self.roundedDown(tree.thresholds[node]), feature: tree.features[node],
              left: left))
        }
      }
    }
    self.nodes = nodes
    self.roots = roots
    classShares = shares
  }

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
      classShares.withUnsafeBufferPointer { shares in
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
                let leaf = shares + Int(lanes[lane]) &* classCount
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
