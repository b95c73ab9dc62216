public import LinearAlgebra
public import ModelFiles

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A fitted logistic regression.
public struct LogisticRegressionModel: ClassificationModel, Hashable {
  let numbers: LogisticRegressionTensors
  let presentClasses: [Int]
  private let hasIntercepts: Bool
  private let standardErrors: [Double?]?
  public let notice: String?

  /// - Parameter standardErrors: as a fit gives them; `nil` for a model that was saved, or one of a single class.
  init(
    _ tensors: LogisticRegressionTensors, hasIntercepts: Bool, standardErrors: [Double?]? = nil,
    notice: String? = nil
  ) {
    numbers = tensors
    presentClasses = tensors.isPresent.indices.filter { tensors.isPresent[$0] }
    self.hasIntercepts = hasIntercepts
    self.standardErrors = standardErrors
    self.notice = notice
  }

  init(_ fit: LogisticFit, of objective: LogisticObjective, isPresent: [Bool]) {
    let width = objective.width
    let featureCount = width - (objective.hasIntercepts ? 1 : 0)
    var coefficients: [Double] = []
    var intercepts: [Double] = []
    for start in stride(from: 0, to: fit.variables.count, by: width) {
      coefficients += fit.variables[start..<start + featureCount]
      intercepts.append(objective.hasIntercepts ? fit.variables[start + featureCount] : 0)
    }
    self.init(
      LogisticRegressionTensors(
        featureCount: featureCount, isPresent: isPresent, coefficients: coefficients,
        intercepts: intercepts), hasIntercepts: objective.hasIntercepts,
      standardErrors: fit.standardErrors, notice: fit.notice)
  }

  public var featureCount: Int { numbers.featureCount }
  public var classCount: Int { numbers.isPresent.count }
  public var tensors: any ModelTensors { numbers }

  public var coefficients: [Coefficient]? {
    let labels = presentClasses.count > 2 ? presentClasses : [presentClasses.last ?? 0]
    let errors = standardErrors ?? []
    return labels.enumerated().flatMap { row, label in
      let start = row * (errors.count / labels.count)
      return (0..<featureCount).map { feature in
        Coefficient(
          label: label, feature: feature, value: numbers.coefficients[row * featureCount + feature],
          standardError: errors.isEmpty ? nil : errors[start + feature])
      }
        + (hasIntercepts
          ? [
            Coefficient(
              label: label, feature: nil, value: numbers.intercepts[row],
              standardError: errors.isEmpty ? nil : errors[start + featureCount])
          ] : [])
    }
  }

  public func probabilities(for features: Matrix, threads: Int) -> Matrix {
    precondition(features.columnCount == featureCount, "the model knows \(featureCount) features")
    var result = Matrix(rowCount: features.rowCount, columnCount: classCount)
    let classes = classCount
    let blockSize = 2048
    result.withUnsafeMutableElements { output in
      nonisolated(unsafe) let output = output.baseAddress
      Parallelism.forEach((features.rowCount + blockSize - 1) / blockSize, threads: threads) {
        block, _ in
        let rows = block * blockSize..<min((block + 1) * blockSize, features.rowCount)
        let scores = Buffer<Double>(uninitializedCount: max(2, presentClasses.count))
        features.elements.withUnsafeBufferPointer { values in
          guard let values = values.baseAddress, let output else { return }
          for row in rows {
            writeShares(
              of: values + row &* featureCount, to: output + row &* classes, scores.start)
          }
        }
      }
    }
    return result
  }

  public func labels(of shuffled: ShuffledRows, threshold: Double?, threads: Int) -> [Int32] {
    guard presentClasses == [0, 1], classCount == 2 else {
      return generalLabels(of: shuffled, threshold: threshold, threads: threads)
    }
    return labels(
      of: shuffled, threshold: threshold, threads: threads,
      constants: SIMD2(0, numbers.intercepts[0])
    ) { [coefficients = numbers.coefficients] feature, value in
      SIMD2(0, coefficients[feature] * value)
    }
  }

  /// - Parameter scores: working memory for a number per class.
  @inline(__always)
  private func writeShares(
    of sample: UnsafePointer<Double>, to shares: UnsafeMutablePointer<Double>,
    _ scores: UnsafeMutablePointer<Double>
  ) {
    let rowCount = numbers.intercepts.count
    numbers.coefficients.withUnsafeBufferPointer { coefficients in
      for row in 0..<rowCount {
        let sum = Self.product(
          sample, coefficients.baseAddress! + row &* featureCount, count: featureCount)
        scores[row] = Self.bounded(sum + numbers.intercepts[row])
      }
    }
    if presentClasses.count == 1 {
      shares[presentClasses[0]] = 1
    } else if rowCount == 1 {
      let odds = exp(-abs(scores[0]))
      let (less, more) = (odds / (1 + odds), 1 / (1 + odds))
      shares[presentClasses[0]] = scores[0] > 0 ? less : more
      shares[presentClasses[1]] = scores[0] > 0 ? more : less
    } else {
      Softmax.apply(scores, count: rowCount)
      for row in 0..<rowCount { shares[presentClasses[row]] = scores[row] }
    }
  }

  /// The sum of products in an order that depends on their number only.
  @inline(__always)
  private static func product(
    _ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>, count: Int
  ) -> Double {
    var sums = SIMD4<Double>.zero
    var place = 0
    while place &+ 4 <= count {
      let left = UnsafeRawPointer(first + place).loadUnaligned(as: SIMD4<Double>.self)
      let right = UnsafeRawPointer(second + place).loadUnaligned(as: SIMD4<Double>.self)
      sums += left * right
      place &+= 4
    }
    var sum = sums.sum()
    while place < count {
      sum += first[place] * second[place]
      place &+= 1
    }
    return sum
  }

  /// A score as a finite number: huge features and coefficients may give another.
  @inline(__always)
  private static func bounded(_ score: Double) -> Double {
    score.isNaN ? 0 : max(-1e300, min(score, 1e300))
  }
}

extension LogisticFit {
  /// What users have to know of the search, if it did not end at an optimum.
  fileprivate var notice: String? {
    switch ending {
    case .optimum: nil
    case .separated:
      "the training rows can be told apart without a mistake, so that without a penalty no coefficients are "
        + "best: they would grow without end, and were stopped after \(iterationCount) steps; use penalty=l2"
    case .unbounded:
      "without a penalty no coefficients are best: some would grow without end, and were stopped after "
        + "\(iterationCount) steps; use penalty=l2"
    case .iterationLimit:
      "stopped after \(iterationCount) steps, before the optimum was reached; raise max_iter"
    }
  }
}
