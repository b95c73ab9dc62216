/// The way of one query after another through the tree, with the memory that a thread needs for it.
struct BoxSearchPass: ~Copyable {
  let search: BoxSearch
  let leafSamples: UnsafePointer<Double>
  let values: UnsafePointer<Float>
  let bounds: UnsafePointer<Float>
  let rows: UnsafePointer<Int32>
  let featureCount: Int
  let nearest: Nearest

  // The query at hand.
  private var query: UnsafePointer<Double>
  private let converted: Buffer<Float>
  private var errorBound: SinglePrecision.ErrorBound
  /// What an approximate distance must not exceed.
  private var threshold = Float.infinity

  private let pending: Buffer<Pending>
  private let leaves: Buffer<Leaf>
  /// The smallest approximate distances so far, ascending, as many as there are neighbours to find.
  private let smallest: Buffer<Float>
  /// Samples that may be among the nearest; between two queries some of the former's nearest.
  private let candidates: Buffer<Candidate>
  private var candidateCount = 0

  init(
    search: BoxSearch, leafSamples: UnsafePointer<Double>, values: UnsafePointer<Float>,
    bounds: UnsafePointer<Float>, rows: UnsafePointer<Int32>, neighborCount: Int
  ) {
    self.search = search
    self.leafSamples = leafSamples
    self.values = values
    self.bounds = bounds
    self.rows = rows
    featureCount = search.tree.featureCount
    nearest = Nearest(capacity: neighborCount)
    query = leafSamples
    converted = Buffer(repeating: 0, count: featureCount)
    errorBound = search.precision.errorBound(search.distance, largest: 0)
    // Eight levels of sixteen are four thousand million leaves.
    pending = Buffer(uninitializedCount: 8 * BoxTree.groupSize)
    leaves = Buffer(uninitializedCount: BoxTree.groupSize)
    smallest = Buffer(repeating: .infinity, count: neighborCount)
    candidates = Buffer(uninitializedCount: 4 * neighborCount + 128)
  }

  /// Fills `nearest` with the samples nearest to `query`, a run of `featureCount` numbers that lies in the
  /// leaf `home`.
  ///
  /// Samples that were near the query before give a first limit, a good one where queries that lie together
  /// follow each other.
  ///
  /// - Returns: false where the query is too far away for single precision.
  mutating func run(_ query: UnsafePointer<Double>, home: Int) -> Bool {
    nearest.reset()
    self.query = query
    let largest = search.precision.convert(query, to: converted.start)
    guard search.precision.isUsable(largest) else {
      candidateCount = 0
      return false
    }
    errorBound = search.precision.errorBound(search.distance, largest: largest)
    limitByKept()
    switch search.distance {
    case .euclidean: run(SquaredDifference.self, home: home)
    case .manhattan: run(AbsoluteDifference.self, home: home)
    }
    settleKept()
    return true
  }

  /// Takes the distance within which the former query's candidates lie for a limit, if there are enough.
  @inline(__always)
  private mutating func limitByKept() {
    let keptCount = candidateCount
    candidateCount = 0
    threshold = .infinity
    smallest.start.update(repeating: .infinity, count: nearest.capacity)
    guard keptCount == nearest.capacity else { return }
    var farthest = 0.0
    for index in 0..<keptCount {
      farthest = max(farthest, exactDistance(at: Int(candidates.start[index].place)))
    }
    threshold = errorBound.threshold(search.precision.scaled(farthest, search.distance))
  }

