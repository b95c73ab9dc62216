import Datasets
import LinearAlgebra

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The penalised loss of linear scores, which logistic regression minimises.
///
///     F(W, b) = Σᵢ wᵢ·(log Σₖ exp(sᵢₖ) − sᵢ,yᵢ) + ½·λ·‖W‖²,   sᵢₖ = Wₖ·xᵢ + bₖ
///
/// The variables are a row of coefficients per class, each with its intercept behind it if there are intercepts. Two
/// classes have one row, that of the second, and the score of the first is 0.
///
/// Rows are summed in parts, which depend on their number and on that of the variables and never on that of the
/// threads, and the parts in their order.
struct LogisticObjective: Sendable {
  private let features: [Double]
  private let featureCount: Int
  /// The class of each sample, among those that are present.
  private let labels: [Int32]
  /// The weight of each class.
  private let weights: [Double]
  /// With two classes the weight of each sample, below 0 for the first, and 0 up to whole lanes.
  private let signedWeights: [Double]
  /// λ.
  let penaltyStrength: Double
  let hasIntercepts: Bool
  private let threads: Int

  /// How many rows of coefficients there are.
  var rowCount: Int { weights.count > 2 ? weights.count : 1 }
  /// How many variables a row of coefficients has.
  var width: Int { featureCount + (hasIntercepts ? 1 : 0) }
  var variableCount: Int { rowCount * width }
  /// The weight of all samples.
  let totalWeight: Double

  /// - Parameters:
  ///   - labels: of two or more classes, each of which has a sample.
  ///   - weights: that of each class.
  init(
    _ features: Matrix, labels: [Int32], weights: [Double], penaltyStrength: Double,
    hasIntercepts: Bool, threads: Int
  ) {
    self.features = features.elements
    featureCount = features.columnCount
    self.labels = labels
    self.weights = weights
    self.penaltyStrength = penaltyStrength
    self.hasIntercepts = hasIntercepts
    self.threads = threads
    signedWeights =
      weights.count > 2
      ? []
      : labels.map { $0 == 1 ? weights[1] : -weights[0] }
        + [Double](repeating: 0, count: LogisticPass.laneSize - 1)
    totalWeight = labels.reduce(0) { $0 + weights[Int($1)] }
  }

  /// Where the search begins: intercepts that give every sample the classes' shares, and no coefficients.
  var start: [Double] {
    var variables = [Double](repeating: 0, count: variableCount)
    guard hasIntercepts else { return variables }
    var shares = weights.map { _ in 0.0 }
    for label in labels { shares[Int(label)] += weights[Int(label)] / totalWeight }
    for row in 0..<rowCount {
      variables[row * width + featureCount] =
        rowCount == 1 ? log(shares[1] / shares[0]) : log(shares[row])
    }
    return centred(variables)
  }

  /// The objective at one place.
  struct Value {
    var loss: Double
    var gradient: [Double]
    /// The upper triangle, row by row; empty unless it was asked for.
    var hessian: [Double]
    /// The least probability of a sample's own class.
    var smallestShare: Double
  }

  /// How many rows a block of working memory takes, in whole lanes.
  private var blockSize: Int {
    max(256, min(1024, 65_536 / variableCount)) / LogisticPass.laneSize * LogisticPass.laneSize
  }

  /// Into how many parts the rows are divided: where each has a Hessian of its own, all of these take at most 64 MB.
  private func partCount(withHessian: Bool) -> Int {
    let most = withHessian ? max(1, (8 << 20) / (variableCount * variableCount)) : 32
    return min(32, most, (labels.count + blockSize - 1) / blockSize)
  }

  /// - Parameter variables: row by row.
  func value(at variables: [Double], withHessian: Bool) -> Value {
    let stride = LogisticSums.stride(of: variableCount, withHessian: withHessian)
    let parts = partCount(withHessian: withHessian)
    let blocks = (labels.count + blockSize - 1) / blockSize
    let sums = Buffer(repeating: 0.0, count: parts * stride)
    nonisolated(unsafe) let start = sums.start
    Parallelism.forEach(parts, threads: threads) { part, _ in
      let pass = LogisticPass(
        LogisticSums(start + part * stride, variableCount, withHessian: withHessian),
        classes: weights.count, featureCount, width, blockSize: blockSize)
      pass.sums.smallestShare = 1
      variables.withUnsafeBufferPointer { variables in
        features.withUnsafeBufferPointer { features in
          for block in part * blocks / parts..<(part + 1) * blocks / parts {
            let rows = block * blockSize..<min((block + 1) * blockSize, labels.count)
            pass.add(
              features.baseAddress! + rows.lowerBound * featureCount, labels[rows], weights,
              signedWeights.dropFirst(rows.lowerBound), variables.baseAddress!)
          }
        }
      }
    }
    let total = LogisticSums(start, variableCount, withHessian: withHessian)
    for part in 1..<max(1, parts) {
      total.add(LogisticSums(start + part * stride, variableCount, withHessian: withHessian))
    }
    return penalised(total, variables)
  }

  /// The sums with the penalty added.
  private func penalised(_ sums: LogisticSums, _ variables: [Double]) -> Value {
    var value = sums.value
    let size = variableCount
    for variable in 0..<size where variable % width < featureCount {
      value.loss += 0.5 * penaltyStrength * variables[variable] * variables[variable]
      value.gradient[variable] += penaltyStrength * variables[variable]
      if !value.hessian.isEmpty { value.hessian[variable * size + variable] += penaltyStrength }
    }
    return value
  }
}
