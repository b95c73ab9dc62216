/// Of each query of a group the samples that may be among the nearest.
struct CandidateLists: ~Copyable {
  private let search: SearchedLeaves
  private let neighborCount: Int
  private let capacity: Int
  private let candidates: Buffer<Candidate>
  /// Of each query what the smallest distances cannot exceed, ascending, as many as there are neighbours to find.
  private let smallest: Buffer<Float>
  private let least = Buffer<Float>(uninitializedCount: SampleBlocks.laneCount)
  /// Those of one query that have been measured in double precision.
  let nearest: Nearest
  private let distances: Buffer<Double>

  /// A sample whose approximate distance is small.
  private struct Candidate: BitwiseCopyable {
    let place: Int32
    /// The distance's lower bound.
    let bound: Float
  }

  init(_ search: SearchedLeaves, neighborCount: Int, count: Int) {
    self.search = search
    self.neighborCount = neighborCount
    capacity = 2 * neighborCount + 22
    candidates = Buffer(uninitializedCount: count * capacity)
    smallest = Buffer(repeating: .infinity, count: count * neighborCount)
    nearest = Nearest(capacity: neighborCount)
    distances = Buffer(uninitializedCount: capacity)
  }

  func reset(_ index: Int) {
    (smallest.start + index * neighborCount).update(repeating: .infinity, count: neighborCount)
  }

  /// Takes the samples of a leaf that may be among the nearest.
  @inline(__always)
  func scan(
    _ distances: UnsafePointer<Float>, _ width: Int, _ leaf: Int, _ index: Int,
    _ state: inout QueryState
  ) {
    let error = state.error(search.errors[leaf], search.errorBound)
    if state.limit == .infinity { limit(distances, width, error, index, &state) }
    let firstPlace = Int(search.leafStarts[leaf])
    var highest = state.limit + error
    var start = 0
    while start < width {
      let end = min(start &+ 64, width)
      // Sixty-four at a time are passed over where none is near.
      var least = Lanes(at: distances + start)
      var next = start &+ SampleBlocks.laneCount
      while next < end {
        least = least.smaller(Lanes(at: distances + next))
        next &+= SampleBlocks.laneCount
      }
      if least.containsAny(upTo: highest) {
        while start < end {
          var near = Lanes(at: distances + start).lanes(upTo: highest)
          while near != 0 {
            let column = start &+ near.trailingZeroBitCount
            near &= near &- 1
            take(firstPlace &+ column, distances[column], error, index, &state)
          }
          start &+= SampleBlocks.laneCount
        }
        highest = state.limit + error
      }
      start = end
    }
  }

  /// Finds a first limit: as many distances as there are neighbours to find, each the smallest of its lane.
  @inline(__always)
  private func limit(
    _ distances: UnsafePointer<Float>, _ width: Int, _ error: Float, _ index: Int,
    _ state: inout QueryState
  ) {
    guard neighborCount <= SampleBlocks.laneCount else { return }
    var least = Lanes(repeating: .infinity)
    for column in stride(from: 0, to: width, by: SampleBlocks.laneCount) {
      least = least.smaller(Lanes(at: distances + column))
    }
    let smallest = self.smallest.start + index &* neighborCount
    least.store(at: self.least.start)
    for lane in 0..<SampleBlocks.laneCount { insert(self.least.start[lane], smallest) }
    state.limit = smallest[neighborCount &- 1] + error
    smallest.update(repeating: .infinity, count: neighborCount)
  }

  @inline(__always)
  private func take(
    _ place: Int, _ distance: Float, _ error: Float, _ index: Int, _ state: inout QueryState
  ) {
    let list = candidates.start + index &* capacity
    list[Int(state.candidateCount)] = Candidate(
      place: Int32(truncatingIfNeeded: place), bound: distance - error)
    state.candidateCount &+= 1
    let smallest = self.smallest.start + index &* neighborCount
    insert(distance + error, smallest)
    state.limit = min(state.limit, smallest[neighborCount &- 1])
    if Int(state.candidateCount) == capacity { makeRoom(index, &state) }
  }

  @inline(__always)
  private func insert(_ distance: Float, _ smallest: UnsafeMutablePointer<Float>) {
    if neighborCount > Nearest.shortCapacity {
      guard distance < smallest[neighborCount &- 1] else { return }
      let place = firstPlace(below: neighborCount - 1) { distance < smallest[$0] }
      smallest.makeRoom(at: place, count: neighborCount)
      smallest[place] = distance
    } else {
      // Without branches: each place keeps the smaller one and hands the larger one on.
      var next = distance
      for rank in 0..<neighborCount {
        let held = smallest[rank]
        smallest[rank] = next < held ? next : held
        next = next > held ? next : held
      }
    }
  }

  /// Drops the candidates that are too far by now; measures the others if they are many: they are equally near.
  @inline(never)
  private func makeRoom(_ index: Int, _ state: inout QueryState) {
    let list = candidates.start + index * capacity
    var kept = 0
    for place in 0..<Int(state.candidateCount) where list[place].bound <= state.limit {
      list[kept] = list[place]
      kept += 1
    }
    state.candidateCount = Int32(kept)
    if 2 * kept > neighborCount + capacity { keepNearest(kept, index, &state) }
  }

  /// Keeps the nearest candidates, measured exactly: one more than there are neighbours to find, which tells whether
  /// there are others as near as the last.
  private func keepNearest(_ count: Int, _ index: Int, _ state: inout QueryState) {
    let list = candidates.start + index * capacity
    let measured = (0..<count).map { number in
      let place = Int(list[number].place)
      return (search.exactDistance(place, state.query), search.firstRow(place), list[number].place)
    }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    for (number, sample) in measured.prefix(neighborCount + 1).enumerated() {
      list[number] = Candidate(place: sample.2, bound: -.infinity)
    }
    state.candidateCount = Int32(min(count, neighborCount + 1))
    let farthest = search.precision.scaled(measured[neighborCount - 1].0, search.distance)
    let limit = Float(farthest - Double(state.offset)).nextUp
    state.limit = min(state.limit, limit + search.errorBound.query(state.length))
  }

  /// Measures a query's candidates exactly.
  @inline(__always)
  func settle(_ index: Int, _ state: inout QueryState) {
    nearest.reset()
    if state.isFar { return search.measureAll(state.query, into: nearest) }
    let list = candidates.start + index &* capacity
    let distances = self.distances.start
    // Measured before any is offered: where one is to be inserted is hard to predict.
    var kept = 0
    for number in 0..<Int(state.candidateCount) {
      list[kept] = list[number]
      kept &+= list[number].bound <= state.limit ? 1 : 0
    }
    for number in 0..<kept {
      distances[number] = search.exactDistance(Int(list[number].place), state.query)
    }
    for number in 0..<kept {
      search.offer(Int(list[number].place), distances[number], to: nearest)
    }
  }
}
