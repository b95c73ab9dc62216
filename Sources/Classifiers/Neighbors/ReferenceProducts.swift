import LinearAlgebra

/// Squared distances rounded as by scikit-learn where it measures all rows, and its choice by them.
///
///     ‖q − s‖² = ‖q‖² − 2 q·s + ‖s‖²
///
/// Each term is rounded, so that samples at equal distance may look apart and others equal. The
/// terms are OpenBLAS's with AVX-512 instructions: a product is a chain of fused multiplications
/// and additions, feature after feature. Rows come in their order, as on one thread.
///
/// BLAS says which samples may be near; their distances are then rounded by that rule, so that the result does
/// not depend on its kernels.
struct ReferenceProducts: ReferenceSearch {
  private let samples: Matrix
  /// ‖s‖² of each sample.
  let squaredNorms: [Double]

  private static var sampleBlock: Int { 512 }

  init(_ samples: Matrix) {
    BLAS.prepare()
    self.samples = samples
    squaredNorms = samples.elements.withUnsafeBufferPointer { values in
      (0..<samples.rowCount).map { row in
        Self.squaredNorm(values.baseAddress! + row * samples.columnCount, samples.columnCount)
      }
    }
  }

  /// How far apart a rounded distance and the exact one can be, of samples that may be among the
  /// nearest: ‖s‖ is at most ‖q‖ + reach, and with more than twice that a sample is much farther.
  static func errorBound(
    _ query: UnsafePointer<Double>, featureCount: Int, reach: Double
  ) -> Double {
    var squared = 0.0
    for feature in 0..<featureCount { squared += query[feature] * query[feature] }
    let length = squared.squareRoot() + reach
    return errorFactor(featureCount) * length * length
  }

  /// The error bound where the lengths are 1.
  static func errorFactor(_ featureCount: Int) -> Double { relativeError(featureCount) * 8 }

  /// Of ‖q‖² + ‖s‖²: two sums of as many steps as there are features, with room to spare.
  private static func relativeError(_ featureCount: Int) -> Double {
    Double(2 * featureCount + 32) * 0x1p-53
  }

  func search(
    _ rows: ArraySlice<Int>, of queries: UnsafePointer<Double>, neighborCount: Int,
    _ body: (_ row: Int, _ nearest: borrowing Nearest) -> Void
  ) {
    let width = samples.columnCount
    let nearest = Buffer<Nearest>(count: rows.count) { start in
      for index in 0..<rows.count {
        (start + index).initialize(to: Nearest(capacity: neighborCount))
      }
    }
    let block = Buffer<Double>(uninitializedCount: rows.count * width)
    for (index, row) in rows.enumerated() {
      (block.start + index * width).update(from: queries + row * width, count: width)
    }
    let searches = (0..<rows.count).map { index in
      let query = UnsafePointer(block.start + index * width)
      return Search(
        query: query, norm: Self.squaredNorm(query, width),
        heap: NeighborHeap(in: nearest.start[index]))
    }
    let products = Buffer<Double>(uninitializedCount: rows.count * Self.sampleBlock)
    samples.elements.withUnsafeBufferPointer { values in
      squaredNorms.withUnsafeBufferPointer { norms in
        for first in stride(from: 0, to: norms.count, by: Self.sampleBlock) {
          let count = min(Self.sampleBlock, norms.count - first)
          BLAS.productWithTransposed(
            rows: rows.count, columns: count, inner: width, alpha: -2, block.start,
            values.baseAddress! + first * width, products.start)
          for (index, search) in searches.enumerated() {
            offer(
              first..<first + count, products.start + index * count, to: search,
              values.baseAddress!, norms.baseAddress!)
          }
        }
      }
    }
    for (index, row) in rows.enumerated() {
      searches[index].heap.sort()
      body(row, nearest.start[index])
    }
  }

