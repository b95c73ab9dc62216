import LinearAlgebra

/// Samples in blocks of eight, feature after feature, whose distances are measured at once and
/// exactly: each is summed feature after feature.
struct SampleLanes: Sendable {
  private let order: [Int32]
  private let values: [Double]
  private let featureCount: Int

  private static var blockSize: Int { 8 }

  /// - Parameter order: the samples' rows.
  init(_ samples: Matrix, order: [Int32]) {
    let width = samples.columnCount
    let size = Self.blockSize
    let blocks = (order.count + size - 1) / size
    var values = [Double](repeating: 0, count: blocks * size * width)
    samples.elements.withUnsafeBufferPointer { elements in
      for (place, row) in order.enumerated() {
        let start = place / size * size * width + place % size
        for feature in 0..<width {
          values[start + feature * size] = elements[Int(row) * width + feature]
        }
      }
    }
    self.order = order
    self.values = values
    featureCount = width
  }

  /// Calls `body` with the row and the distance of each sample in a range of the order.
  @inline(__always)
  func forEach<Gap: FeatureGap>(
    in range: Range<Int>, from query: UnsafePointer<Double>, _: Gap.Type,
    _ body: (_ row: Int32, _ distance: Double) -> Void
  ) {
    let size = Self.blockSize
    let stride = size * MemoryLayout<Double>.stride
    values.withUnsafeBytes { values in
      order.withUnsafeBufferPointer { order in
        var place = range.lowerBound
        while place < range.upperBound {
          let first = place / size * size
          let block = values.baseAddress! + first * featureCount * MemoryLayout<Double>.stride
          var sums = SIMD8<Double>.zero
          for feature in 0..<featureCount {
            let numbers = (block + feature * stride).loadUnaligned(as: SIMD8<Double>.self)
            sums += Gap.term(SIMD8(repeating: query[feature]) - numbers)
          }
          let end = min(first + size, range.upperBound)
          while place < end {
            body(order[place], sums[place - first])
            place += 1
          }
        }
      }
    }
  }
}

/// What a gap in one feature adds to a distance as it is compared, and the distance itself.
protocol FeatureGap {
  static func term<Numbers: SIMD<Double>>(_ gap: Numbers) -> Numbers
  static func term<Numbers: SIMD<Float>>(_ gap: Numbers) -> Numbers
  static func distance(_ compared: SIMD2<Double>) -> SIMD2<Double>
}

enum SquaredGap: FeatureGap {
  @inline(__always) static func term<Numbers: SIMD<Double>>(_ gap: Numbers) -> Numbers { gap * gap }
  @inline(__always) static func term<Numbers: SIMD<Float>>(_ gap: Numbers) -> Numbers { gap * gap }
  @inline(__always) static func distance(_ compared: SIMD2<Double>) -> SIMD2<Double> {
    compared.squareRoot()
  }
}

enum AbsoluteGap: FeatureGap {
  @inline(__always) static func term<Numbers: SIMD<Double>>(_ gap: Numbers) -> Numbers {
    gap.replacing(with: 0 - gap, where: gap .< 0)
  }
  @inline(__always) static func term<Numbers: SIMD<Float>>(_ gap: Numbers) -> Numbers {
    gap.replacing(with: 0 - gap, where: gap .< 0)
  }
  @inline(__always) static func distance(_ compared: SIMD2<Double>) -> SIMD2<Double> { compared }
}
