import LinearAlgebra

/// Finds the nearest samples, by the way that suits the number of features.
struct NeighborSearch: Hashable, Sendable {
  /// The samples in the order in which they were given.
  let samples: Matrix
  private let distance: Distance
  private let way: Way
  let ties: TieOrder?

  private enum Way: Hashable, Sendable {
    case boxes(BoxSearch)
    case products(ProductSearch)
  }

  /// From so many features on, matrix products are faster than boxes, see Benchmarks/README.md.
  static var productFeatureCount: Int { 24 }

  /// - Parameter ties: which of equally distant samples are found; the first rows if `nil`.
  init(
    _ samples: Matrix, distance: Distance, ties: TieOrder? = nil,
    threads: Int = Parallelism.availableThreads
  ) {
    self.samples = samples
    self.distance = distance
    self.ties = ties
    let distinct = DistinctSamples(samples)
    let precision = SinglePrecision(samples)
    // Products give squared distances only.
    way =
      samples.columnCount >= Self.productFeatureCount && distance == .euclidean
      ? .products(ProductSearch(samples, distinct, precision))
      : .boxes(BoxSearch(samples, distinct, precision, distance: distance, threads: threads))
  }

  var featureCount: Int { samples.columnCount }

  /// Calls `body` with every query's row and its nearest samples, on up to `threads` threads.
  func forEachQuery(
    in queries: Matrix, neighborCount: Int, threads: Int,
    _ body: @Sendable (_ row: Int, _ nearest: borrowing Nearest) -> Void
  ) {
    guard let ties else {
      return search(queries, neighborCount: neighborCount, threads: threads, body)
    }
    let isOpen = Buffer(repeating: true, count: queries.rowCount)
    nonisolated(unsafe) let open = isOpen.start
    let count = ties.searchedCount(neighborCount, of: samples)
    let width = featureCount
    let (rule, rounding) = (ties.rule, ties.rounding(samples))
    queries.elements.withUnsafeBufferPointer { elements in
      nonisolated(unsafe) let elements = elements.baseAddress!
      search(queries, neighborCount: count, threads: threads) { row, nearest in
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
        search(queries.rows(tied), neighborCount: count, threads: threads) { index, nearest in
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

  private func search(
    _ queries: Matrix, neighborCount: Int, threads: Int,
    _ found: @Sendable (_ row: Int, _ nearest: borrowing Nearest) -> Void
  ) {
    switch way {
    case .products(let products):
      products.forEachQuery(in: queries, neighborCount: neighborCount, threads: threads, found)
    case .boxes(let boxes):
      boxes.forEachQuery(in: queries, neighborCount: neighborCount, threads: threads, found)
    }
  }
}
