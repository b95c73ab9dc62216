import LinearAlgebra

/// Finds the nearest samples through a ``BoxTree``.
///
/// A query starts in the leaf whose cell it lies in, goes on to the leaves beside it, and then down from
/// the outermost boxes into those that are not too far. Sixteen blurred distances are taken at once;
/// samples that may be near by these are measured again in double precision, feature by feature, so that
/// the result is the one of the plain double loop.
struct BoxSearch: Hashable, Sendable {
  fileprivate let tree: BoxTree
  private let samples: Matrix
  /// Of each place in the tree's leaves, the row of the sample.
  private let rows: [Int32]
  /// The samples as they were given, in the order of the leaves: those that are measured together stand
  /// together.
  private let leafSamples: Matrix
  fileprivate let distinct: DistinctSamples
  fileprivate let precision: SinglePrecision
  fileprivate let distance: Distance

  init(
    _ samples: Matrix, _ distinct: DistinctSamples, _ precision: SinglePrecision,
    distance: Distance, threads: Int
  ) {
    self.samples = samples
    self.distinct = distinct
    self.precision = precision
    self.distance = distance
    tree = BoxTree(
      precision.converted(samples, rows: distinct.firstRows), featureCount: samples.columnCount,
      threads: threads)
    rows = tree.order.map { distinct.firstRows[Int($0)] }
    leafSamples = samples.rows(rows, threads: threads)
  }

  /// Calls `body` with every query's row and its nearest samples.
  func forEachQuery(
    in queries: Matrix, neighborCount: Int, threads: Int,
    _ body: @Sendable (_ row: Int, _ nearest: Nearest) -> Void
  ) {
    let order = order(of: queries, threads: threads)
    let blockSize = 256
    let blocks = (order.count + blockSize - 1) / blockSize
    Parallelism.forEach(blocks, threads: threads) { block, _ in
      let scratch = Scratch(featureCount: tree.featureCount)
      let nearest = Nearest(capacity: neighborCount)
      defer {
        scratch.deallocate()
        nearest.deallocate()
      }
      queries.elements.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { return }
        for place in block * blockSize..<min((block + 1) * blockSize, order.count) {
          let query = Int(order[place])
          search(values + query * tree.featureCount, into: nearest, scratch)
          body(query, nearest)
        }
      }
    }
  }

  /// Queries in an order in which those that lie together follow each other: they need the same leaves,
  /// which are then still in the cache.
  private func order(of queries: Matrix, threads: Int) -> [Int32] {
    let width = queries.columnCount
    let leaves = [Int32](unsafeUninitializedCapacity: queries.rowCount) { leaves, initialized in
      nonisolated(unsafe) let output = leaves
      let block = 1024
      Parallelism.forEach((queries.rowCount + block - 1) / block, threads: threads) { number, _ in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { converted in
          queries.elements.withUnsafeBufferPointer { values in
            for query in number * block..<min((number + 1) * block, queries.rowCount) {
              precision.convert(values.baseAddress! + query * width, to: converted.baseAddress!)
              output[query] = Int32(tree.leaf(of: converted.baseAddress!))
            }
          }
        }
      }
      initialized = queries.rowCount
    }
    // Sorted by counting.
    var starts = [Int32](repeating: 0, count: tree.paddedLeafCount + 1)
    for leaf in leaves { starts[Int(leaf) + 1] += 1 }
    for leaf in 0..<tree.paddedLeafCount { starts[leaf + 1] += starts[leaf] }
    var order = [Int32](repeating: 0, count: leaves.count)
    for (query, leaf) in leaves.enumerated() {
      order[Int(starts[Int(leaf)])] = Int32(query)
      starts[Int(leaf)] += 1
    }
    return order
  }

  /// Memory that a thread needs while it searches.
  struct Scratch {
    fileprivate let query: UnsafeMutablePointer<Float>
    fileprivate let pending: UnsafeMutablePointer<Pending>
    fileprivate let leaves: UnsafeMutablePointer<Leaf>

    init(featureCount: Int) {
      query = .allocate(capacity: featureCount)
      // Eight levels of sixteen are four thousand million leaves.
      pending = .allocate(capacity: 8 * BoxTree.groupSize)
      leaves = .allocate(capacity: BoxTree.groupSize)
    }

    func deallocate() {
      query.deallocate()
      pending.deallocate()
      leaves.deallocate()
    }
  }

  /// A group of boxes that is still to be looked into.
  fileprivate struct Pending {
    let level: Int32
    let group: Int32
    /// The blurred distance of the box around it.
    let distance: Float
  }

  /// A leaf that is near enough to be looked into.
  fileprivate struct Leaf {
    let number: Int32
    let distance: Float
  }

  /// Fills `nearest` with the samples nearest to `query`, a run of `featureCount` numbers.
  ///
  /// What `nearest` holds from the query before gives a first limit, a good one where queries that lie
  /// together follow each other.
  func search(_ query: UnsafePointer<Double>, into nearest: Nearest, _ scratch: Scratch) {
    let firstLimit = farthest(of: nearest, from: query)
    nearest.reset()
    let largest = precision.convert(query, to: scratch.query)
    guard largest <= SinglePrecision.largestUsable else {
      searchPlainly(query, into: nearest)
      return
    }
    withUnsafeParts { leafSamples, values, bounds, rows in
      var pass = Pass(
        search: self, query: query, converted: UnsafePointer(scratch.query), largest: largest,
        nearest: nearest, limit: firstLimit, scratch: scratch, leafSamples: leafSamples,
        values: values,
        bounds: bounds, rows: rows, featureCount: tree.featureCount)
      switch distance {
      case .euclidean: pass.run(SquaredDifference.self)
      case .manhattan: pass.run(AbsoluteDifference.self)
      }
    }
  }

  /// The distance within which all samples of `nearest` lie.
  private func farthest(of nearest: Nearest, from query: UnsafePointer<Double>) -> Double {
    guard nearest.rows[nearest.capacity - 1] != .max else { return .infinity }
    let width = samples.columnCount
    return samples.elements.withUnsafeBufferPointer { values in
      var farthest = 0.0
      for index in 0..<nearest.capacity {
        let sample = values.baseAddress! + Int(nearest.rows[index]) * width
        farthest = max(farthest, exactDistance(sample, query, width, distance))
      }
      return farthest
    }
  }

  /// Opens the arrays once per query.
  private func withUnsafeParts(
    _ body: (
      _ leafSamples: UnsafePointer<Double>, _ values: UnsafePointer<Float>,
      _ bounds: UnsafePointer<Float>, _ rows: UnsafePointer<Int32>
    ) -> Void
  ) {
    leafSamples.elements.withUnsafeBufferPointer { leafSamples in
      tree.values.withUnsafeBufferPointer { values in
        tree.bounds.withUnsafeBufferPointer { bounds in
          rows.withUnsafeBufferPointer { rows in
            body(
              leafSamples.baseAddress!, values.baseAddress!, bounds.baseAddress!,
              rows.baseAddress!)
          }
        }
      }
    }
  }

  /// Measures every sample, for queries too far away for single precision.
  private func searchPlainly(_ query: UnsafePointer<Double>, into nearest: Nearest) {
    let width = samples.columnCount
    samples.elements.withUnsafeBufferPointer { values in
      for row in 0..<samples.rowCount {
        let sample = values.baseAddress! + row * width
        nearest.insert(exactDistance(sample, query, width, distance), row: Int32(row))
      }
    }
  }
}

