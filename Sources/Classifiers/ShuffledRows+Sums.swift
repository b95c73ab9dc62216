import LinearAlgebra

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

extension ClassificationModel {
  /// The labels of a model of two classes the logarithms of whose shares are sums, up to the same constant for both: of
  /// a number of each class, and of a part of each feature. Shuffling changes one part.
  ///
  /// - Parameters:
  ///   - constants: the number of each class.
  ///   - part: what a feature's value adds to each class.
  func labels(
    of shuffled: ShuffledRows, threshold: Double?, threads: Int, constants: SIMD2<Double>,
    part: @Sendable (_ feature: Int, _ value: Double) -> SIMD2<Double>
  ) -> [Int32] {
    // Shares so near to 0 or 1 are rounded too much.
    guard (1e-6...1 - 1e-6).contains(threshold ?? 0.5) else {
      return generalLabels(of: shuffled, threshold: threshold, threads: threads)
    }
    let settled = shuffled.labels(
      threshold: threshold, threads: threads, constants: constants, part: part)
    return shuffled.labels(settled: settled, threads: threads) {
      probabilities(for: $0, threads: 1).predictedLabels(threshold: threshold)
    }
  }
}

extension ShuffledRows {
  /// So many rows are worth a piece of work.
  private static let pieceSize = 1024

  /// The labels that sums tell, and −1 where rounding might decide.
  @inline(__always)
  fileprivate func labels(
    threshold: Double?, threads: Int, constants: SIMD2<Double>,
    part: @Sendable (_ feature: Int, _ value: Double) -> SIMD2<Double>
  ) -> [Int32] {
    // How far the second class must be ahead.
    let lead = threshold.map { log($0 / (1 - $0)) } ?? 0
    let width = features.columnCount
    var found = ownLabels
    found.withUnsafeMutableBufferPointer { found in
      nonisolated(unsafe) let found = found
      Parallelism.forEach(
        (rows.count + Self.pieceSize - 1) / Self.pieceSize, threads: threads
      ) { piece, _ in
        var parts = [SIMD2<Double>](repeating: .zero, count: width)
        for place in piece * Self.pieceSize..<min(rows.count, (piece + 1) * Self.pieceSize) {
          let row = rows.lowerBound + place
          var sum = constants
          var size = abs(lead) + magnitude(constants)
          for feature in 0..<width {
            parts[feature] = part(feature, features[row, feature])
            sum += parts[feature]
            size += magnitude(parts[feature])
          }
          for feature in 0..<width {
            for (number, order) in orders.enumerated() {
              let value = features[order[row], feature]
              guard value != features[row, feature] else { continue }
              let other = part(feature, value)
              let shares = sum - parts[feature] + other
              let ahead = shares[1] - shares[0] - lead
              // Infinite and undefined sums are never sure.
              let unsure = 1e-9 * (size + magnitude(other))
              found[(feature * orders.count + number) * rows.count + place] =
                ahead > unsure ? 1 : ahead < -unsure ? 0 : -1
            }
          }
        }
      }
    }
    return found
  }

  private func magnitude(_ numbers: SIMD2<Double>) -> Double { abs(numbers[0]) + abs(numbers[1]) }
}
