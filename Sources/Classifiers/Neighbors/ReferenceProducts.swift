import LinearAlgebra

/// Squared distances rounded as by scikit-learn where it measures all rows, and its choice by them.
///
///     ‖q − s‖² = ‖q‖² − 2 q·s + ‖s‖²
///
/// Each term is rounded, so that samples at equal distance may look apart and others equal. The
/// terms are OpenBLAS's with AVX-512 instructions: a product is a chain of fused multiplications
/// and additions, feature after feature. Rows come in their order, as on one thread.
///
/// - Complexity: O(*f·n*) time for a query, most of it in vectors.
struct ReferenceProducts: ReferenceSearch {
  private let samples: Matrix
  private let lanes: SampleLanes
  private let squaredNorms: [Double]

  init(_ samples: Matrix) {
    self.samples = samples
    lanes = SampleLanes(samples, order: (0..<samples.rowCount).map { Int32($0) })
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
    return relativeError(featureCount) * 8 * length * length
  }

  /// Of ‖q‖² + ‖s‖²; rounding errors of as many steps as there are features, with room to spare.
  private static func relativeError(_ featureCount: Int) -> Double {
    Double(2 * featureCount + 16) * 0x1p-53
  }

  func search(_ query: UnsafePointer<Double>, into nearest: borrowing Nearest) {
    let width = samples.columnCount
    let heap = NeighborHeap(in: nearest)
    let norm = Self.squaredNorm(query, width)
    let error = Self.relativeError(width)
    samples.elements.withUnsafeBufferPointer { values in
      lanes.forEach(in: 0..<samples.rowCount, from: query, SquaredGap.self) { row, distance in
        // What is surely farther need not be rounded.
        let known = squaredNorms[Int(row)]
        if distance - error * (norm + known) < heap.farthest {
          let sample = values.baseAddress! + Int(row) * width
          let product = Self.product(query, sample, width)
          heap.push(max(0, norm - 2 * product + known), row: row)
        }
      }
    }
    heap.sort()
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
      let rest = count - start
      let block = rest >= 768 ? 384 : rest > 384 ? (rest / 2 + 15) / 16 * 16 : rest
      var chain = 0.0
      for index in start..<start + block {
        chain = chain.addingProduct(first[index], second[index])
      }
      sum += chain
      start += block
    }
    return sum
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
