public import Datasets
public import LinearAlgebra

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A classifier that assumes normally distributed features within each class, independent of each other.
///
///     let model = try GaussianNaiveBayes().fit(training)
///     model.means   // one row per class, one column per feature
///
/// - Complexity: O(*n·f*) for *n* samples of *f* features, to fit and to predict.
/// - SeeAlso: Hand and Yu, "Idiot's Bayes: not so stupid after all?", 2001, doi:10.2307/1403452.
extension GaussianNaiveBayes: Classifier {
  public func learn(from dataset: Dataset, threads: Int) throws -> GaussianNaiveBayesModel {
    if let priors, priors.count != dataset.classCount {
      throw ParameterError(
        "priors", mustBe: "one for each of the \(dataset.classCount) classes",
        was: HyperparameterValue.list(priors))
    }
    let width = dataset.featureCount
    let counts = dataset.classSampleCounts
    var means = Matrix(rowCount: counts.count, columnCount: width)
    var variances = Matrix(rowCount: counts.count, columnCount: width)
    addValues(of: dataset, to: &means)
    let overallMeans = (0..<width).map { feature in
      counts.indices.reduce(0) { $0 + means[$1, feature] } / Double(dataset.sampleCount)
    }
    divide(&means, by: counts)
    addSquares(of: dataset, around: means, to: &variances)
    // The variance within classes plus that between them is the variance of all samples.
    let largestVariance =
      (0..<width).map { feature in
        counts.indices.reduce(0) { sum, label in
          let distance = means[label, feature] - overallMeans[feature]
          return sum + variances[label, feature] + Double(counts[label]) * distance * distance
        } / Double(dataset.sampleCount)
      }.max() ?? 0
    divide(&variances, by: counts)
    let epsilon = varianceSmoothing * largestVariance
    for label in counts.indices {
      for feature in 0..<width { variances[label, feature] += epsilon }
    }
    return GaussianNaiveBayesModel(
      means: means, variances: variances,
      classPriors: priors ?? counts.map { Double($0) / Double(dataset.sampleCount) },
      epsilon: epsilon, isPresent: counts.map { $0 > 0 })
  }

  public func model(
    of tensors: NaiveBayesTensors, _ description: ModelDescription
  ) -> any ClassificationModel {
    func matrix(_ elements: [Double]) -> Matrix {
      Matrix(rowCount: tensors.classCount, columnCount: tensors.featureCount, elements: elements)
    }
    return GaussianNaiveBayesModel(
      means: matrix(tensors.means), variances: matrix(tensors.variances),
      classPriors: tensors.classPriors, epsilon: tensors.varianceAdded,
      isPresent: tensors.isPresent)
  }

  public func fittingSeconds(for size: DataSize) -> Double {
    size.trainingRows * size.features * size.classes * 2.5e-9
  }

  public func predictingSeconds(for size: DataSize) -> Double {
    size.testRows * size.classes * (25e-9 + size.features * 2.5e-9)
  }

  /// Adds every value to the sum of its class and feature.
  private func addValues(of dataset: Dataset, to sums: inout Matrix) {
    let width = dataset.featureCount
    sums.withUnsafeMutableElements { sums in
      dataset.features.elements.withUnsafeBufferPointer { values in
        guard let sums = sums.baseAddress, let values = values.baseAddress else { return }
        for (sample, label) in dataset.labels.enumerated() {
          let row = values + sample &* width
          let total = sums + label &* width
          for feature in 0..<width { total[feature] += row[feature] }
        }
      }
    }
  }

  /// Adds the square of every value's distance from the mean of its class and feature.
  private func addSquares(of dataset: Dataset, around means: Matrix, to sums: inout Matrix) {
    let width = dataset.featureCount
    sums.withUnsafeMutableElements { sums in
      dataset.features.elements.withUnsafeBufferPointer { values in
        means.elements.withUnsafeBufferPointer { means in
          guard let sums = sums.baseAddress, let values = values.baseAddress,
            let means = means.baseAddress
          else { return }
          for (sample, label) in dataset.labels.enumerated() {
            let row = values + sample &* width
            let mean = means + label &* width
            let total = sums + label &* width
            for feature in 0..<width {
              let rest = row[feature] - mean[feature]
              total[feature] += rest * rest
            }
          }
        }
      }
    }
  }

