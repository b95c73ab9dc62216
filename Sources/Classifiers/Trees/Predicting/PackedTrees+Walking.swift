import LinearAlgebra

extension PackedTrees {
  /// The number of rows that walk down one tree before the next: enough to make loading the tree cheap, few enough that
  /// their values stay in the second-level cache.
  private static func blockSize(sideCount: Int) -> Int {
    max(8, min(128, 16_384 / sideCount)) * laneCount
  }

  /// The mean over all trees of the class shares in the leaf that each row reaches.
  func meanShares(for features: Matrix, threads: Int) -> Matrix {
    let blockSize = Self.blockSize(sideCount: features.columnCount * sidesPerFeature)
    let rowCount = features.rowCount
    let treeCount = Double(roots.count)
    var result = Matrix(rowCount: rowCount, columnCount: classCount)
    result.withUnsafeMutableElements { output in
      nonisolated(unsafe) let output = output
      Parallelism.forEach((rowCount + blockSize - 1) / blockSize, threads: threads) { block, _ in
        let rows = block * blockSize..<min(rowCount, (block + 1) * blockSize)
        let sums = output.baseAddress! + rows.lowerBound * classCount
        addShares(features, rows, to: sums)
        for index in 0..<(rows.count * classCount) { sums[index] /= treeCount }
      }
    }
    return result
  }

  /// Adds each tree's shares for the rows to `sums`, tree after tree.
  private func addShares(
    _ features: Matrix, _ rows: Range<Int>, to sums: UnsafeMutablePointer<Double>
  ) {
    let lanes = Self.laneCount
    let (featureCount, sides) = (features.columnCount, sidesPerFeature)
    let width = featureCount * sides
    let groupCount = (rows.count + lanes - 1) / lanes
    withUnsafeTemporaryAllocation(of: Float.self, capacity: groupCount * lanes * width) { values in
      let values = values.baseAddress!
      // Group by group, feature by feature, row by row: the rows of a group are adjacent.
      features.elements.withUnsafeBufferPointer { elements in
        for index in 0..<(groupCount * lanes) {
          // Lanes without a row of their own repeat the last row.
          let row = min(rows.lowerBound + index, rows.upperBound - 1)
          let place = values + (index / lanes * width * lanes + index % lanes)
          for feature in 0..<featureCount {
            let value = elements[row &* featureCount &+ feature]
            for side in 0..<sides {
              place[(feature &* sides &+ side) &* lanes] = Self.number(value, side: side)
            }
          }
        }
      }
      nodes.withUnsafeBufferPointer { nodes in
        for root in roots {
          for group in 0..<groupCount {
            let leaves = walk(nodes.baseAddress! + root, values + group &* width &* lanes)
            let first = group &* lanes
            add(
              leaves, root: root, to: sums + first &* classCount,
              count: min(lanes, rows.count &- first))
          }
        }
      }
    }
  }

  /// The leaves that the rows of one group reach.
  ///
  /// - Parameter values: `laneCount` rows' values, feature by feature.
  @inline(__always)
  private func walk(_ nodes: UnsafePointer<Node>, _ values: UnsafePointer<Float>) -> Leaves {
    let slotMask = Link(truncatingIfNeeded: 1 &<< slotBits &- 1)
    let slotBits = Link(truncatingIfNeeded: self.slotBits)
    @inline(__always)
    func next(_ current: Int, _ lane: Int) -> Int {
      let node = nodes[current]
      let value = values[Int(truncatingIfNeeded: node.link & slotMask) &+ lane]
      return Int(truncatingIfNeeded: node.link &>> slotBits) &+ (node.threshold < value ? 1 : 0)
    }
    var (a, b, c, d, e, f, g, h) = (0, 0, 0, 0, 0, 0, 0, 0)
    @inline(__always)
    func step() {
      a = next(a, 0)
      b = next(b, 1)
      c = next(c, 2)
      d = next(d, 3)
      e = next(e, 4)
      f = next(f, 5)
      g = next(g, 6)
      h = next(h, 7)
    }
    // Leaves lead to themselves, so additional steps change nothing, and checking after every third is faster than
    // after each.
    while true {
      step()
      step()
      let before = (a, b, c, d, e, f, g, h)
      step()
      let moved =
        (a ^ before.0) | (b ^ before.1) | (c ^ before.2) | (d ^ before.3) | (e ^ before.4)
        | (f ^ before.5) | (g ^ before.6) | (h ^ before.7)
      if moved == 0 { return (a, b, c, d, e, f, g, h) }
    }
  }

  private typealias Leaves = (Int, Int, Int, Int, Int, Int, Int, Int)

  @inline(__always)
  private func add(
    _ leaves: Leaves, root: Int, to sums: UnsafeMutablePointer<Double>, count: Int
  ) {
    shareRows.withUnsafeBufferPointer { shareRows in
      leafShares.withUnsafeBufferPointer { shares in
        @inline(__always)
        func add(_ leaf: Int, _ lane: Int) {
          guard lane < count else { return }
          let leaf = shares.baseAddress! + Int(shareRows[root &+ leaf]) &* classCount
          let sum = sums + lane &* classCount
          for label in 0..<classCount { sum[label] += leaf[label] }
        }
        add(leaves.0, 0)
        add(leaves.1, 1)
        add(leaves.2, 2)
        add(leaves.3, 3)
        add(leaves.4, 4)
        add(leaves.5, 5)
        add(leaves.6, 6)
        add(leaves.7, 7)
      }
    }
  }
}
