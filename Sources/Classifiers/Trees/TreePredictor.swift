import LinearAlgebra

/// Trees packed for prediction: 16 bytes a node, and every node's class shares.
struct TreePredictor: Hashable, Sendable {
  private struct Node: Hashable, Sendable {
    /// The largest `Float` that is at most the threshold, which sends the same samples left.
    var threshold: Float
    /// −1 in a leaf.
    var feature: Int32
    var left: Int32
    var right: Int32
  }

  private let nodes: [Node]
  private let roots: [Int]
  private let classShares: [Double]
  private let classCount: Int

  init(_ trees: [Tree]) {
    var nodes: [Node] = []
    nodes.reserveCapacity(trees.reduce(0) { $0 + $1.nodeCount })
    var roots: [Int] = []
    for tree in trees {
      let root = Int32(nodes.count)
      roots.append(nodes.count)
      for node in 0..<tree.nodeCount {
        let isLeaf = tree.features[node] == Tree.noFeature
        nodes.append(
          Node(
            threshold: Self.roundedDown(tree.thresholds[node]),
            feature: isLeaf ? -1 : tree.features[node],
            left: isLeaf ? -1 : root + tree.leftChildren[node],
            right: isLeaf ? -1 : root + tree.rightChildren[node]))
      }
    }
    self.nodes = nodes
    self.roots = roots
    classShares = trees.flatMap(\.classShares)
    classCount = trees.first?.classCount ?? 0
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

  /// Adds each tree's shares for `count` rows of `width` values to `sums`, tree after tree.
  private func addShares(
    _ rows: UnsafePointer<Float>, count: Int, width: Int, to sums: UnsafeMutablePointer<Double>
  ) {
    nodes.withUnsafeBufferPointer { nodes in
      classShares.withUnsafeBufferPointer { shares in
        for root in roots {
          for row in 0..<count {
            let values = rows + row &* width
            var node = root
            while nodes[node].feature >= 0 {
              let goesLeft = values[Int(nodes[node].feature)] <= nodes[node].threshold
              node = Int(goesLeft ? nodes[node].left : nodes[node].right)
            }
            for index in 0..<classCount {
              sums[row &* classCount &+ index] += shares[node &* classCount &+ index]
            }
          }
        }
      }
    }
  }
}
