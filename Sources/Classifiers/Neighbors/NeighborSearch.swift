import LinearAlgebra

/// Finds the nearest samples, by the way that suits the number of features.
struct NeighborSearch: Hashable, Sendable {
  /// The samples in the order in which they were given.
  let samples: Matrix
  private let distance: Distance
  private let way: Way
  private let ties: TieOrder?

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
    @Sendable func settle(row: Int, nearest: borrowing Nearest) {
      if let ties, nearest.isTied {
        queries.elements.withUnsafeBufferPointer {
          ties.search(
            samples, distance, around: $0.baseAddress! + row * featureCount, into: nearest)
        }
      }
      body(row, nearest)
    }
    switch way {
    case .products(let products):
      products.forEachQuery(in: queries, neighborCount: neighborCount, threads: threads, settle)
    case .boxes(let boxes):
      boxes.forEachQuery(in: queries, neighborCount: neighborCount, threads: threads, settle)
    }
  }
}