  private func divide(_ sums: inout Matrix, by counts: [Int]) {
    for label in counts.indices where counts[label] > 0 {
      for feature in 0..<sums.columnCount { sums[label, feature] /= Double(counts[label]) }
    }
  }
}

/// A fitted naive Bayes model: a normal distribution per class and feature.
public struct GaussianNaiveBayesModel: ClassificationModel, Hashable {
  /// One row per class, one column per feature.
  public let means: Matrix
  /// Population variances with `epsilon` added, in the same layout.
  public let variances: Matrix
  public let classPriors: [Double]
  /// What was added to every variance.
  public let epsilon: Double
  /// Classes without a training sample are never predicted.
  let isPresent: [Bool]
  /// log prior − ½ Σ log(2π·variance), per class.
  let constants: [Double]

  /// - Precondition: variances are not below 0, and a class is present.
  init(
    means: Matrix, variances: Matrix, classPriors: [Double], epsilon: Double, isPresent: [Bool]
  ) {
    self.means = means
    self.variances = variances
    self.classPriors = classPriors
    self.epsilon = epsilon
    self.isPresent = isPresent
    constants = classPriors.indices.map { label in
      log(classPriors[label])
        - 0.5 * variances.row(label).reduce(0) { $0 + log(2 * Double.pi * $1) }
    }
  }

  public var featureCount: Int { means.columnCount }
  public var classCount: Int { means.rowCount }

  public var tensors: any ModelTensors {
    NaiveBayesTensors(
      classCount: classCount, featureCount: featureCount, means: means.elements,
      variances: variances.elements, classPriors: classPriors, isPresent: isPresent,
      varianceAdded: epsilon)
  }

  public func probabilities(for features: Matrix, threads: Int) -> Matrix {
    precondition(features.columnCount == featureCount, "the model knows \(featureCount) features")
    var result = Matrix(rowCount: features.rowCount, columnCount: classCount)
    let width = featureCount
    let classes = classCount
    let blockSize = 2048
    let blocks = (features.rowCount + blockSize - 1) / blockSize
    result.withUnsafeMutableElements { output in
      nonisolated(unsafe) let output = output.baseAddress
      Parallelism.forEach(blocks, threads: threads) { block, _ in
        guard let output else { return }
        let rows = block * blockSize..<min((block + 1) * blockSize, features.rowCount)
        features.elements.withUnsafeBufferPointer { values in
          guard let values = values.baseAddress else { return }
          for first in stride(from: rows.lowerBound, to: rows.upperBound, by: 4) {
            let end = min(first &+ 4, rows.upperBound)
            for row in stride(from: first, to: end, by: 2) {
              // A single last row is paired with itself.
              let other = min(row &+ 1, end &- 1)
              let shares = (output + row &* classes, output + other &* classes)
              writeLogShares(of: (values + row &* width, values + other &* width), to: shares)
            }
            if classes == 2 {
              normalizePairs(output + first &* classes, count: end &- first)
            } else {
              for row in first..<end { normalize(output + row &* classes) }
            }
          }
        }
      }
    }
    return result
  }

  public func labels(of shuffled: ShuffledRows, threshold: Double?, threads: Int) -> [Int32] {
    guard classCount == 2 else {
      return generalLabels(of: shuffled, threshold: threshold, threads: threads)
    }
    return labels(
      of: shuffled, threshold: threshold, threads: threads,
      constants: SIMD2(constants[0], constants[1])
    ) { [means, variances] feature, value in
      let rests = value - SIMD2(means[0, feature], means[1, feature])
      return -0.5 * rests * rests / SIMD2(variances[0, feature], variances[1, feature])
    }
  }