extension Matrix {
  /// The chosen rows, in the order given.
  fileprivate func rows(_ rows: [Int32], threads: Int) -> Matrix {
    let width = columnCount
    let blockSize = 4096
    var chosen = Matrix(rowCount: rows.count, columnCount: width)
    chosen.withUnsafeMutableElements { chosen in
      nonisolated(unsafe) let chosen = chosen.baseAddress!
      Parallelism.forEach((rows.count + blockSize - 1) / blockSize, threads: threads) { block, _ in
        elements.withUnsafeBufferPointer { elements in
          for place in block * blockSize..<min(rows.count, (block + 1) * blockSize) {
            (chosen + place * width).update(
              from: elements.baseAddress! + Int(rows[place]) * width, count: width)
          }
        }
      }
    }
    return chosen
  }
}

/// The distance of the plain double loop: summed feature after feature.
@inline(__always)
func exactDistance(
  _ sample: UnsafePointer<Double>, _ query: UnsafePointer<Double>, _ featureCount: Int,
  _ distance: Distance
) -> Double {
  var sum = 0.0
  switch distance {
  case .euclidean:
    for feature in 0..<featureCount {
      let rest = sample[feature] - query[feature]
      sum += rest * rest
    }
  case .manhattan:
    for feature in 0..<featureCount { sum += abs(sample[feature] - query[feature]) }
  }
  return sum
}

/// One query's way through the tree.
private struct Pass {
  let search: BoxSearch
  let query: UnsafePointer<Double>
  let converted: UnsafePointer<Float>
  let largest: Float
  let nearest: Nearest
  /// What a distance must not exceed.
  var limit: Double
  let scratch: BoxSearch.Scratch
  let leafSamples: UnsafePointer<Double>
  let values: UnsafePointer<Float>
  let bounds: UnsafePointer<Float>
  let rows: UnsafePointer<Int32>
  let featureCount: Int
  /// What a blurred distance must not exceed.
  var threshold = Float.infinity

