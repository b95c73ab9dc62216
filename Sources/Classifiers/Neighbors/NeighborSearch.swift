import LinearAlgebra

/// Finds the nearest samples, by the way that suits the number of features.
struct NeighborSearch: Hashable, Sendable {
  /// The samples in the order in which they were given.
  let samples: Matrix
  private let boxes: BoxSearch

  init(
    _ samples: Matrix, distance: Distance, threads: Int = Parallelism.availableThreads
  ) {
    self.samples = samples
    boxes = BoxSearch(
      samples, DistinctSamples(samples), SinglePrecision(samples), distance: distance,
      threads: threads)
  }

  var featureCount: Int { samples.columnCount }

  /// Calls `body` with every query's row and its nearest samples, on up to `threads` threads.
  func forEachQuery(
    in queries: Matrix, neighborCount: Int, threads: Int,
    _ body: @Sendable (_ row: Int, _ nearest: Nearest) -> Void
  ) {
    let order = boxes.order(of: queries, threads: threads)
    let blockSize = 256
    let blocks = (order.count + blockSize - 1) / blockSize
    Parallelism.forEach(blocks, threads: threads) { block, _ in
      let scratch = BoxSearch.Scratch(featureCount: featureCount)
      let nearest = Nearest(capacity: neighborCount)
      defer {
        scratch.deallocate()
        nearest.deallocate()
      }
      queries.elements.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { return }
        for place in block * blockSize..<min((block + 1) * blockSize, order.count) {
          let query = Int(order[place])
          boxes.search(values + query * featureCount, into: nearest, scratch)
          body(query, nearest)
        }
      }
    }
  }
}
