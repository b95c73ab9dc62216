/// One query's way through the tree.
struct BoxSearchPass {
  let search: BoxSearch
  let query: UnsafePointer<Double>
  let converted: UnsafePointer<Float>
  let blur: SinglePrecision.Blur
  let nearest: Nearest
  let scratch: Scratch
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
    scratch.pending[0] = Pending(
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
        scratch.pending[place] = Pending(
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
      scratch.leaves[place] = Leaf(
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
    scratch.candidates[candidateCount] = Candidate(
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

  /// Memory that a thread needs while it searches.
  struct Scratch {
    let query: UnsafeMutablePointer<Float>
    let pending: UnsafeMutablePointer<Pending>
    let leaves: UnsafeMutablePointer<Leaf>
    /// The smallest blurred distances so far, ascending, as many as there are neighbours to find.
    let smallest: UnsafeMutablePointer<Float>
    /// Samples that may be among the nearest; between two queries some of the former's nearest.
    let candidates: UnsafeMutablePointer<Candidate>
    let candidateCapacity: Int

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
  struct Candidate {
    /// Where it stands in the tree's leaves.
    let place: Int32
    let distance: Float
  }

  /// A group of boxes that is still to be looked into.
  struct Pending {
    let level: Int32
    let group: Int32
    /// The blurred distance of the box around it.
    let distance: Float
  }

  /// A leaf that is near enough to be looked into.
  struct Leaf {
    let number: Int32
    let distance: Float
  }
}
