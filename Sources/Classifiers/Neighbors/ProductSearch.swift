import LinearAlgebra

/// Finds the nearest samples among all, a block of queries and a block of samples at a time.
///
/// One matrix product gives all distances between two blocks,
///
///     ‖q − r‖² = ‖q‖² − 2 q·r + ‖r‖²,
///
/// in single precision and approximate by rounding. Samples that may be near by these are measured again in
/// double precision, feature by feature, so that the result is the one of the plain double loop. With
/// many features boxes keep hardly anything away, and this is the faster way.
struct ProductSearch: Hashable, Sendable {
  private let samples: Matrix
  private let distinct: DistinctSamples
  private let precision: SinglePrecision
  /// Converted samples, row after row.
  private let rows: [Float]
  private let squaredNorms: [Float]
  /// The largest ‖r‖ of each block of samples.
  private let largestNorms: [Float]

  private static var queryBlock: Int { 128 }
  private static var sampleBlock: Int { 512 }

  init(_ samples: Matrix, _ distinct: DistinctSamples, _ precision: SinglePrecision) {
    let width = samples.columnCount
    let count = distinct.firstRows.count
    let rows = precision.converted(samples, rows: distinct.firstRows)
    self.samples = samples
    self.distinct = distinct
    self.precision = precision
    self.rows = rows
    let norms = (0..<count).map { Self.squaredNorm(rows[$0 * width..<($0 + 1) * width]) }
    squaredNorms = norms
    largestNorms = stride(from: 0, to: count, by: Self.sampleBlock).map { start in
      (norms[start..<min(start + Self.sampleBlock, count)].max() ?? 0).squareRoot()
    }
  }

  private static func squaredNorm(_ row: ArraySlice<Float>) -> Float {
    Float(row.reduce(0.0) { $0 + Double($1) * Double($1) })
  }

  /// Calls `body` with every query's row and its nearest samples.
  func forEachQuery(
    in queries: Matrix, neighborCount: Int, threads: Int,
    _ body: @Sendable (_ row: Int, _ nearest: borrowing Nearest) -> Void
  ) {
    BLAS.prepare()
    let blocks = (queries.rowCount + Self.queryBlock - 1) / Self.queryBlock
    Parallelism.forEach(blocks, threads: threads) { block, _ in
      let first = block * Self.queryBlock
      let count = min(Self.queryBlock, queries.rowCount - first)
      let nearest = Buffer<Nearest>(count: count) { start in
        for query in 0..<count {
          (start + query).initialize(to: Nearest(capacity: neighborCount))
        }
      }
      queries.elements.withUnsafeBufferPointer { values in
        search(values.baseAddress! + first * queries.columnCount, count, nearest)
      }
      for index in 0..<count { body(first + index, nearest.start[index]) }
    }
  }

  /// Searches for a block of queries, rows of `columnCount` numbers.
  private func search(
    _ queries: UnsafePointer<Double>, _ count: Int, _ nearest: borrowing Buffer<Nearest>
  ) {
    let nearest = nearest.start
    let width = samples.columnCount
    var converted = [Float](repeating: 0, count: count * width)
    var products = [Float](repeating: 0, count: count * Self.sampleBlock)
    var limits = [QueryLimit]()
    for query in 0..<count {
      let largest = converted.withUnsafeMutableBufferPointer {
        precision.convert(queries + query * width, to: $0.baseAddress! + query * width)
      }
      let norm = Self.squaredNorm(converted[query * width..<(query + 1) * width])
      limits.append(
        QueryLimit(
          squaredNorm: norm, isUsable: precision.isUsable(largest),
          errorBound: precision.errorBound(.euclidean, largest: largest)))
    }
    let sampleCount = distinct.firstRows.count
    for (block, start) in stride(from: 0, to: sampleCount, by: Self.sampleBlock).enumerated() {
      let blockCount = min(Self.sampleBlock, sampleCount - start)
      rows.withUnsafeBufferPointer { rows in
        products.withUnsafeMutableBufferPointer { products in
          BLAS.productWithTransposed(
            rows: count, columns: blockCount, inner: width, alpha: -2, converted,
            rows.baseAddress! + start * width, products.baseAddress!)
        }
      }
      squaredNorms.withUnsafeBufferPointer { norms in
        products.withUnsafeBufferPointer { products in
          for query in 0..<count {
            settle(
              queries + query * width, limits[query], nearest[query],
              products.baseAddress! + query * blockCount, norms.baseAddress! + start, blockCount,
              start: start, largestNorm: largestNorms[block])
          }
        }
      }
    }
  }

  private struct QueryLimit {
    let squaredNorm: Float
    /// Whether single precision tells anything about the query.
    let isUsable: Bool
    let errorBound: SinglePrecision.ErrorBound
  }

  /// Measures those samples of a block exactly that may be near.
  private func settle(
    _ query: UnsafePointer<Double>, _ limit: QueryLimit, _ nearest: borrowing Nearest,
    _ products: UnsafePointer<Float>, _ norms: UnsafePointer<Float>, _ count: Int, start: Int,
    largestNorm: Float
  ) {
    let width = samples.columnCount
    // What rounding can do to the three terms, with room to spare.
    let reach = limit.squaredNorm.squareRoot() + largestNorm
    let error = Float(2 * width + 32) * 0x1p-24 * reach * reach
    func threshold(_ scaled: Double) -> Float {
      limit.isUsable ? limit.errorBound.threshold(scaled) - limit.squaredNorm + error : .infinity
    }
    var highest = threshold(precision.scaled(nearest.limit, .euclidean))
    if highest == .infinity, limit.isUsable {
      // Nothing is known yet: the k-th smallest approximate distance of this block is a limit as well.
      let approximate =
        smallest(nearest.capacity, products, norms, count) + limit.squaredNorm + error
      highest = threshold(Double(limit.errorBound.threshold(Double(approximate))))
    }
    samples.elements.withUnsafeBufferPointer { values in
      var index = 0
      while index < count {
        // Sixty-four at a time are passed over where none is near.
        let next = min(index + 64, count)
        var nearCount: Int32 = 0
        for place in index..<next {
          nearCount &+= products[place] + norms[place] > highest ? 0 : 1
        }
        if nearCount > 0 {
          for place in index..<next where !(products[place] + norms[place] > highest) {
            let row = distinct.firstRows[start + place]
            let exact = exactDistance(
              values.baseAddress! + Int(row) * width, query, width, .euclidean)
            if exact <= nearest.limit {
              distinct.insert(exact, firstRow: row, into: nearest)
              highest = min(highest, threshold(precision.scaled(nearest.limit, .euclidean)))
            }
          }
        }
        index = next
      }
    }
  }

  /// The k-th smallest of the approximate distances; infinity where there are fewer.
  private func smallest(
    _ k: Int, _ products: UnsafePointer<Float>, _ norms: UnsafePointer<Float>, _ count: Int
  ) -> Float {
    guard k <= count else { return .infinity }
    var kept: [Float] = []
    for place in 0..<count {
      let value = products[place] + norms[place]
      if kept.count == k, value >= kept[k - 1] { continue }
      if kept.count == k { kept.removeLast() }
      kept.insert(value, at: firstPlace(below: kept.count) { kept[$0] > value })
    }
    return kept[k - 1]
  }
}
