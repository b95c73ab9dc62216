import LinearAlgebra

/// How a ``ReferenceTree`` divides its samples.
struct TreeDivision {
  /// Rows in the order of the leaves.
  private(set) var rows: [Int32]
  /// Of each inner node and feature, where the boxes of its children start and end, or their centers.
  private(set) var bounds: [SIMD2<Double>]
  /// Of each inner node, the radii of its children's balls.
  private(set) var radii: [SIMD2<Double>]

  init(
    _ samples: Matrix, _ distance: Distance, _ shape: ReferenceTree.Shape, innerCount: Int,
    threads: Int
  ) {
    let width = samples.columnCount
    rows = (0..<samples.rowCount).map { Int32($0) }
    bounds = Array(repeating: .zero, count: innerCount * width * (shape == .boxes ? 2 : 1))
    radii = Array(repeating: .zero, count: shape == .balls ? innerCount : 0)
    let keys = Buffer<SampleKey>(uninitializedCount: samples.rowCount)
    rows.withUnsafeMutableBufferPointer { rows in
      bounds.withUnsafeMutableBufferPointer { bounds in
        radii.withUnsafeMutableBufferPointer { radii in
          samples.elements.withUnsafeBufferPointer { values in
            nonisolated(unsafe) let divider = Divider(
              values: values.baseAddress!, featureCount: width, distance: distance, shape: shape,
              innerCount: innerCount, rows: rows.baseAddress!, bounds: bounds, radii: radii,
              keys: keys.start)
            divider.divide(0, rows.indices, threads: threads)
          }
        }
      }
    }
  }
}

/// Divides nodes; those of separate ranges at the same time.
private struct Divider {
  let values: UnsafePointer<Double>
  let featureCount: Int
  let distance: Distance
  let shape: ReferenceTree.Shape
  let innerCount: Int
  let rows: UnsafeMutablePointer<Int32>
  let bounds: UnsafeMutableBufferPointer<SIMD2<Double>>
  let radii: UnsafeMutableBufferPointer<SIMD2<Double>>
  /// As many as there are rows.
  let keys: UnsafeMutablePointer<SampleKey>

  /// Divides a node, a range of `rows`, and its descendants.
  func divide(_ node: Int, _ range: Range<Int>, threads: Int) {
    let widest = describe(node, range)
    guard node < innerCount, range.count > 1 else { return }
    let keys = self.keys + range.lowerBound
    let rows = self.rows + range.lowerBound
    for place in 0..<range.count {
      let row = rows[place]
      keys[place] = SampleKey(value: values[Int(row) * featureCount + widest], row: row)
    }
    let (left, right) = range.halves
    partiallySort(keys, count: range.count, middle: left.count)
    for place in 0..<range.count { rows[place] = keys[place].row }
    nonisolated(unsafe) let divider = self
    _ = Parallelism.both(threads: range.count < 4096 ? 1 : threads) {
      divider.divide(2 * node + 1, left, threads: threads / 2)
    } _: {
      divider.divide(2 * node + 2, right, threads: threads - threads / 2)
    }
  }

  /// Keeps the box or the ball of a node with its parent; returns the feature of the largest spread.
  private func describe(_ node: Int, _ range: Range<Int>) -> Int {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * featureCount) { ends in
      let lower = ends.baseAddress!
      let upper = lower + featureCount
      lower.initialize(repeating: .infinity, count: featureCount)
      upper.initialize(repeating: -.infinity, count: featureCount)
      for place in range {
        let sample = values + Int(rows[place]) * featureCount
        for feature in 0..<featureCount {
          let value = sample[feature]
          lower[feature] = value < lower[feature] ? value : lower[feature]
          upper[feature] = value > upper[feature] ? value : upper[feature]
        }
      }
      if node > 0 {
        let (parent, child) = ((node - 1) / 2, (node - 1) % 2)
        switch shape {
        case .boxes:
          let start = bounds.baseAddress! + 2 * parent * featureCount
          for feature in 0..<featureCount {
            start[2 * feature][child] = lower[feature]
            start[2 * feature + 1][child] = upper[feature]
          }
        case .balls: enclose(range, parent, child)
        }
      }
      var widest = 0
      for feature in 0..<featureCount
      where upper[feature] - lower[feature] > upper[widest] - lower[widest] {
        widest = feature
      }
      return widest
    }
  }

  /// The ball around the mean, which is summed in the order of the rows before the node is divided.
  private func enclose(_ range: Range<Int>, _ parent: Int, _ child: Int) {
    let start = bounds.baseAddress! + parent * featureCount
    withUnsafeTemporaryAllocation(of: Double.self, capacity: featureCount) { center in
      center.initialize(repeating: 0)
      for place in range {
        let sample = values + Int(rows[place]) * featureCount
        for feature in 0..<featureCount { center[feature] += sample[feature] }
      }
      for feature in 0..<featureCount {
        center[feature] /= Double(range.count)
        start[feature][child] = center[feature]
      }
      var farthest = 0.0
      for place in range {
        let sample = values + Int(rows[place]) * featureCount
        farthest = max(
          farthest, exactDistance(sample, center.baseAddress!, featureCount, distance))
      }
      radii[parent][child] = distance == .euclidean ? farthest.squareRoot() : farthest
    }
  }
}

extension Range<Int> {
  /// The lower half, the smaller one, and the upper half.
  var halves: (lower: Self, upper: Self) {
    let middle = lowerBound + count / 2
    return (lowerBound..<middle, middle..<upperBound)
  }
}
