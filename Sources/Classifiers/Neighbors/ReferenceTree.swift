import LinearAlgebra

/// The tree in which scikit-learn searches, as far as it decides between samples at equal distance.
///
/// A search keeps the samples that it meets first, so that the tree's shape and the arrangement within its
/// leaves decide. Every node but the leaves is halved, by number of samples, along the feature of the largest spread.
/// A search visits the nearer child first and leaves out a node that is farther than the farthest neighbour.
/// With boxes around nodes it is a k-d tree, with balls a ball tree; one leaf is the plain loop over all rows.
///
/// - Complexity: O(*f·n·log n*) time to make it of *n* samples with *f* features.
/// - SeeAlso: Friedman, Bentley and Finkel, "An algorithm for finding best matches in logarithmic expected
///   time", 1977, doi:10.1145/355744.355745; Omohundro, "Five balltree construction algorithms", 1989.
struct ReferenceTree: Sendable {
  enum Shape: Hashable, Sendable { case boxes, balls }

  private let shape: Shape
  private let distance: Distance
  private let featureCount: Int
  /// Rows in the order of the leaves.
  private let rows: [Int32]
  /// Blocks of eight samples in this order, feature after feature.
  private let values: [Double]
  /// The number of nodes that are no leaves; the children of node i are 2i + 1 and 2i + 2.
  private let innerCount: Int
  /// Of each inner node and feature, where the boxes of its children start and end, or their centers.
  private let bounds: [SIMD2<Double>]
  /// Of each inner node, the radii of its children's balls.
  private let radii: [SIMD2<Double>]

  private static var blockSize: Int { 8 }

  /// - Parameter leafSize: a leaf has so many samples at least and twice as many at most.
  init(_ samples: Matrix, distance: Distance, shape: Shape, leafSize: Int) {
    let count = samples.rowCount
    let width = samples.columnCount
    var levels = 1
    while leafSize <= (count - 1) >> levels { levels += 1 }
    innerCount = 1 << (levels - 1) - 1
    var maker = Maker(samples, distance, shape, innerCount: innerCount)
    maker.divide(0, 0..<count)
    self.shape = shape
    self.distance = distance
    featureCount = width
    rows = maker.rows
    bounds = maker.bounds
    radii = maker.radii
    let size = Self.blockSize
    var values = [Double](repeating: 0, count: (count + size - 1) / size * size * width)
    for (place, row) in rows.enumerated() {
      let start = place / size * size * width + place % size
      for feature in 0..<width { values[start + feature * size] = samples[Int(row), feature] }
    }
    self.values = values
  }

  /// Fills `nearest` with the samples nearest to `query`, a run of `featureCount` numbers.
  func search(_ query: UnsafePointer<Double>, into nearest: borrowing Nearest) {
    let heap = NeighborHeap(in: nearest)
    switch distance {
    case .euclidean: search(query, heap, SquaredGap.self)
    case .manhattan: search(query, heap, AbsoluteGap.self)
    }
    heap.sort()
  }

  private func search<Gap: ReferenceGap>(
    _ query: UnsafePointer<Double>, _ heap: NeighborHeap, _: Gap.Type
  ) {
    rows.withUnsafeBufferPointer { rows in
      values.withUnsafeBytes { values in
        bounds.withUnsafeBufferPointer { bounds in
          radii.withUnsafeBufferPointer { radii in
            Pass<Gap>(
              shape: shape, featureCount: featureCount, innerCount: innerCount, rows: rows,
              values: values, bounds: bounds, radii: radii, query: query, heap: heap
            ).visit(0, 0..<rows.count, distance: 0)
          }
        }
      }
    }
  }

  /// The way of one query through the tree.
  private struct Pass<Gap: ReferenceGap> {
    let shape: Shape
    let featureCount: Int
    let innerCount: Int
    let rows: UnsafeBufferPointer<Int32>
    let values: UnsafeRawBufferPointer
    let bounds: UnsafeBufferPointer<SIMD2<Double>>
    let radii: UnsafeBufferPointer<SIMD2<Double>>
    let query: UnsafePointer<Double>
    let heap: NeighborHeap

    func visit(_ node: Int, _ range: Range<Int>, distance: Double) {
      if distance > heap.farthest { return }
      guard node < innerCount, range.count > 1 else { return measure(range) }
      let distances = shape == .boxes ? boxDistances(node) : ballDistances(node)
      let (left, right) = halves(range)
      if distances[0] <= distances[1] {
        visit(2 * node + 1, left, distance: distances[0])
        visit(2 * node + 2, right, distance: distances[1])
      } else {
        visit(2 * node + 2, right, distance: distances[1])
        visit(2 * node + 1, left, distance: distances[0])
      }
    }

    /// Offers the samples of a leaf to the heap.
    private func measure(_ range: Range<Int>) {
      let size = ReferenceTree.blockSize
      let stride = size * MemoryLayout<Double>.stride
      var place = range.lowerBound
      while place < range.upperBound {
        let first = place / size * size
        let block = values.baseAddress! + first * featureCount * MemoryLayout<Double>.stride
        var sums = SIMD8<Double>.zero
        for feature in 0..<featureCount {
          let numbers = (block + feature * stride).loadUnaligned(as: SIMD8<Double>.self)
          sums += Gap.term(SIMD8(repeating: query[feature]) - numbers)
        }
        let end = min(first + size, range.upperBound)
        while place < end {
          heap.push(sums[place - first], row: rows[place])
          place += 1
        }
      }
    }

