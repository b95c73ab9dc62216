import LinearAlgebra

/// A group of queries on their way through the leaves, with the memory that a thread needs for it.
///
/// Queries of one leaf are measured against its samples by one product, which gives each a first limit: how far
/// its nearest samples are at most. Boxes then say which other leaves may hold some that are nearer. These are
/// visited nearest first, each by one product with the queries that still need it. Where most leaves are needed
/// anyway, all are visited by all. What may be among the nearest is measured again in double precision.
struct QueryGroup: ~Copyable {
  let search: SearchedLeaves
  private let capacity: Int
  private let pitch: Int
  /// The queries as single precision has them, with a one behind each.
  private let converted: Buffer<Float>
  private let states: Buffer<QueryState>
  private let candidates: CandidateLists
  /// What the next product takes, and what it gives.
  private let gathered: Buffer<Float>
  private let chosen: Buffer<Int32>
  private let products: Buffer<Float>
  private var visits: LeafVisits
  private var count = 0

  /// With fewer queries, a call takes longer than loops do.
  private static var leastProductRows: Int { 4 }
  private static var productSize: Int { 8192 }

  init(_ search: SearchedLeaves, neighborCount: Int, capacity: Int) {
    self.search = search
    self.capacity = capacity
    pitch = (search.height + 3) / 4 * 4
    converted = Buffer(repeating: 0, count: capacity * pitch)
    gathered = Buffer(repeating: 0, count: capacity * pitch)
    states = Buffer(repeating: QueryState(), count: capacity)
    chosen = Buffer(repeating: 0, count: capacity)
    candidates = CandidateLists(search, neighborCount: neighborCount, count: capacity)
    products = Buffer(uninitializedCount: max(Self.productSize, 4 * search.widest))
    visits = LeafVisits(search, queryCount: capacity)
  }

  /// Calls `body` with each query's row and its nearest samples.
  mutating func run(
    _ group: ArraySlice<Visit>, of queries: UnsafePointer<Double>,
    _ body: (_ row: Int, _ nearest: borrowing Nearest) -> Void
  ) {
    load(group, queries)
    visitHomes(group)
    if search.quadCount > 0 {
      var first = 0
      while first < count {
        let end = visits.list(from: first, to: count, group, converted.start, pitch, states.start)
        if visits.areMost(of: end - first) {
          visits.clear()
          visitAll(group, from: first)
          first = count
        } else {
          visitListed()
          first = end
        }
      }
    }
    for (index, visit) in group.enumerated() {
      candidates.settle(index, &states.start[index])
      body(Int(visit.query), candidates.nearest)
    }
  }

  private mutating func load(_ group: ArraySlice<Visit>, _ queries: UnsafePointer<Double>) {
    count = group.count
    for (index, visit) in group.enumerated() {
      let query = queries + Int(visit.query) * search.featureCount
      let numbers = converted.start + index * pitch
      let largest = search.precision.convert(query, to: numbers)
      numbers[search.featureCount] = 1
      states.start[index] = QueryState(
        numbers, query, search.distance, search.featureCount)
      candidates.reset(index)
      if !search.precision.isUsable(largest) {
        numbers.update(repeating: 0, count: pitch)
        states.start[index].limit = -.infinity
        states.start[index].isFar = true
      }
    }
  }

  /// Visits the leaves below the nodes where the queries are at home.
  private func visitHomes(_ group: ArraySlice<Visit>) {
    var first = 0
    while first < count {
      let home = group[group.startIndex + first].home
      var end = first + 1
      while end < count, group[group.startIndex + end].home == home { end += 1 }
      for leaf in search.leaves(of: Int(home)) { visit(leaf, first..<end) }
      first = end
    }
  }

  /// Visits all leaves, each with the queries from `first` on that are not at home there.
  private func visitAll(_ group: ArraySlice<Visit>, from first: Int) {
    for leaf in 0..<search.leafCount {
      var needed = 0
      for query in first..<count {
        chosen.start[needed] = Int32(truncatingIfNeeded: query)
        needed &+= search.leaves(of: group, query).contains(leaf) ? 0 : 1
      }
      visitChosen(leaf, needed)
    }
  }

  /// Visits a leaf with queries that stand together.
  private func visit(_ leaf: Int, _ queries: Range<Int>) {
    let width = search.width(ofLeaf: leaf)
    let step = max(4, Self.productSize / width)
    for first in stride(from: queries.lowerBound, to: queries.upperBound, by: step) {
      let end = min(first + step, queries.upperBound)
      measure(leaf, converted.start + first * pitch, end - first)
      for index in first..<end {
        candidates.scan(
          products.start + (index - first) * width, width, leaf, index, &states.start[index])
      }
    }
  }

