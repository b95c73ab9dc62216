/// Which leaves a group's queries need, and how far each is.
struct LeafVisits: ~Copyable {
  private let search: SearchedLeaves
  /// One for each leaf that a query needs; those of a leaf are linked.
  private let entries: Buffer<Entry>
  private var entryCount = 0
  /// Of each leaf, the last entry and the smallest distance.
  private let last: Buffer<Int32>
  private let smallest: Buffer<Float>
  private var leaves: [Int32] = []
  private let queue: Buffer<SIMD2<Int32>>
  private let spread: Buffer<SIMD4<Float>>

  private struct Entry: BitwiseCopyable {
    let query: Int32
    let bound: Float
    let next: Int32
  }

  init(_ search: SearchedLeaves, queryCount: Int) {
    self.search = search
    entries = Buffer(uninitializedCount: 64 * queryCount + search.leafCount + 4)
    last = Buffer(repeating: -1, count: search.leafCount)
    smallest = Buffer(repeating: .infinity, count: search.leafCount)
    queue = Buffer(uninitializedCount: search.quadCount + search.leafCount + 4)
    spread = Buffer(uninitializedCount: search.featureCount)
  }

  /// Lists the leaves that queries need from `first` on, as long as there is room; returns where it ends.
  mutating func list(
    from first: Int, to count: Int, _ group: ArraySlice<Visit>, _ converted: UnsafePointer<Float>,
    _ stride: Int, _ states: UnsafePointer<QueryState>
  ) -> Int {
    entryCount = 0
    var index = first
    while index < count, entryCount + search.leafCount + 4 <= entries.count {
      let reach = states[index].reach(search)
      let home = search.leaves(of: group, index)
      switch search.distance {
      case .euclidean: walk(converted + index * stride, index, reach, home, SquaredGap.self)
      case .manhattan: walk(converted + index * stride, index, reach, home, AbsoluteGap.self)
      }
      index += 1
    }
    return index
  }

  @inline(__always)
  private mutating func walk<Gap: FeatureGap>(
    _ query: UnsafePointer<Float>, _ index: Int, _ reach: Float, _ home: Range<Int>, _: Gap.Type
  ) {
    let width = search.featureCount
    let spread = self.spread.start
    for feature in 0..<width { spread[feature] = SIMD4(repeating: query[feature]) }
    let queue = self.queue.start
    let limit = SIMD4(repeating: reach)
    queue[0] = SIMD2(~0, 0)
    var (next, end) = (0, 1)
    var found = entryCount
    while next < end {
      let member = queue[next]
      next &+= 1
      if member.x >= 0 {
        link(Int(member.x), index, Float(bitPattern: UInt32(bitPattern: member.y)), home, &found)
        continue
      }
      let quad = Int(~member.x)
      var bounds = search.bounds + quad &* width &* 2
      var sums = SIMD4<Float>.zero
      for feature in 0..<width {
        let value = spread[feature]
        let above = value.replacing(with: bounds[0], where: value .< bounds[0])
        sums += Gap.term(value - above.replacing(with: bounds[1], where: bounds[1] .< above))
        bounds += 2
      }
      // Written to the end of the queue, which moves on or does not.
      let near = unsafeBitCast(sums .<= limit, to: SIMD4<Int32>.self)
      let bits = Int((near & SIMD4(1, 2, 4, 8)).wrappedSum())
      let children = search.children[quad]
      let distances = unsafeBitCast(sums, to: SIMD4<Int32>.self)
      queue[end] = SIMD2(children.x, distances.x)
      end &+= bits & 1
      queue[end] = SIMD2(children.y, distances.y)
      end &+= bits &>> 1 & 1
      queue[end] = SIMD2(children.z, distances.z)
      end &+= bits &>> 2 & 1
      queue[end] = SIMD2(children.w, distances.w)
      end &+= bits &>> 3
    }
    entryCount = found
  }

  /// Adds an entry to those of a leaf, unless the query is at home there, where it has been already.
  @inline(__always)
  private mutating func link(
    _ leaf: Int, _ query: Int, _ bound: Float, _ home: Range<Int>, _ found: inout Int
  ) {
    if home.contains(leaf) { return }
    if last.start[leaf] < 0 { leaves.append(Int32(truncatingIfNeeded: leaf)) }
    entries.start[found] = Entry(
      query: Int32(truncatingIfNeeded: query), bound: bound, next: last.start[leaf])
    last.start[leaf] = Int32(truncatingIfNeeded: found)
    smallest.start[leaf] = min(smallest.start[leaf], bound)
    found &+= 1
  }

  /// Whether so many queries need most leaves.
  func areMost(of queryCount: Int) -> Bool {
    2 * entryCount > search.leafCount * queryCount
  }

  /// The listed leaves, nearest first; empties the list.
  mutating func sortedLeaves() -> [Int] {
    let sorted = leaves.sorted { smallest.start[Int($0)] < smallest.start[Int($1)] }
    leaves.removeAll(keepingCapacity: true)
    return sorted.map { Int($0) }
  }

  /// Empties the list without a look.
  mutating func clear() {
    for leaf in sortedLeaves() { forEach(of: leaf) { _, _ in } }
  }

  @inline(__always)
  mutating func forEach(of leaf: Int, _ body: (_ query: Int, _ bound: Float) -> Void) {
    var next = last.start[leaf]
    last.start[leaf] = -1
    smallest.start[leaf] = .infinity
    while next >= 0 {
      let entry = entries.start[Int(next)]
      body(Int(entry.query), entry.bound)
      next = entry.next
    }
  }
}