  @inline(__always)
  mutating func run<Term: DifferenceTerm>(_: Term.Type) {
    threshold = search.precision.threshold(limit, search.distance, largest: largest)
    let tree = search.tree
    let home = tree.leaf(of: converted)
    searchLeaf(home, Term.self)
    let homeGroup = home / BoxTree.groupSize
    searchLeaves(ofGroup: homeGroup, besides: home, Term.self)
    let top = tree.boxCounts.count - 1
    guard top > 0 else { return }
    var pendingCount = 1
    scratch.pending[0] = BoxSearch.Pending(
      level: Int32(top), group: Int32(tree.firstGroups[top]), distance: 0)
    while pendingCount > 0 {
      pendingCount &-= 1
      let next = scratch.pending[pendingCount]
      if next.distance > threshold { continue }
      let level = Int(next.level)
      let group = Int(next.group)
      if level == 0 {
        if group != homeGroup { searchLeaves(ofGroup: group, besides: -1, Term.self) }
        continue
      }
      let first = (group &- tree.firstGroups[level]) &* BoxTree.groupSize
      let distances = boxDistances(group, Term.self)
      var near = distances.lanes(upTo: threshold) & used(tree.boxCounts[level] &- first)
      let lowest = pendingCount
      while near != 0 {
        let lane = near.trailingZeroBitCount
        near &= near &- 1
        // The nearest box goes on top.
        let distance = distances[lane]
        var place = pendingCount
        while place > lowest, scratch.pending[place &- 1].distance < distance {
          scratch.pending[place] = scratch.pending[place &- 1]
          place &-= 1
        }
        scratch.pending[place] = BoxSearch.Pending(
          level: next.level &- 1,
          group: Int32(truncatingIfNeeded: tree.firstGroups[level &- 1] &+ first &+ lane),
          distance: distance)
        pendingCount &+= 1
      }
    }
  }

  /// Bits for as many lanes as there are.
  @inline(__always)
  private func used(_ count: Int) -> UInt32 {
    count >= BoxTree.groupSize ? 0xffff : 1 << UInt32(truncatingIfNeeded: count) &- 1
  }

  /// Searches the leaves of a group that are near enough, nearest first.
  @inline(__always)
  private mutating func searchLeaves<Term: DifferenceTerm>(
    ofGroup group: Int, besides home: Int, _: Term.Type
  ) {
    let first = group &* BoxTree.groupSize
    let distances = boxDistances(group, Term.self)
    var near = distances.lanes(upTo: threshold) & used(search.tree.boxCounts[0] &- first)
    if home >= 0 { near &= ~(1 << UInt32(truncatingIfNeeded: home &- first)) }
    var count = 0
    while near != 0 {
      let lane = near.trailingZeroBitCount
      near &= near &- 1
      let distance = distances[lane]
      var place = count
      while place > 0, scratch.leaves[place &- 1].distance > distance {
        scratch.leaves[place] = scratch.leaves[place &- 1]
        place &-= 1
      }
      scratch.leaves[place] = BoxSearch.Leaf(
        number: Int32(truncatingIfNeeded: first &+ lane), distance: distance)
      count &+= 1
    }
    for index in 0..<count {
      let leaf = scratch.leaves[index]
      if leaf.distance > threshold { return }
      searchLeaf(Int(leaf.number), Term.self)
    }
  }

  @inline(__always)
  private mutating func searchLeaf<Term: DifferenceTerm>(_ leaf: Int, _: Term.Type) {
    var near =
      sampleDistances(leaf, Term.self).lanes(upTo: threshold)
      & used(search.tree.sampleCount(ofLeaf: leaf))
    while near != 0 {
      let lane = near.trailingZeroBitCount
      near &= near &- 1
      settle(leaf &* BoxTree.groupSize &+ lane)
    }
  }

  /// The distances to the nearest points of a group's boxes. None is more than the blurred distance to a
  /// sample within: it is summed in the same order, and rounding keeps order.
  @inline(__always)
  private func boxDistances<Term: DifferenceTerm>(_ group: Int, _: Term.Type) -> Lanes {
    var next = bounds + group &* featureCount &* 2 &* BoxTree.groupSize
    var sums = Lanes.zero
    for feature in 0..<featureCount {
      let value = Lanes(repeating: converted[feature])
      let lower = Lanes(at: next)
      let upper = Lanes(at: next + BoxTree.groupSize)
      next += 2 * BoxTree.groupSize
      sums += Term.term(value - value.larger(lower).smaller(upper))
    }
    return sums
  }

  @inline(__always)
  private func sampleDistances<Term: DifferenceTerm>(_ leaf: Int, _: Term.Type) -> Lanes {
    var next = values + leaf &* featureCount &* BoxTree.groupSize
    var sums = Lanes.zero
    for feature in 0..<featureCount {
      sums += Term.term(Lanes(repeating: converted[feature]) - Lanes(at: next))
      next += BoxTree.groupSize
    }
    return sums
  }

  /// Measures the sample at a place exactly.
  @inline(__always)
  private mutating func settle(_ place: Int) {
    let exact = exactDistance(
      leafSamples + place &* featureCount, query, featureCount, search.distance)
    guard exact <= limit else { return }
    search.distinct.insert(exact, firstRow: rows[place], into: nearest)
    guard nearest.limit < limit else { return }
    limit = nearest.limit
    threshold = search.precision.threshold(limit, search.distance, largest: largest)
  }
}
