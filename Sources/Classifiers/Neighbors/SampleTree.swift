import LinearAlgebra

/// Samples divided again and again, so that near ones lie together, down to leaves.
///
/// A node is divided near the median of the feature in which its samples vary most, as in a k-d tree. Variance
/// and not the widest side: a few outliers make a side wide, and leave the halves as they were. The border runs
/// through a gap between values if there is one, so that both halves' boxes end before it.
///
/// - SeeAlso: Friedman, Bentley and Finkel, "An algorithm for finding best matches in logarithmic
///   expected time", 1977, doi:10.1145/355744.355745.
struct SampleTree {
  /// The nodes, each before those of its left half, and these before those of its right half.
  let nodes: [Node]
  /// The samples' numbers, leaf after leaf.
  let order: [Int32]
  /// Where each leaf's samples start in `order`, and where the last one's end.
  let leafStarts: [Int32]

  struct Node: BitwiseCopyable, Sendable {
    /// Samples of at least `value` in the feature belong to the right half.
    var feature: Int32 = 0
    var value = Float.infinity
    /// How many nodes further the right half is; the left half is the next node. 0 where there are no halves.
    var right: Int32 = 0
    var leafCount: Int32 = 1
    var sampleCount: Int32
  }

  /// As many samples as a leaf may have. Measured on 43,152 × 9, see Benchmarks/README.md.
  static var leafSize: Int { 64 }

  /// - Parameter rows: one row per sample, row after row, `featureCount` numbers each.
  init(_ rows: [Float], featureCount: Int, threads: Int) {
    var order = (0..<Int32(rows.count / featureCount)).map { $0 }
    nodes = rows.withUnsafeBufferPointer { rows in
      order.withUnsafeMutableBufferPointer { order in
        let division = SampleDivision(rows: rows.baseAddress!, featureCount: featureCount)
        return division.nodes(dividing: order, threads: threads)
      }
    }
    self.order = order
    leafStarts = nodes.lazy.filter { $0.right == 0 }.reduce(into: [0]) {
      $0.append($0[$0.count - 1] + $1.sampleCount)
    }
  }

  /// One node whose leaves have the samples in their order: for features of which none keeps anything away.
  init(undivided count: Int) {
    let leafCount = max(1, (count + Self.leafSize - 1) / Self.leafSize)
    nodes = [Node(leafCount: Int32(leafCount), sampleCount: Int32(count))]
    order = (0..<Int32(count)).map { $0 }
    leafStarts = (0...leafCount).map { Int32(min(count, $0 * Self.leafSize)) }
  }

  var leafCount: Int { leafStarts.count - 1 }

  /// Whether a tree of these samples would keep hardly any away from a query.
  ///
  /// A query needs both halves of a node if the border is nearer than the farthest of its neighbours. The borders on
  /// its way down are together, in squares, about as far away as the features vary in which they are. So a tree is of
  /// no use where the fifth nearest of a few samples is farther than the features vary most that it has levels for.
  static func isUseless(_ rows: [Float], featureCount: Int) -> Bool {
    let count = rows.count / featureCount
    let levels = Int.bitWidth - (count / leafSize).leadingZeroBitCount
    let some = stride(from: 0, to: count, by: max(1, count / 512)).map { $0 * featureCount }
    return rows.withUnsafeBufferPointer { rows in
      let variances = (0..<featureCount).map { feature in
        let sums = some.reduce(into: SIMD2<Double>.zero) {
          let value = Double(rows[$1 + feature])
          $0 += SIMD2(value, value * value)
        }
        return (sums.y - sums.x * sums.x / Double(some.count)) / Double(some.count)
      }.sorted(by: >)
      let reaches = stride(from: 0, to: some.count, by: max(1, some.count / 11)).map { query in
        let distances = some.map { sample in
          (0..<featureCount).reduce(Float.zero) {
            let gap = rows[sample + $1] - rows[some[query] + $1]
            return $0 + gap * gap
          }
        }.sorted()
        // The first is its own.
        return Double(distances[min(5, distances.count - 1)])
      }.sorted()
      return reaches[reaches.count / 2] > variances.prefix(levels).reduce(0, +)
    }
  }

