import Datasets
import LinearAlgebra

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A row's first and second derivative of the loss by its raw prediction, in single precision.
typealias Derivatives = SIMD2<Float>

/// The logarithmic loss of raw predictions: of two classes by the logit of the second one, of more by a softmax.
///
/// The formulas and their order are scikit-learn's, with the C library's functions, so that rounding is the same.
struct BoostingLoss: Sendable {
  /// The class of each row.
  let labels: [Int32]
  /// The number of classes, at least 2.
  let classCount: Int
  /// The weight of each class; `nil` if all are one.
  let classWeights: [Double]?
  /// The weight of all rows.
  private let totalWeight: Double

  init(labels: [Int32], classCount: Int, classWeights: [Double]?) {
    self.labels = labels
    self.classCount = classCount
    self.classWeights = classWeights
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels { counts[Int(label)] += 1 }
    totalWeight = zip(counts, classWeights ?? counts.map { _ in 1 }).reduce(0) {
      $0 + Double($1.0) * $1.1
    }
  }

  /// How many raw predictions a row has.
  var outputCount: Int { classCount == 2 ? 1 : classCount }

  /// The weight of each row.
  var rowWeights: [Double]? { classWeights.map { weights in labels.map { weights[Int($0)] } } }

  /// The raw predictions with the least loss that are the same for all rows.
  var baseline: [Double] {
    let shares = (0..<classCount).map { label in
      mean(labels.map { $0 == label ? 1 : 0 })
    }
    if classCount == 2 {
      let margin = 10 * Double.ulpOfOne
      return [Self.logit(min(max(shares[1], margin), 1 - margin))]
    }
    let clipped = shares.map { min(max($0, Double.ulpOfOne), 1 - Double.ulpOfOne) }
    let center = exp(PairwiseSum.sum(clipped.map { log($0) }) / Double(classCount))
    return clipped.map { log($0 / center) }
  }

  /// The weighted mean of a number per row.
  private func mean(_ numbers: [Double]) -> Double {
    guard let weights = rowWeights else {
      return PairwiseSum.sum(numbers) / Double(numbers.count)
    }
    return PairwiseSum.sum(zip(numbers, weights).map { $0 * $1 }) / PairwiseSum.sum(weights)
  }

  /// The logarithm of the odds, as scipy has it: precise around one half.
  private static func logit(_ share: Double) -> Double {
    if share < 0.3 || share > 0.65 { return log(share / (1 - share)) }
    let distance = 2 * (share - 0.5)
    return log1p(distance) - log1p(-distance)
  }

  /// The mean loss.
  ///
  /// - Parameter raw: for each output a number per row, output after output.
  func evaluate(_ raw: UnsafePointer<Double>, _ team: Team) -> Double {
    evaluate(raw, derivatives: nil, team)
  }

  /// Finds each row's derivatives.
  ///
  /// - Parameters:
  ///   - raw: for each output a number per row, output after output.
  ///   - derivatives: filled in the same order.
  /// - Returns: the mean loss; with two classes within 10⁻¹⁴ of that of ``evaluate(_:_:)``.
  func differentiate(
    _ raw: UnsafePointer<Double>, _ derivatives: UnsafeMutablePointer<Derivatives>, _ team: Team
  ) -> Double {
    if classCount > 2 { return evaluate(raw, derivatives: derivatives, team) }
    nonisolated(unsafe) let raw = raw
    nonisolated(unsafe) let derivatives = derivatives
    let weights = classWeights ?? [1, 1]
    let sums = labels.withUnsafeBufferPointer { labels in
      nonisolated(unsafe) let labels = labels.baseAddress!
      return team.map(blockCount) { block, _ in
        let rows = rows(ofBlock: block)
        let pass = TwoClassDerivatives(
          raw: raw + rows.lowerBound, labels: labels + rows.lowerBound, weights: weights,
          derivatives: derivatives + rows.lowerBound)
        return pass.differentiate(rows.count)
      }
    }
    return sums.reduce(0, +) / totalWeight
  }

  private func evaluate(
    _ raw: UnsafePointer<Double>, derivatives: UnsafeMutablePointer<Derivatives>?, _ team: Team
  ) -> Double {
    let losses = [Double](unsafeUninitializedCapacity: labels.count) { losses, initialized in
      nonisolated(unsafe) let losses = losses.baseAddress!
      nonisolated(unsafe) let raw = raw
      nonisolated(unsafe) let derivatives = derivatives
      team.forEach(blockCount) { block, _ in
        if classCount == 2 {
          for row in rows(ofBlock: block) {
            losses[row] = TwoClassDerivatives.loss(raw[row], isSecond: labels[row] == 1)
          }
        } else {
          evaluateMany(raw, rows(ofBlock: block), losses, derivatives)
        }
      }
      initialized = labels.count
    }
    return mean(losses)
  }

  private static let blockSize = 2048
  private var blockCount: Int { (labels.count + Self.blockSize - 1) / Self.blockSize }
  private func rows(ofBlock block: Int) -> Range<Int> {
    block * Self.blockSize..<min(labels.count, (block + 1) * Self.blockSize)
  }

  private func evaluateMany(
    _ raw: UnsafePointer<Double>, _ rows: Range<Int>, _ losses: UnsafeMutablePointer<Double>,
    _ derivatives: UnsafeMutablePointer<Derivatives>?
  ) {
    let rowCount = labels.count
    withUnsafeTemporaryAllocation(of: Double.self, capacity: classCount) { shares in
      for row in rows {
        let label = Int(labels[row])
        var largest = raw[row]
        for output in 1..<classCount { largest = max(largest, raw[output &* rowCount &+ row]) }
        var sum = 0.0
        for output in 0..<classCount {
          shares[output] = exp(raw[output &* rowCount &+ row] - largest)
          sum += shares[output]
        }
        losses[row] = log(sum) + largest - raw[label &* rowCount &+ row]
        guard let derivatives else { continue }
        for output in 0..<classCount {
          let share = shares[output] / sum
          var pair = SIMD2(share - (label == output ? 1 : 0), share * (1 - share))
          if let classWeights { pair *= classWeights[label] }
          derivatives[output &* rowCount &+ row] = Derivatives(pair)
        }
      }
    }
  }
}
