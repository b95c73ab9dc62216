public import LinearAlgebra

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// How well predictions fit the truth, in the field's usual numbers.
///
/// For two classes, precision, recall and F1 are those of the second class, the positive one; for more
/// they are means over the classes, once plain (macro) and once weighted by the classes' sizes. A ratio
/// whose denominator is zero counts as 0, as in scikit-learn.
public struct ClassificationReport: Hashable, Sendable {
  public let accuracy: Double
  public let precision: Double
  public let recall: Double
  public let f1: Double
  /// The mean recall of the classes that occur.
  public let balancedAccuracy: Double
  /// - SeeAlso: Gorodkin, "Comparing two K-category assignments by a K-category correlation
  ///   coefficient", 2004, doi:10.1016/j.compbiolchem.2004.09.006.
  public let matthewsCorrelation: Double
  /// - SeeAlso: Cohen, "A coefficient of agreement for nominal scales", 1960,
  ///   doi:10.1177/001316446002000104.
  public let cohenKappa: Double
  /// The area under the ROC curve, beyond two classes the mean over the classes; `nil` where a class
  /// does not occur or nothing else does.
  public let rocAUC: Double?
  /// The mean negative logarithm of the probability given to the true class.
  public let logLoss: Double?
  public let weightedPrecision: Double
  public let weightedRecall: Double
  public let weightedF1: Double
  public let confusionMatrix: ConfusionMatrix

  /// - Parameters:
  ///   - actual: the true class of each sample.
  ///   - predicted: the class that was predicted for it.
  ///   - probabilities: one row per sample, one column per class.
  public init(actual: [Int], predicted: [Int], probabilities: Matrix, classNames: [String]) {
    precondition(probabilities.rowCount == actual.count, "one row of probabilities per sample")
    let matrix = ConfusionMatrix(actual: actual, predicted: predicted, classNames: classNames)
    let scores = ClassScores(matrix)
    confusionMatrix = matrix
    let total = Double(matrix.total)
    accuracy = ratio(Double(matrix.correct), total)
    if matrix.classCount == 2 {
      precision = scores.precisions[1]
      recall = scores.recalls[1]
      f1 = scores.f1s[1]
    } else {
      precision = scores.mean(scores.precisions)
      recall = scores.mean(scores.recalls)
      f1 = scores.mean(scores.f1s)
    }
    weightedPrecision = scores.weightedMean(scores.precisions)
    weightedRecall = scores.weightedMean(scores.recalls)
    weightedF1 = scores.weightedMean(scores.f1s)
    let occurring = matrix.actualCounts.indices.filter { matrix.actualCounts[$0] > 0 }
    balancedAccuracy = ratio(
      occurring.reduce(0) { $0 + scores.recalls[$1] }, Double(occurring.count))
    matthewsCorrelation = Self.matthewsCorrelation(matrix)
    cohenKappa = Self.cohenKappa(matrix)
    let allOccur = matrix.actualCounts.allSatisfy { $0 > 0 } && matrix.classCount > 1
    let areas = CurveSet(actual: actual, scores: probabilities, classNames: classNames).curves
      .map(\.curve.area)
    rocAUC = allOccur ? areas.reduce(0, +) / Double(areas.count) : nil
    logLoss = actual.isEmpty ? nil : Self.logLoss(actual, probabilities)
  }

  public subscript(metric: Metric) -> Double? {
    switch metric {
    case .accuracy: accuracy
    case .precision: precision
    case .recall: recall
    case .f1: f1
    case .balancedAccuracy: balancedAccuracy
    case .matthewsCorrelation: matthewsCorrelation
    case .cohenKappa: cohenKappa
    case .rocAUC: rocAUC
    case .logLoss: logLoss
    case .weightedPrecision: weightedPrecision
    case .weightedRecall: weightedRecall
    case .weightedF1: weightedF1
    }
  }

  private static func matthewsCorrelation(_ matrix: ConfusionMatrix) -> Double {
    let samples = Double(matrix.total)
    let actual = matrix.actualCounts.map(Double.init)
    let predicted = matrix.predictedCounts.map(Double.init)
    let products = zip(actual, predicted).reduce(0) { $0 + $1.0 * $1.1 }
    let covariance = Double(matrix.correct) * samples - products
    let predictedSpread = samples * samples - predicted.reduce(0) { $0 + $1 * $1 }
    let actualSpread = samples * samples - actual.reduce(0) { $0 + $1 * $1 }
    return ratio(covariance, (predictedSpread * actualSpread).squareRoot())
  }

  private static func cohenKappa(_ matrix: ConfusionMatrix) -> Double {
    let samples = Double(matrix.total)
    let chance = zip(matrix.actualCounts, matrix.predictedCounts).reduce(0.0) {
      $0 + Double($1.0) * Double($1.1)
    }
    let expectedMisses = samples * samples - chance
    let misses = (samples - Double(matrix.correct)) * samples
    return expectedMisses == 0 ? 0 : 1 - misses / expectedMisses
  }

  private static func logLoss(_ actual: [Int], _ probabilities: Matrix) -> Double {
    // Probabilities are kept away from 0 and 1 by the precision of a Double.
    let margin = Double.ulpOfOne
    var sum = 0.0
    for (sample, label) in actual.enumerated() {
      sum -= log(min(max(probabilities[sample, label], margin), 1 - margin))
    }
    return sum / Double(actual.count)
  }
}

/// A ratio; 0 where the denominator is.
private func ratio(_ numerator: Double, _ denominator: Double) -> Double {
  denominator == 0 ? 0 : numerator / denominator
}

/// Precision, recall and F1 of every class.
private struct ClassScores {
  let precisions: [Double]
  let recalls: [Double]
  let f1s: [Double]
  private let sizes: [Double]
  /// Classes that occur or were predicted: others are no part of a mean.
  private let counted: [Int]

  init(_ matrix: ConfusionMatrix) {
    let actual = matrix.actualCounts
    let predicted = matrix.predictedCounts
    let hits = (0..<matrix.classCount).map { Double(matrix.counts[$0][$0]) }
    precisions = hits.indices.map { ratio(hits[$0], Double(predicted[$0])) }
    recalls = hits.indices.map { ratio(hits[$0], Double(actual[$0])) }
    f1s = hits.indices.map { ratio(2 * hits[$0], Double(actual[$0] + predicted[$0])) }
    sizes = actual.map(Double.init)
    counted = hits.indices.filter { actual[$0] + predicted[$0] > 0 }
  }

  func mean(_ scores: [Double]) -> Double {
    ratio(counted.reduce(0) { $0 + scores[$1] }, Double(counted.count))
  }

  func weightedMean(_ scores: [Double]) -> Double {
    ratio(zip(scores, sizes).reduce(0) { $0 + $1.0 * $1.1 }, sizes.reduce(0, +))
  }
}
