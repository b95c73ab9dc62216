import ModelFiles

/// A grown regression tree of one round, breadth first.
struct BoostedTree: Sendable {
  struct Node: Sendable {
    /// The left child, with the right one next to it; `nil` in leaves.
    var leftChild: Int?
    var feature = 0
    var bin = 0
    var missingGoesLeft = false
    /// The categories that go left; `nil` where numbers are compared.
    var leftCategories: BinSet?
    var gain = 0.0
    var count: Int
    /// Of leaves: what is added to the raw prediction.
    var value: Double
  }

  let nodes: [Node]

  /// Adds the value of each row's leaf to its raw prediction.
  func addValues(to raw: UnsafeMutablePointer<Double>, _ rows: BinnedRows) {
    nodes.withUnsafeBufferPointer { nodes in
      for row in 0..<rows.rowCount {
        var node = nodes[0]
        while let left = node.leftChild {
          let bin = Int(rows.column(node.feature)[row])
          let goesLeft =
            bin == rows.bins[node.feature].missingBin
            ? node.missingGoesLeft : node.leftCategories?.contains(bin) ?? (bin <= node.bin)
          node = nodes[goesLeft ? left : left &+ 1]
        }
        raw[row] += node.value
      }
    }
  }
}
