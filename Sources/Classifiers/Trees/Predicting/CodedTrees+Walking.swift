import LinearAlgebra

extension CodedTrees {
  /// The mean over all trees of the class shares in the leaf that each row reaches.
  func meanShares(for features: Matrix, threads: Int) -> Matrix {
    let rows = CodedRows(features, for: self, threads: threads)
    let rowCount = features.rowCount
    var result = Matrix(rowCount: rowCount, columnCount: classCount)
    result.withUnsafeMutableElements { output in
      nonisolated(unsafe) let output = output.baseAddress!
      let size = RowBlock.rowCount
      Parallelism.forEach((rowCount + size - 1) / size, threads: threads) { block, _ in
        rows.order.withUnsafeBufferPointer { order in
          writeShares(
            of: UnsafeBufferPointer(
              rebasing: order[block * size..<min(rowCount, (block + 1) * size)]),
            rows, to: output)
        }
      }
    }
    return result
  }

  /// Writes the mean shares of a block of rows.
  private func writeShares(
    of rows: UnsafeBufferPointer<Int32>, _ coded: CodedRows,
    to output: UnsafeMutablePointer<Double>
  ) {
    let block = RowBlock(rows, of: coded, trees: self)
    nodes.withUnsafeBufferPointer { nodes in
      leafShares.withUnsafeBufferPointer { shares in
        for root in roots { addShares(nodes.baseAddress! + root, shares.baseAddress!, block) }
      }
    }
    let treeCount = Double(roots.count)
    for (place, row) in rows.enumerated() {
      let sum = block.sums.start + place * classCount
      for label in 0..<classCount {
        output[Int(row) &* classCount &+ label] = sum[label] / treeCount
      }
    }
  }

  /// Adds one tree's shares to the block's sums.
  private func addShares(
    _ nodes: UnsafePointer<Node>, _ shares: UnsafePointer<Double>, _ block: borrowing RowBlock
  ) {
    let sums = block.sums.start
    block.walkTogether(nodes)
    guard classCount == 2 else {
      return block.walkApart(nodes) { place, row in
        for label in 0..<classCount {
          sums[place &* classCount &+ label] += shares[row &* classCount &+ label]
        }
      }
    }
    // Both numbers at once.
    block.walkApart(nodes) { place, row in
      let share = UnsafeRawPointer(shares + 2 &* row).loadUnaligned(as: SIMD2<Double>.self)
      let sum = UnsafeMutableRawPointer(sums + 2 &* place)
      sum.storeBytes(
        of: sum.loadUnaligned(as: SIMD2<Double>.self) + share, as: SIMD2<Double>.self)
    }
  }

  /// The leaves of a tree numbered from left to right; zero for its inner nodes.
  func leafRanks(root: Int) -> [Int32] {
    var ranks: [Int32] = []
    var leafCount: Int32 = 0
    var pending = [0]
    while let node = pending.popLast() {
      if node >= ranks.count {
        ranks.append(contentsOf: repeatElement(0, count: node + 1 - ranks.count))
      }
      let way = Int(nodes[root + node].way)
      if way == 0 {
        ranks[node] = leafCount
        leafCount += 1
      } else {
        pending.append(node + way + 1)
        pending.append(node + way)
      }
    }
    return ranks
  }
}