  /// Writes the logarithms of the classes' shares of two rows, up to a constant of each row. Two rows at once,
  /// since two divisions take as long as one.
  @inline(__always)
  private func writeLogShares(
    of samples: (UnsafePointer<Double>, UnsafePointer<Double>),
    to shares: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>)
  ) {
    let width = means.columnCount
    means.elements.withUnsafeBufferPointer { means in
      variances.elements.withUnsafeBufferPointer { variances in
        for label in 0..<classCount {
          let mean = means.baseAddress! + label &* width
          let variance = variances.baseAddress! + label &* width
          var distances = SIMD2<Double>.zero
          for feature in 0..<width {
            let rests = SIMD2(samples.0[feature], samples.1[feature]) - mean[feature]
            distances += rests * rests / variance[feature]
          }
          shares.0[label] = logShare(label, distance: distances[0])
          shares.1[label] = logShare(label, distance: distances[1])
        }
      }
    }
  }

  @inline(__always)
  private func logShare(_ label: Int, distance: Double) -> Double {
    guard isPresent[label] else { return -.infinity }
    let share = constants[label] - 0.5 * distance
    // A constant column has the variance 0: 0 / 0.
    return share.isNaN ? log(classPriors[label]) : share
  }

  /// Turns the logarithms of shares into shares that sum to one.
  @inline(__always)
  private func normalize(_ shares: UnsafeMutablePointer<Double>) {
    var largest = -Double.infinity
    for label in 0..<classCount { largest = max(largest, shares[label]) }
    if largest == .infinity || largest == -.infinity {
      settle(shares, largest)
      return
    }
    // As scipy's `logsumexp` has it: beside the largest shares, a tiny one is not rounded away, so that the order of
    // nearly certain rows is scikit-learn's.
    var largestCount = 0.0
    var rest = 0.0
    for label in 0..<classCount {
      if shares[label] == largest {
        largestCount += 1
      } else {
        rest += exp(shares[label] - largest)
      }
    }
    let logSum = log1p(rest / largestCount) + log(largestCount) + largest
    for label in 0..<classCount { shares[label] = exp(shares[label] - logSum) }
  }

  /// The same for up to four rows of two classes. What a row gets does not depend on the others.
  @inline(__always)
  private func normalizePairs(_ shares: UnsafeMutablePointer<Double>, count: Int) {
    var pairs = SIMD8<Double>.zero
    if count == 4 {
      pairs = UnsafeRawPointer(shares).loadUnaligned(as: SIMD8<Double>.self)
    } else {
      for place in 0..<2 &* count { pairs[place] = shares[place] }
    }
    let (first, second) = (pairs.evenHalf, pairs.oddHalf)
    let largest = first.replacing(with: second, where: first .< second)
    let size = largest - second.replacing(with: first, where: first .< second)
    let odds = (-size).negativeExponential
    let logSum =
      SIMD4(log1p(odds[0]), log1p(odds[1]), log1p(odds[2]), log1p(odds[3])) + largest
    pairs.evenHalf = (first - logSum).negativeExponential
    pairs.oddHalf = (second - logSum).negativeExponential
    // False for what is no number, too.
    let isPlain = size .< 690
    if count == 4, all(isPlain) {
      UnsafeMutableRawPointer(shares).storeBytes(of: pairs, as: SIMD8<Double>.self)
      return
    }
    for row in 0..<count {
      if isPlain[row] {
        shares[2 &* row] = pairs[2 &* row]
        shares[2 &* row &+ 1] = pairs[2 &* row &+ 1]
      } else {
        normalize(shares + 2 &* row)
      }
    }
  }

  /// If densities are infinite or all zero: equal shares for the classes with the largest one.
  private func settle(_ shares: UnsafeMutablePointer<Double>, _ largest: Double) {
    let winners = (0..<classCount).filter { isPresent[$0] && shares[$0] == largest }
    for label in 0..<classCount { shares[label] = 0 }
    for label in winners { shares[label] = 1 / Double(winners.count) }
  }
}
