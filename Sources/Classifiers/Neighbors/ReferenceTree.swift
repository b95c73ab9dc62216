import LinearAlgebra

/// The tree in which scikit-learn searches, as far as it decides between samples at equal distance.
///
/// A search keeps the samples that it meets first, so that the tree's shape and the arrangement
/// within its leaves decide. Every node but the leaves is halved, by number of samples, along the
/// feature of the largest spread. A search visits the nearer child first and leaves out a node that
/// is farther than the farthest neighbour. With boxes around nodes it is a k-d tree, with balls a
/// ball tree; one leaf is the plain loop over all rows.
///
/// - Complexity: O(*f·n·log n*) time to make it of *n* samples with *f* features.
/// - SeeAlso: Friedman, Bentley and Finkel, "An algorithm for finding best matches in logarithmic expected
///   time", 1977, doi:10.1145/355744.355745; Omohundro, "Five balltree construction algorithms", 1989.
struct ReferenceTree: ReferenceSearch {
  enum Shape: Hashable, Sendable { case boxes, balls }

  private let shape: Shape
  private let distance: Distance
  private let featureCount: Int
  private let sampleCount: Int
  /// The samples in the order of the leaves.
  private let lanes: SampleLanes
  /// The number of nodes that are no leaves; the children of node i are 2i + 1 and 2i + 2.
  private let innerCount: Int
  /// Of each inner node and feature, where the boxes of its children start and end, or their centers.
  private let bounds: [SIMD2<Double>]
  /// Of each inner node, the radii of its children's balls.
  private let radii: [SIMD2<Double>]

  /// - Parameter leafSize: a leaf has so many samples at least and twice as many at most.
  init(_ samples: Matrix, distance: Distance, shape: Shape, leafSize: Int, threads: Int) {
    innerCount = Self.innerCount(samples.rowCount, leafSize: leafSize)
    self.shape = shape
    self.distance = distance
    featureCount = samples.columnCount
    sampleCount = samples.rowCount
    let divided = TreeDivision(samples, distance, shape, innerCount: innerCount, threads: threads)
    lanes = SampleLanes(samples, order: divided.rows)
    bounds = divided.bounds
    radii = divided.radii
  }

  /// How many nodes of a tree are no leaves.
  static func innerCount(_ sampleCount: Int, leafSize: Int) -> Int {
    var levels = 1
    while leafSize <= (sampleCount - 1) >> levels { levels += 1 }
    return 1 << (levels - 1) - 1
  }

  func search(
    _ rows: ArraySlice<Int>, of queries: UnsafePointer<Double>, neighborCount: Int,
    _ body: (_ row: Int, _ nearest: borrowing Nearest) -> Void
  ) {
    let nearest = Nearest(capacity: neighborCount)
    for row in rows {
      let query = queries + row * featureCount
      let heap = NeighborHeap(in: nearest)
      switch distance {
      case .euclidean: search(query, heap, SquaredGap.self)
      case .manhattan: search(query, heap, AbsoluteGap.self)
      }
      heap.sort()
      body(row, nearest)
    }
  }

  private func search<Gap: FeatureGap>(
    _ query: UnsafePointer<Double>, _ heap: NeighborHeap, _: Gap.Type
  ) {
    bounds.withUnsafeBufferPointer { bounds in
      radii.withUnsafeBufferPointer { radii in
        Pass<Gap>(
          shape: shape, featureCount: featureCount, innerCount: innerCount, lanes: lanes,
          bounds: bounds, radii: radii, query: query, heap: heap
        ).visit(0, 0..<sampleCount, distance: 0)
      }
    }
  }

  /// The way of one query through the tree.
  private struct Pass<Gap: FeatureGap> {
    let shape: Shape
    let featureCount: Int
    let innerCount: Int
    let lanes: SampleLanes
    let bounds: UnsafeBufferPointer<SIMD2<Double>>
    let radii: UnsafeBufferPointer<SIMD2<Double>>
    let query: UnsafePointer<Double>
    let heap: NeighborHeap

    func visit(_ node: Int, _ range: Range<Int>, distance: Double) {
      if distance > heap.farthest { return }
      guard node < innerCount, range.count > 1 else {
        return lanes.forEach(in: range, from: query, Gap.self) { heap.push($1, row: $0) }
      }
      let distances = shape == .boxes ? boxDistances(node) : ballDistances(node)
      let (left, right) = range.halves
      if distances[0] <= distances[1] {
        visit(2 * node + 1, left, distance: distances[0])
        visit(2 * node + 2, right, distance: distances[1])
      } else {
        visit(2 * node + 2, right, distance: distances[1])
        visit(2 * node + 1, left, distance: distances[0])
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
}
