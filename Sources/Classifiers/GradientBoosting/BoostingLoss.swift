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
  private static let blockSize = 2048

  /// The class of each row.
  let labels: [Int]
  /// The number of classes, at least 2.
  let classCount: Int
  /// The weight of each class; `nil` if all are one.
  let classWeights: [Double]?

  /// How many raw predictions a row has.
  var outputCount: Int { classCount == 2 ? 1 : classCount }

  /// The weight of each row.
  var rowWeights: [Double]? { classWeights.map { weights in labels.map { weights[$0] } } }

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
  /// - Parameters:
  ///   - raw: for each output a number per row, output after output.
  ///   - derivatives: in the same order; filled if given.
  func evaluate(
    _ raw: UnsafePointer<Double>, derivatives: UnsafeMutablePointer<Derivatives>?, threads: Int
  ) -> Double {
    let rowCount = labels.count
    let losses = [Double](unsafeUninitializedCapacity: rowCount) { losses, initialized in
      nonisolated(unsafe) let losses = losses.baseAddress!
      nonisolated(unsafe) let raw = raw
      nonisolated(unsafe) let derivatives = derivatives
      Parallelism.forEach(
        (rowCount + Self.blockSize - 1) / Self.blockSize, threads: threads
      ) { block, _ in
        let rows = block * Self.blockSize..<min(rowCount, (block + 1) * Self.blockSize)
        if classCount == 2 {
          evaluatePair(raw, rows, losses, derivatives)
        } else {
          evaluateMany(raw, rows, losses, derivatives)
        }
      }
      initialized = rowCount
    }
    return mean(losses)
  }

  private func evaluatePair(
    _ raw: UnsafePointer<Double>, _ rows: Range<Int>, _ losses: UnsafeMutablePointer<Double>,
    _ derivatives: UnsafeMutablePointer<Derivatives>?
  ) {
    labels.withUnsafeBufferPointer { labels in
      for row in rows {
        let value = raw[row]
        losses[row] = Self.logOnePlusExp(value) - Double(labels[row]) * value
      }
      guard let derivatives else { return }
      for row in rows {
        let truth = Double(labels[row])
        var pair: SIMD2<Double>
        if raw[row] > -37 {
          let power = exp(-raw[row])
          let sum = 1 + power
          pair = SIMD2((1 - truth) - truth * power, power) / SIMD2(sum, sum * sum)
        } else {
          let power = exp(raw[row])
          pair = SIMD2(power - truth, power)
        }
        if let classWeights { pair *= classWeights[labels[row]] }
        derivatives[row] = Derivatives(pair)
      }
    }
  }

  /// log(1 + exp(x)), by the formula that is precise for the size of x.
  private static func logOnePlusExp(_ value: Double) -> Double {
    if value <= -37 { return exp(value) }
    if value <= -2 { return log1p(exp(value)) }
    if value <= 18 { return log(1 + exp(value)) }
    return value <= 33.3 ? value + exp(-value) : value
  }

  private func evaluateMany(
    _ raw: UnsafePointer<Double>, _ rows: Range<Int>, _ losses: UnsafeMutablePointer<Double>,
    _ derivatives: UnsafeMutablePointer<Derivatives>?
  ) {
    let rowCount = labels.count
    withUnsafeTemporaryAllocation(of: Double.self, capacity: classCount) { shares in
      for row in rows {
        var largest = raw[row]
        for output in 1..<classCount { largest = max(largest, raw[output &* rowCount &+ row]) }
        var sum = 0.0
        for output in 0..<classCount {
          shares[output] = exp(raw[output &* rowCount &+ row] - largest)
          sum += shares[output]
        }
        losses[row] = log(sum) + largest - raw[labels[row] &* rowCount &+ row]
        guard let derivatives else { continue }
        for output in 0..<classCount {
          let share = shares[output] / sum
          var pair = SIMD2(share - (labels[row] == output ? 1 : 0), share * (1 - share))
          if let classWeights { pair *= classWeights[labels[row]] }
          derivatives[output &* rowCount &+ row] = Derivatives(pair)
        }
      }
    }
  }
}
