import LinearAlgebra

/// Rows as codes of ``CodedTrees``, and an order in which rows with similar paths are adjacent.
struct CodedRows {
  /// The codes of each row, in the given order, followed by a zero, which leaves compare.
  let codes: [UInt16]
  /// The rows in the order of their leaves in the first tree, from left to right, and within a leaf in that of the
  /// second tree.
  let order: [Int32]

  /// The number of trees that decide the order: a third one would cost more than it saves.
  private static let orderingTreeCount = 2
  private static let blockSize = 1024

  init(_ features: Matrix, for trees: CodedTrees, threads: Int) {
    let rowCount = features.rowCount
    let width = trees.featureCount + 1
    let orderings = trees.roots.prefix(Self.orderingTreeCount).map {
      (root: $0, ranks: trees.leafRanks(root: $0))
    }
    var leaves = [[Int32]](
      repeating: [Int32](repeating: 0, count: rowCount), count: orderings.count)
    codes = [UInt16](unsafeUninitializedCapacity: rowCount * width) { codes, initialized in
      nonisolated(unsafe) let codes = codes.baseAddress!
      let blockCount = (rowCount + Self.blockSize - 1) / Self.blockSize
      @Sendable func rows(_ block: Int) -> Range<Int> {
        block * Self.blockSize..<min(rowCount, (block + 1) * Self.blockSize)
      }
      Parallelism.forEach(blockCount, threads: threads) { block, _ in
        let rows = rows(block)
        Self.code(features, rows, trees, into: codes + rows.lowerBound * width)
      }
      for (number, ordering) in orderings.enumerated() {
        leaves[number].withUnsafeMutableBufferPointer { leaves in
          nonisolated(unsafe) let leaves = leaves
          Parallelism.forEach(blockCount, threads: threads) { block, _ in
            trees.nodes.withUnsafeBufferPointer { nodes in
              let nodes = nodes.baseAddress! + ordering.root
              let rows = rows(block)
              for first in stride(from: rows.lowerBound, to: rows.upperBound, by: 4) {
                let found = FourRows(codes, width: width, first: first, count: rowCount)
                  .leaves(nodes, from: 0)
                for lane in 0..<min(4, rowCount - first) {
                  leaves[first + lane] = ordering.ranks[found[lane]]
                }
              }
            }
          }
        }
      }
      initialized = rowCount * width
    }
    var order = (0..<rowCount).map { Int32($0) }
    for (leaves, ordering) in zip(leaves, orderings).reversed() {
      order = Self.sorted(order, by: leaves, limit: ordering.ranks.count)
    }
    self.order = order
  }

  /// Writes the codes of some rows, the first row's first.
  static func code(
    _ features: Matrix, _ rows: Range<Int>, _ trees: CodedTrees,
    into codes: UnsafeMutablePointer<UInt16>
  ) {
    let width = trees.featureCount
    let sides = trees.sidesPerFeature
    features.elements.withUnsafeBufferPointer { elements in
      for feature in 0..<width {
        trees.thresholds[feature].withCodes { code in
          let column = feature / sides
          for (place, row) in rows.enumerated() {
            codes[place &* (width &+ 1) &+ feature] = code(
              Float(elements[row &* features.columnCount &+ column]))
          }
        }
      }
    }
    for place in 0..<rows.count { codes[place &* (width &+ 1) &+ width] = 0 }
  }

  /// A stable counting sort.
  private static func sorted(_ rows: [Int32], by keys: [Int32], limit: Int) -> [Int32] {
    var starts = [Int32](repeating: 0, count: limit + 1)
    for key in keys { starts[Int(key) + 1] += 1 }
    for key in 0..<limit { starts[key + 1] += starts[key] }
    return [Int32](unsafeUninitializedCapacity: rows.count) { sorted, initialized in
      for row in rows {
        let key = Int(keys[Int(row)])
        sorted[Int(starts[key])] = row
        starts[key] += 1
      }
      initialized = rows.count
    }
  }
}
