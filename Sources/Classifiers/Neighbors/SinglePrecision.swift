import Datasets
import LinearAlgebra

/// Samples moved and scaled to numbers between -1 and 1 that single precision holds well.
///
/// Distances between such numbers are quick and approximate. They tell which samples may be near, which are
/// then measured exactly; what they must not do is to rule out a sample that is near. ``ErrorBound`` says
/// how large an approximate distance can be while the exact one is within a limit.
struct SinglePrecision: Hashable, Sendable {
  /// The middle of each feature's range.
  private let centers: [Double]
  /// A power of two, so that scaling does not round.
  private let scale: Double

  init(_ samples: Matrix) {
    let width = samples.columnCount
    var lower = [Double](repeating: .infinity, count: width)
    var upper = [Double](repeating: -.infinity, count: width)
    samples.elements.withUnsafeBufferPointer { values in
      lower.withUnsafeMutableBufferPointer { lower in
        upper.withUnsafeMutableBufferPointer { upper in
          for start in stride(from: 0, to: values.count, by: width) {
            for feature in 0..<width {
              let value = values[start + feature]
              if value < lower[feature] { lower[feature] = value }
              if value > upper[feature] { upper[feature] = value }
            }
          }
        }
      }
    }
    // Halves first: the sum and the difference of two large numbers may be infinite.
    centers = lower.indices.map { lower[$0] / 2 + upper[$0] / 2 }
    let reach = lower.indices.map { upper[$0] / 2 - lower[$0] / 2 }.max() ?? 0
    // Not beyond 2³⁰⁰, or squares of what is scaled so much would have vanished in double precision.
    scale =
      reach > 0
      ? Double(sign: .plus, exponent: min(300, -Int(reach.exponent) - 2), significand: 1) : 1
  }

  /// Converts one sample; returns the largest magnitude.
  @inline(__always) @discardableResult
  func convert(
    _ sample: UnsafePointer<Double>, to result: UnsafeMutablePointer<Float>
  ) -> Float {
    var largest: Float = 0
    for feature in 0..<centers.count {
      let value = Float((sample[feature] - centers[feature]) * scale)
      result[feature] = value
      if abs(value) > largest { largest = abs(value) }
    }
    return largest
  }

  /// Chosen rows, converted, row after row.
  func converted(_ samples: Matrix, rows: [Int32]) -> [Float] {
    let width = samples.columnCount
    return [Float](unsafeUninitializedCapacity: rows.count * width) { result, initialized in
      LargePages.request(for: result)
      samples.elements.withUnsafeBufferPointer { values in
        guard let input = values.baseAddress, let output = result.baseAddress else { return }
        for (place, row) in rows.enumerated() {
          convert(input + Int(row) * width, to: output + place * width)
        }
      }
      initialized = rows.count * width
    }
  }

  /// Whether distances from a query, whose largest magnitude this is, mean something: sums of squares must
  /// not overflow, neither here nor in the plain double loop, to which distances that have are all the same.
  @inline(__always)
  func isUsable(_ largest: Float) -> Bool { largest <= 0x1p40 && scale >= 0x1p-450 }

  /// An exact distance in the measure of approximate ones; squares of them where distances are Euclidean.
  @inline(__always)
  func scaled(_ distance: Double, _ kind: Distance) -> Double {
    kind == .euclidean ? distance * scale * scale : distance * scale
  }
}
