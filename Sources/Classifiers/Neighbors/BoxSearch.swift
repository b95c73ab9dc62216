import LinearAlgebra

/// Finds the nearest samples through a ``BoxTree``.
///
/// A query starts in the group of leaves in whose midst it lies, and goes on from the outermost boxes down
/// into those that are not too far. Sixteen blurred distances are taken at once, and
/// the nearest by these say how far a sample may be. In the end those that may be among the nearest are
/// measured again in double precision, feature by feature, so that the result is the one of the plain
/// double loop.
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
    let visits = visits(of: queries, threads: threads)
    let blockSize = 256
    let blocks = (visits.count + blockSize - 1) / blockSize
    Parallelism.forEach(blocks, threads: threads) { block, _ in
      let scratch = Scratch(featureCount: tree.featureCount, neighborCount: neighborCount)
      let nearest = Nearest(capacity: neighborCount)
      defer {
        scratch.deallocate()
        nearest.deallocate()
      }
      queries.elements.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { return }
        var keptCount = 0
        for visit in visits[block * blockSize..<min((block + 1) * blockSize, visits.count)] {
          keptCount = search(
            values + Int(visit.query) * tree.featureCount, home: Int(visit.leaf), into: nearest,
            scratch, keptCount: keptCount)
          body(Int(visit.query), nearest)
        }
      }
    }
  }

  /// A query, and the leaf whose cell it lies in.
  private struct Visit {
    var query: Int32 = 0
    var leaf: Int32 = 0
  }

  /// Queries in an order in which those that lie together follow each other: they need the same leaves,
  /// which are then still in the cache.
  private func visits(of queries: Matrix, threads: Int) -> [Visit] {
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
    var visits = [Visit](repeating: Visit(), count: leaves.count)
    for (query, leaf) in leaves.enumerated() {
      visits[Int(starts[Int(leaf)])] = Visit(query: Int32(query), leaf: leaf)
      starts[Int(leaf)] += 1
    }
    return visits
  }

  /// Memory that a thread needs while it searches.
  struct Scratch {
    fileprivate let query: UnsafeMutablePointer<Float>
    fileprivate let pending: UnsafeMutablePointer<Pending>
    fileprivate let leaves: UnsafeMutablePointer<Leaf>
    /// The smallest blurred distances so far, ascending, as many as there are neighbours to find.
    fileprivate let smallest: UnsafeMutablePointer<Float>
    /// Samples that may be among the nearest; between two queries some of the former's nearest.
    fileprivate let candidates: UnsafeMutablePointer<Candidate>
    fileprivate let candidateCapacity: Int

    init(featureCount: Int, neighborCount: Int) {
      query = .allocate(capacity: featureCount)
      // Eight levels of sixteen are four thousand million leaves.
      pending = .allocate(capacity: 8 * BoxTree.groupSize)
      leaves = .allocate(capacity: BoxTree.groupSize)
      smallest = .allocate(capacity: neighborCount)
      candidateCapacity = 4 * neighborCount + 128
      candidates = .allocate(capacity: candidateCapacity)
    }

    func deallocate() {
      query.deallocate()
      pending.deallocate()
      leaves.deallocate()
      smallest.deallocate()
      candidates.deallocate()
    }
  }

  /// A sample whose blurred distance is small.
  fileprivate struct Candidate {
    /// Where it stands in the tree's leaves.
    let place: Int32
    let distance: Float
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

  /// Fills `nearest` with the samples nearest to `query`, a run of `featureCount` numbers that lies in the
  /// leaf `home`.
  ///
  /// Samples that were near the query before give a first limit, a good one where queries that lie together
  /// follow each other.
  ///
  /// - Parameter keptCount: how many of these `scratch` has.
  /// - Returns: how many it has for the next query.
  private func search(
    _ query: UnsafePointer<Double>, home: Int, into nearest: Nearest, _ scratch: Scratch,
    keptCount: Int
  ) -> Int {
    nearest.reset()
    let largest = precision.convert(query, to: scratch.query)
    guard precision.isUsable(largest) else {
      searchPlainly(query, into: nearest)
      return 0
    }
    return withUnsafeParts { leafSamples, values, bounds, rows in
      var pass = Pass(
        search: self, query: query, converted: UnsafePointer(scratch.query),
        blur: precision.blur(distance, largest: largest), nearest: nearest, scratch: scratch,
        leafSamples: leafSamples, values: values, bounds: bounds, rows: rows,
        featureCount: tree.featureCount)
      pass.limit(byFirst: keptCount)
      switch distance {
      case .euclidean: pass.run(SquaredDifference.self, home: home)
      case .manhattan: pass.run(AbsoluteDifference.self, home: home)
      }
      return pass.finish()
    }
  }

  /// Opens the arrays once per query.
  private func withUnsafeParts(
    _ body: (
      _ leafSamples: UnsafePointer<Double>, _ values: UnsafePointer<Float>,
      _ bounds: UnsafePointer<Float>, _ rows: UnsafePointer<Int32>
    ) -> Int
  ) -> Int {
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
  let blur: SinglePrecision.Blur
  let nearest: Nearest
  let scratch: BoxSearch.Scratch
  let leafSamples: UnsafePointer<Double>
  let values: UnsafePointer<Float>
  let bounds: UnsafePointer<Float>
  let rows: UnsafePointer<Int32>
  let featureCount: Int
  /// What a blurred distance must not exceed.
  var threshold = Float.infinity
  var candidateCount = 0

  /// Takes the distance within which the first candidates lie for a limit, if there are enough.
  @inline(__always)
  mutating func limit(byFirst keptCount: Int) {
    scratch.smallest.update(repeating: .infinity, count: nearest.capacity)
    guard keptCount == nearest.capacity else { return }
    var farthest = 0.0
    for index in 0..<keptCount {
      farthest = max(farthest, exactDistance(at: Int(scratch.candidates[index].place)))
    }
    threshold = blur.threshold(search.precision.scaled(farthest, search.distance))
  }

  @inline(__always)
  mutating func run<Term: DifferenceTerm>(_: Term.Type, home: Int) {
    let tree = search.tree
    let homeGroup = home / BoxTree.groupSize
    searchLeaves(ofGroup: homeGroup, Term.self)
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
        if group != homeGroup { searchLeaves(ofGroup: group, Term.self) }
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
  private mutating func searchLeaves<Term: DifferenceTerm>(ofGroup group: Int, _: Term.Type) {
    let first = group &* BoxTree.groupSize
    let distances = boxDistances(group, Term.self)
    var near = distances.lanes(upTo: threshold) & used(search.tree.boxCounts[0] &- first)
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
    let distances = sampleDistances(leaf, Term.self)
    var near =
      distances.lanes(upTo: threshold) & used(search.tree.sampleCount(ofLeaf: leaf))
    while near != 0 {
      let lane = near.trailingZeroBitCount
      near &= near &- 1
      consider(leaf &* BoxTree.groupSize &+ lane, distances[lane])
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

  /// Takes the sample at a place for a candidate, and its distance for a limit if it is one of the smallest.
  @inline(__always)
  private mutating func consider(_ place: Int, _ distance: Float) {
    if candidateCount == scratch.candidateCapacity { settleAll() }
    scratch.candidates[candidateCount] = BoxSearch.Candidate(
      place: Int32(truncatingIfNeeded: place), distance: distance)
    candidateCount &+= 1
    let smallest = scratch.smallest
    guard distance < smallest[nearest.capacity &- 1] else { return }
    // Without branches: each place keeps the smaller one and hands the larger one on.
    var next = distance
    for rank in 0..<nearest.capacity {
      let held = smallest[rank]
      smallest[rank] = min(held, next)
      next = max(held, next)
    }
    let largest = smallest[nearest.capacity &- 1]
    guard largest < .infinity else { return }
    // As many samples as are wanted lie within this exactly, and others may look farther than they are.
    let exact = blur.threshold(Double(largest))
    threshold = min(threshold, blur.threshold(Double(exact)))
  }

  /// Measures all candidates, since there is no room for more: many are equally near.
  @inline(never)
  private mutating func settleAll() {
    for index in 0..<candidateCount { settle(scratch.candidates[index]) }
    candidateCount = 0
    threshold = min(
      threshold, blur.threshold(search.precision.scaled(nearest.limit, search.distance)))
  }

  /// Measures the candidates that are left. The nearest of them stay where they are for the next query.
  ///
  /// - Returns: how many stay, at most as many as there are neighbours to find.
  @inline(__always)
  mutating func finish() -> Int {
    let limit = scratch.smallest[nearest.capacity &- 1]
    var kept = 0
    for index in 0..<candidateCount {
      let candidate = scratch.candidates[index]
      if candidate.distance > threshold { continue }
      settle(candidate)
      if candidate.distance <= limit, kept < nearest.capacity {
        scratch.candidates[kept] = candidate
        kept &+= 1
      }
    }
    return kept
  }

  /// Measures a candidate exactly.
  @inline(__always)
  private func settle(_ candidate: BoxSearch.Candidate) {
    let place = Int(candidate.place)
    let exact = exactDistance(at: place)
    guard exact <= nearest.limit else { return }
    search.distinct.insert(exact, firstRow: rows[place], into: nearest)
  }

  @inline(__always)
  private func exactDistance(at place: Int) -> Double {
    Classifiers.exactDistance(
      leafSamples + place &* featureCount, query, featureCount, search.distance)
  }
}
