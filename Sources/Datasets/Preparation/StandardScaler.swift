import LinearAlgebra

/// Shifts and scales each feature so that its mean is 0 and its deviation 1.
public struct StandardScaler: Hashable, Sendable {
  public let means: [Double]
  /// Population deviations; 1 for constant columns, not finite if squares overflow.
  public let deviations: [Double]

  /// Learns from columns of numbers, at least one number each.
  ///
  /// Sums are taken in numpy's order, pairwise, and the variance in two passes with a correction, so
  /// that means and deviations equal scikit-learn's to the last bit.
  ///
  /// - Parameter threads: how many threads may work; it never changes the result.
  /// - SeeAlso: Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983,
  ///   doi:10.1080/00031305.1983.10483115.
  public init(fitting columns: [[Double]], threads: Int = 1) {
    var moments = [(mean: Double, deviation: Double)](repeating: (0, 1), count: columns.count)
    moments.withUnsafeMutableBufferPointer { moments in
      nonisolated(unsafe) let moments = moments
      Parallelism.forEach(columns.count, threads: threads) { index, _ in
        moments[index] = Self.moments(of: columns[index])
      }
    }
    means = moments.map(\.mean)
    deviations = moments.map(\.deviation)
  }

  private static func moments(of column: [Double]) -> (mean: Double, deviation: Double) {
    let count = Double(column.count)
    let mean = PairwiseSum.sum(column) / count
    let rests = column.map { $0 - mean }
    let correction = PairwiseSum.sum(rests)
    let squares = PairwiseSum.sum(rests.map { $0 * $0 })
    let variance = (squares - correction * correction / count) / count
    let error = count * Double.ulpOfOne * variance
    let shift = count * mean * Double.ulpOfOne
    // A variance that rounding alone can explain is that of a constant column. One that overflowed stays
    // infinite, and is refused.
    let isConstant = variance.isFinite && variance <= error + shift * shift
    return (mean, isConstant ? 1 : variance.squareRoot())
  }

  /// The chosen rows of columns, scaled, in row order.
  func scaled(_ columns: [[Double]], rows: [Int], threads: Int) -> [Double] {
    let width = columns.count
    return [Double](unsafeUninitializedCapacity: rows.count * width) { elements, initialized in
      nonisolated(unsafe) let elements = elements
      let size = 4096
      Parallelism.forEach((rows.count + size - 1) / size, threads: threads) { part, _ in
        for (feature, column) in columns.enumerated() {
          let mean = means[feature]
          let deviation = deviations[feature]
          for index in part * size..<min(rows.count, (part + 1) * size) {
            elements[index * width + feature] = (column[rows[index]] - mean) / deviation
          }
        }
      }
      initialized = rows.count * width
    }
  }
}