  @inline(__always)
  private mutating func run<Term: DifferenceTerm>(_: Term.Type, home: Int) {
    let tree = search.tree
    let homeGroup = home / BoxTree.groupSize
    searchLeaves(ofGroup: homeGroup, Term.self)
    let top = tree.boxCounts.count - 1
    guard top > 0 else { return }
    let pending = self.pending.start
    var pendingCount = 1
    pending[0] = Pending(
      level: Int32(top), group: Int32(tree.firstGroups[top]), distance: 0)
    while pendingCount > 0 {
      pendingCount &-= 1
      let next = pending[pendingCount]
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
        while place > lowest, pending[place &- 1].distance < distance {
          pending[place] = pending[place &- 1]
          place &-= 1
        }
        pending[place] = Pending(
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
    let leaves = self.leaves.start
    let first = group &* BoxTree.groupSize
    let distances = boxDistances(group, Term.self)
    var near = distances.lanes(upTo: threshold) & used(search.tree.boxCounts[0] &- first)
    var count = 0
    while near != 0 {
      let lane = near.trailingZeroBitCount
      near &= near &- 1
      let distance = distances[lane]
      var place = count
      while place > 0, leaves[place &- 1].distance > distance {
        leaves[place] = leaves[place &- 1]
        place &-= 1
      }
      leaves[place] = Leaf(
        number: Int32(truncatingIfNeeded: first &+ lane), distance: distance)
      count &+= 1
    }
    for index in 0..<count {
      let leaf = leaves[index]
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

  /// The distances to the nearest points of a group's boxes. None is more than the approximate distance to a
  /// sample within: it is summed in the same order, and rounding keeps order.
  @inline(__always)
  private func boxDistances<Term: DifferenceTerm>(_ group: Int, _: Term.Type) -> Lanes {
    let converted = self.converted.start
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
    let converted = self.converted.start
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
    if candidateCount == candidates.count { settleAll() }
    candidates.start[candidateCount] = Candidate(
      place: Int32(truncatingIfNeeded: place), distance: distance)
    candidateCount &+= 1
    let smallest = self.smallest.start
    guard distance < smallest[nearest.capacity &- 1] else { return }
    if nearest.capacity > Nearest.shortCapacity {
      let place = firstPlace(below: nearest.capacity - 1) { distance < smallest[$0] }
      smallest.makeRoom(at: place, count: nearest.capacity)
      smallest[place] = distance
    } else {
      // Without branches: each place keeps the smaller one and hands the larger one on.
      var next = distance
      for rank in 0..<nearest.capacity {
        let held = smallest[rank]
        smallest[rank] = min(held, next)
        next = max(held, next)
      }
    }
    let largest = smallest[nearest.capacity &- 1]
    guard largest < .infinity else { return }
    // As many samples as are wanted lie within this exactly, and others may look farther than they are.
    let exact = errorBound.threshold(Double(largest))
    threshold = min(threshold, errorBound.threshold(Double(exact)))
  }

  /// Measures all candidates, since there is no room for more: many are equally near.
  @inline(never)
  private mutating func settleAll() {
    for index in 0..<candidateCount { settle(candidates.start[index]) }
    candidateCount = 0
    threshold = min(
      threshold, errorBound.threshold(search.precision.scaled(nearest.limit, search.distance)))
  }

  /// Measures the candidates that are left. The nearest of them, at most as many as there are neighbours to
  /// find, stay where they are for the next query.
  @inline(__always)
  private mutating func settleKept() {
    let candidates = self.candidates.start
    let limit = smallest.start[nearest.capacity &- 1]
    var kept = 0
    for index in 0..<candidateCount {
      let candidate = candidates[index]
      if candidate.distance > threshold { continue }
      settle(candidate)
      if candidate.distance <= limit, kept < nearest.capacity {
        candidates[kept] = candidate
        kept &+= 1
      }
    }
    candidateCount = kept
  }

  /// Measures a candidate exactly.
  @inline(__always)
  private func settle(_ candidate: Candidate) {
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

  /// A sample whose approximate distance is small.
  private struct Candidate: BitwiseCopyable {
    /// Where it stands in the tree's leaves.
    let place: Int32
    let distance: Float
  }

  /// A group of boxes that is still to be looked into.
  private struct Pending: BitwiseCopyable {
    let level: Int32
    let group: Int32
    /// The approximate distance of the box around it.
    let distance: Float
  }

  /// A leaf that is near enough to be looked into.
  private struct Leaf: BitwiseCopyable {
    let number: Int32
    let distance: Float
  }
}