  /// Visits the listed leaves, nearest first, with the queries that still need them.
  private mutating func visitListed() {
    for leaf in visits.sortedLeaves() {
      var needed = 0
      visits.forEach(of: leaf) { query, bound in
        chosen.start[needed] = Int32(truncatingIfNeeded: query)
        needed &+= bound <= states.start[query].reach(search) ? 1 : 0
      }
      visitChosen(leaf, needed)
    }
  }

  private func visitChosen(_ leaf: Int, _ needed: Int) {
    let width = search.width(ofLeaf: leaf)
    let step = max(4, Self.productSize / width)
    for first in stride(from: 0, to: needed, by: step) {
      let end = min(first + step, needed)
      for index in first..<end {
        (gathered.start + (index - first) * pitch).update(
          from: converted.start + Int(chosen.start[index]) * pitch, count: pitch)
      }
      measure(leaf, gathered.start, end - first)
      for index in first..<end {
        let query = Int(chosen.start[index])
        candidates.scan(
          products.start + (index - first) * width, width, leaf, query, &states.start[query])
      }
    }
  }

  /// Approximate distances between queries and a leaf's samples.
  @inline(__always)
  private func measure(_ leaf: Int, _ queries: UnsafePointer<Float>, _ count: Int) {
    let block = search.block(leaf)
    let width = search.width(ofLeaf: leaf)
    switch search.distance {
    case .euclidean where count >= Self.leastProductRows:
      BLAS.product(
        rows: count, columns: width, inner: search.height, queries, stride: pitch, block,
        products.start)
    case .euclidean: sum(count, of: search.height, queries, block, width, Product.self)
    case .manhattan:
      sum(count, of: search.featureCount, queries, block, width, AbsoluteDifference.self)
    }
  }

  /// The same by plain loops.
  @inline(__always)
  private func sum<Term: BlockTerm>(
    _ count: Int, of height: Int, _ queries: UnsafePointer<Float>, _ block: UnsafePointer<Float>,
    _ width: Int, _: Term.Type
  ) {
    for query in 0..<count {
      let numbers = queries + query &* pitch
      for column in stride(from: 0, to: width, by: SampleBlocks.laneCount) {
        var sums = Lanes.zero
        var next = block + column
        for row in 0..<height {
          sums += Term.term(Lanes(repeating: numbers[row]), Lanes(at: next))
          next += width
        }
        sums.store(at: products.start + query &* width + column)
      }
    }
  }
}

/// What a row of a block adds to distances.
private protocol BlockTerm {
  static func term(_ number: Lanes, _ row: Lanes) -> Lanes
}

private enum Product: BlockTerm {
  @inline(__always) static func term(_ number: Lanes, _ row: Lanes) -> Lanes { number * row }
}

private enum AbsoluteDifference: BlockTerm {
  @inline(__always) static func term(_ number: Lanes, _ row: Lanes) -> Lanes {
    (number - row).larger(row - number)
  }
}

/// What is known about a query while a group is searched, in the measure of approximate distances.
struct QueryState: BitwiseCopyable {
  /// What the distance of its farthest neighbour cannot exceed, less `offset`.
  var limit = Float.infinity
  /// What distances from products lack: ‖q‖².
  var offset: Float = 0
  /// ‖q‖, rounded up.
  var length: Float = 0
  /// What is added to the limit where boxes are compared with it.
  var slack: Float = 0
  var candidateCount: Int32 = 0
  /// Whether it is too far away for single precision.
  var isFar = false
  var query: UnsafePointer<Double>

  init() { query = UnsafePointer(bitPattern: 8)! }

  @inline(__always)
  init(
    _ numbers: UnsafePointer<Float>, _ query: UnsafePointer<Double>, _ distance: Distance,
    _ featureCount: Int
  ) {
    let norm = distance.norm(numbers, featureCount)
    self.query = query
    offset = distance == .euclidean ? norm : 0
    length = distance.length(norm)
    slack = 0x1p-21 * norm + Float(featureCount + 8) * Float.leastNormalMagnitude
  }

  /// How far a box may be that is still of use.
  @inline(__always)
  func reach(_ search: SearchedLeaves) -> Float {
    min((limit + offset) * search.errorBound.boxFactor + slack, .greatestFiniteMagnitude)
  }

  /// What rounding can do to its distances to a leaf's samples.
  @inline(__always)
  func error(_ leaf: SIMD2<Float>, _ bound: ErrorBound) -> Float {
    leaf.x + leaf.y * length + bound.query(length)
  }
}
