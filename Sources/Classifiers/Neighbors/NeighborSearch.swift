import LinearAlgebra

/// Finds the nearest samples, and of equally distant ones those that scikit-learn finds.
struct NeighborSearch: Hashable, Sendable {
  /// The samples in the order in which they were given.
  let samples: Matrix
  private let distance: Distance
  private let leaves: LeafSearch
  let ties: TieOrder?

  /// - Parameter ties: which of equally distant samples are found; the first rows if `nil`.
  init(
    _ samples: Matrix, distance: Distance, ties: TieOrder? = nil,
    threads: Int = Parallelism.availableThreads
  ) {
    self.samples = samples
    self.distance = distance
    self.ties = ties
    leaves = LeafSearch(samples, distance: distance, threads: threads)
  }

  var featureCount: Int { samples.columnCount }

  /// Calls `body` with every query's row and its nearest samples, on up to `threads` threads.
  func forEachQuery(
    in queries: Matrix, neighborCount: Int, threads: Int,
    _ body: @Sendable (_ row: Int, _ nearest: borrowing Nearest) -> Void
  ) {
    guard let ties else {
      return leaves.forEachQuery(
        in: queries, neighborCount: neighborCount, threads: threads, body)
    }
    let isOpen = Buffer(repeating: true, count: queries.rowCount)
    nonisolated(unsafe) let open = isOpen.start
    let count = ties.searchedCount(neighborCount, of: samples)
    let width = featureCount
    let (rule, rounding) = (ties.rule, ties.rounding(samples))
    queries.elements.withUnsafeBufferPointer { elements in
      nonisolated(unsafe) let elements = elements.baseAddress!
      leaves.forEachQuery(in: queries, neighborCount: count, threads: threads) {
        row, nearest in
        let query = elements + row * width
        if rule.isOpen(query, nearest, count: neighborCount, featureCount: width) { return }
        rounding?.round(query, nearest, count: neighborCount)
        body(row, nearest)
        open[row] = false
      }
      let tied = (0..<queries.rowCount).filter { open[$0] }
      if tied.isEmpty { return }
      // Most ties of measured numbers are between equal samples of one class. Where they are few it
      // is not worth making the tree for those.
      if rule != .products, 8 * tied.count <= samples.rowCount {
        let count = min(2 * neighborCount + 8, samples.rowCount)
        leaves.forEachQuery(
          in: queries.rows(tied), neighborCount: count, threads: threads
        ) { index, nearest in
          guard ties.isOneClass(nearest, count: neighborCount) else { return }
          body(tied[index], nearest)
          open[tied[index]] = false
        }
      }
      let rows = tied.filter { open[$0] }
      if rows.isEmpty { return }
      let reference = ties.search(samples, distance, threads: threads)
      let blockSize = 32
      Parallelism.forEach((rows.count + blockSize - 1) / blockSize, threads: threads) { block, _ in
        let rows = rows[block * blockSize..<min(rows.count, (block + 1) * blockSize)]
        reference.search(rows, of: elements, neighborCount: neighborCount, body)
      }
    }
  }

  // What is searched follows from these.
  static func == (first: Self, second: Self) -> Bool {
    first.samples == second.samples && first.distance == second.distance
      && first.ties == second.ties
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(samples)
    hasher.combine(distance)
    hasher.combine(ties)
  }
}