  /// A query with its ‖q‖² and its neighbours so far.
  private struct Search {
    let query: UnsafePointer<Double>
    let norm: Double
    let heap: NeighborHeap
  }

  /// Offers samples whose products with −2 q are known approximately, in the order of their rows.
  @inline(__always)
  private func offer(
    _ range: Range<Int>, _ products: UnsafePointer<Double>, to search: Search,
    _ values: UnsafePointer<Double>, _ norms: UnsafePointer<Double>
  ) {
    let width = samples.columnCount
    let share = 1 - Self.relativeError(width)
    var limit = search.heap.farthest - share * search.norm
    for row in range where products[row - range.lowerBound] + share * norms[row] < limit {
      let product = Self.product(search.query, values + row * width, width)
      search.heap.push(max(0, search.norm - 2 * product + norms[row]), row: Int32(row))
      limit = search.heap.farthest - share * search.norm
    }
  }

  /// Rounds the first `count` distances, and restores their order.
  func round(_ query: UnsafePointer<Double>, _ nearest: borrowing Nearest, count: Int) {
    let width = samples.columnCount
    let norm = Self.squaredNorm(query, width)
    samples.elements.withUnsafeBufferPointer { values in
      for place in 0..<count {
        let row = nearest.rows[place]
        let product = Self.product(query, values.baseAddress! + Int(row) * width, width)
        let distance = max(0, norm - 2 * product + squaredNorms[Int(row)])
        var hole = place
        while hole > 0, distance < nearest.distances[hole - 1] {
          nearest.distances[hole] = nearest.distances[hole - 1]
          nearest.rows[hole] = nearest.rows[hole - 1]
          hole -= 1
        }
        nearest.distances[hole] = distance
        nearest.rows[hole] = row
      }
    }
  }

  /// One chain up to 384 features; more are divided into blocks, which are added up.
  private static func product(
    _ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>, _ count: Int
  ) -> Double {
    var sum = 0.0
    var start = 0
    while start < count {
      let end = start + blockSize(rest: count - start)
      var chain = 0.0
      for index in start..<end { chain = chain.addingProduct(first[index], second[index]) }
      sum += chain
      start = end
    }
    return sum
  }

  @inline(__always)
  private static func blockSize(rest: Int) -> Int {
    rest >= 768 ? 384 : rest > 384 ? (rest / 2 + 15) / 16 * 16 : rest
  }

  /// The features of each chain of a product.
  static func blocks(_ featureCount: Int) -> [Range<Int>] {
    var blocks: [Range<Int>] = []
    while let start = Optional(blocks.last?.upperBound ?? 0), start < featureCount {
      blocks.append(start..<start + blockSize(rest: featureCount - start))
    }
    return blocks
  }

  /// Four vectors of eight numbers, then of four, then what is left one by one.
  private static func squaredNorm(_ vector: UnsafePointer<Double>, _ count: Int) -> Double {
    let bytes = UnsafeRawPointer(vector)
    let width = MemoryLayout<Double>.stride
    var eights = [SIMD8<Double>](repeating: .zero, count: 4)
    var index = 0
    while index + 32 <= count {
      for part in 0..<4 {
        let numbers = (bytes + (index + 8 * part) * width).loadUnaligned(as: SIMD8<Double>.self)
        eights[part] = eights[part].addingProduct(numbers, numbers)
      }
      index += 32
    }
    var fours = eights.map { $0.lowHalf + $0.highHalf }
    if index + 16 <= count {
      for part in 0..<4 {
        let numbers = (bytes + (index + 4 * part) * width).loadUnaligned(as: SIMD4<Double>.self)
        fours[part] = fours[part].addingProduct(numbers, numbers)
      }
      index += 16
    }
    let four = fours[0] + fours[1] + fours[2] + fours[3]
    let two = four.lowHalf + four.highHalf
    var sum = two[0] + two[1]
    while index < count {
      sum = sum.addingProduct(vector[index], vector[index])
      index += 1
    }
    return sum
  }
}