  /// Every sample is in one leaf, and every node has the samples of its halves.
  func assertInvariants() {
    #if DEBUG
      precondition(order.sorted() == order.indices.map { Int32($0) }, "a sample is in no leaf")
      precondition(nodes[0].sampleCount == order.count && leafStarts.last == nodes[0].sampleCount)
      for node in nodes.indices where nodes[node].right > 0 {
        let (left, right) = (nodes[node + 1], nodes[node + Int(nodes[node].right)])
        precondition(
          nodes[node].sampleCount == left.sampleCount + right.sampleCount
            && nodes[node].leafCount == left.leafCount + right.leafCount, "the halves of \(node)")
      }
    #endif
  }

  /// The numbers of a leaf's samples.
  func items(ofLeaf leaf: Int) -> ArraySlice<Int32> {
    order[Int(leafStarts[leaf])..<Int(leafStarts[leaf + 1])]
  }
}

/// How samples are divided.
private struct SampleDivision: @unchecked Sendable {
  let rows: UnsafePointer<Float>
  let featureCount: Int

  /// So many samples of a node show where to divide it.
  private static var examinedCount: Int { 128 }

  /// Divides the samples of these numbers, and returns their nodes.
  func nodes(dividing items: UnsafeMutableBufferPointer<Int32>, threads: Int) -> [SampleTree.Node] {
    var node = SampleTree.Node(sampleCount: Int32(items.count))
    guard items.count > SampleTree.leafSize else { return [node] }
    let step = max(1, items.count / Self.examinedCount)
    let examined = stride(from: 0, to: items.count, by: step).map { Int(items[$0]) }
    let feature = mostVaried(examined)
    let value = border(examined.map { rows[$0 * featureCount + feature] }.sorted())
    let cut = divide(items, by: feature, at: value)
    nonisolated(unsafe) let halves = (
      UnsafeMutableBufferPointer(rebasing: items[..<cut]),
      UnsafeMutableBufferPointer(rebasing: items[cut...])
    )
    let (left, right) = Parallelism.both(threads: items.count < 4096 ? 1 : threads) {
      nodes(dividing: halves.0, threads: threads / 2)
    } _: {
      nodes(dividing: halves.1, threads: threads - threads / 2)
    }
    node.feature = Int32(feature)
    node.value = value
    node.right = Int32(1 + left.count)
    node.leafCount = left[0].leafCount + right[0].leafCount
    return [node] + left + right
  }

  private func mostVaried(_ examined: [Int]) -> Int {
    withUnsafeTemporaryAllocation(of: SIMD2<Double>.self, capacity: featureCount) { sums in
      sums.initialize(repeating: .zero)
      for item in examined {
        let row = rows + item &* featureCount
        for feature in 0..<featureCount {
          let value = Double(row[feature])
          sums[feature] += SIMD2(value, value * value)
        }
      }
      var (best, largest) = (0, -Double.infinity)
      for feature in 0..<featureCount {
        let variation = sums[feature].y - sums[feature].x * sums[feature].x / Double(examined.count)
        if variation > largest { (best, largest) = (feature, variation) }
      }
      return best
    }
  }

  /// The value that divides ascending values: in the middle of the widest gaps, the one nearest to the median, if
  /// both sides keep a fifth, and otherwise as near to the median as values differ.
  private func border(_ values: [Float]) -> Float {
    let middle = values.count / 2
    let places = (1..<values.count).filter { values[$0 - 1] < values[$0] }
    let inside = values.count / 5...values.count - values.count / 5 - 1
    let widest = (values[inside.upperBound] - values[inside.lowerBound]) / 8
    let gaps = places.filter { inside.contains($0) && values[$0] - values[$0 - 1] > widest }
    let place = (gaps.isEmpty ? places : gaps).min { abs($0 - middle) < abs($1 - middle) }
    guard let place else { return values[0] }
    return max(values[place - 1].nextUp, values[place - 1] / 2 + values[place] / 2)
  }

  /// Moves the samples below a value to the front, each side in its order, so that rows are read from low addresses
  /// to high ones; returns how many they are.
  private func divide(
    _ items: UnsafeMutableBufferPointer<Int32>, by feature: Int, at value: Float
  ) -> Int {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: items.count) { spare in
      var left = 0
      var right = 0
      for item in items {
        // Written to both sides, of which one moves on.
        items[left] = item
        spare.initializeElement(at: right, to: item)
        let isLeft = rows[Int(item) &* featureCount &+ feature] < value ? 1 : 0
        left &+= isLeft
        right &+= 1 &- isLeft
      }
      (items.baseAddress! + left).update(from: spare.baseAddress!, count: right)
      // Samples that single precision cannot tell apart are divided anyhow.
      return right == 0 || left == 0 ? items.count / 2 : left
    }
  }
}