    private func boxDistances(_ node: Int) -> SIMD2<Double> {
      let start = bounds.baseAddress! + node * featureCount * 2
      var sums = SIMD2<Double>.zero
      for feature in 0..<featureCount {
        let value = SIMD2(repeating: query[feature])
        let below = start[2 * feature] - value
        let above = value - start[2 * feature + 1]
        let gap = below.replacing(with: above, where: below .< above)
        sums += Gap.term(gap.replacing(with: 0, where: gap .< 0))
      }
      return sums
    }

    private func ballDistances(_ node: Int) -> SIMD2<Double> {
      let start = bounds.baseAddress! + node * featureCount
      var sums = SIMD2<Double>.zero
      for feature in 0..<featureCount {
        sums += Gap.term(SIMD2(repeating: query[feature]) - start[feature])
      }
      let gap = Gap.distance(sums) - radii[node]
      return Gap.term(gap.replacing(with: 0, where: gap .< 0))
    }
  }

  /// What is needed while the tree is made.
  private struct Maker {
    let samples: Matrix
    let distance: Distance
    let shape: Shape
    let innerCount: Int
    var rows: [Int32]
    var bounds: [SIMD2<Double>]
    var radii: [SIMD2<Double>]
    private var keys: [SampleKey]
    private var lower: [Double]
    private var upper: [Double]

    init(_ samples: Matrix, _ distance: Distance, _ shape: Shape, innerCount: Int) {
      let width = samples.columnCount
      self.samples = samples
      self.distance = distance
      self.shape = shape
      self.innerCount = innerCount
      rows = (0..<samples.rowCount).map { Int32($0) }
      bounds = Array(repeating: .zero, count: innerCount * width * (shape == .boxes ? 2 : 1))
      radii = Array(repeating: .zero, count: shape == .balls ? innerCount : 0)
      keys = Array(repeating: SampleKey(value: 0, row: 0), count: samples.rowCount)
      lower = Array(repeating: 0, count: width)
      upper = lower
    }

    /// Divides a node, a range of `rows`, and its descendants.
    mutating func divide(_ node: Int, _ range: Range<Int>) {
      measureSpread(range)
      if node > 0 { describe(node, range) }
      guard node < innerCount, range.count > 1 else { return }
      var widest = 0
      for feature in lower.indices
      where upper[feature] - lower[feature] > upper[widest] - lower[widest] {
        widest = feature
      }
      for (place, index) in range.enumerated() {
        keys[place] = SampleKey(value: samples[Int(rows[index]), widest], row: rows[index])
      }
      let (left, right) = halves(range)
      keys.withUnsafeMutableBufferPointer {
        partiallySort($0.baseAddress!, count: range.count, middle: left.count)
      }
      for (place, index) in range.enumerated() { rows[index] = keys[place].row }
      divide(2 * node + 1, left)
      divide(2 * node + 2, right)
    }

    private mutating func measureSpread(_ range: Range<Int>) {
      for feature in lower.indices {
        lower[feature] = .infinity
        upper[feature] = -.infinity
      }
      samples.elements.withUnsafeBufferPointer { values in
        for index in range {
          let start = Int(rows[index]) * lower.count
          for feature in lower.indices {
            let value = values[start + feature]
            if value < lower[feature] { lower[feature] = value }
            if value > upper[feature] { upper[feature] = value }
          }
        }
      }
    }

    /// Keeps the box or the ball of a node with its parent.
    private mutating func describe(_ node: Int, _ range: Range<Int>) {
      let width = samples.columnCount
      let parent = (node - 1) / 2
      let child = (node - 1) % 2
      switch shape {
      case .boxes:
        for feature in 0..<width {
          bounds[2 * (parent * width + feature)][child] = lower[feature]
          bounds[2 * (parent * width + feature) + 1][child] = upper[feature]
        }
      case .balls:
        // Sums in the order of the rows at this moment, before the node is divided.
        var center = [Double](repeating: 0, count: width)
        for index in range {
          for feature in 0..<width { center[feature] += samples[Int(rows[index]), feature] }
        }
        for feature in 0..<width {
          center[feature] /= Double(range.count)
          bounds[parent * width + feature][child] = center[feature]
        }
        var farthest = 0.0
        samples.elements.withUnsafeBufferPointer { values in
          for index in range {
            let sample = values.baseAddress! + Int(rows[index]) * width
            farthest = max(farthest, exactDistance(sample, center, width, distance))
          }
        }
        radii[parent][child] = distance == .euclidean ? farthest.squareRoot() : farthest
      }
    }
  }
}

private func halves(_ range: Range<Int>) -> (left: Range<Int>, right: Range<Int>) {
  let middle = range.lowerBound + range.count / 2
  return (range.lowerBound..<middle, middle..<range.upperBound)
}

/// What a gap in one feature adds to a distance as it is compared, and the distance itself.
private protocol ReferenceGap {
  static func term<Numbers: SIMD<Double>>(_ gap: Numbers) -> Numbers
  static func distance(_ compared: SIMD2<Double>) -> SIMD2<Double>
}

private enum SquaredGap: ReferenceGap {
  @inline(__always) static func term<Numbers: SIMD<Double>>(_ gap: Numbers) -> Numbers { gap * gap }
  @inline(__always) static func distance(_ compared: SIMD2<Double>) -> SIMD2<Double> {
    compared.squareRoot()
  }
}

private enum AbsoluteGap: ReferenceGap {
  @inline(__always) static func term<Numbers: SIMD<Double>>(_ gap: Numbers) -> Numbers {
    gap.replacing(with: 0 - gap, where: gap .< 0)
  }
  @inline(__always) static func distance(_ compared: SIMD2<Double>) -> SIMD2<Double> { compared }
}
