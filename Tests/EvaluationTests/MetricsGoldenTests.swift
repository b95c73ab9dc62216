import Evaluation
import Foundation
import LinearAlgebra
import Testing

/// Metrics and curves of random predictions as scikit-learn 1.9.1 computes them, to 1e-12;
/// make_metrics_reference.py made metrics-reference.json.
@Suite struct `Metrics, as scikit-learn 1.9.1 computes them` {
  private static let cases = try! MetricsReference.load().cases

  @Test(arguments: cases.indices)
  func `every metric of random predictions is scikit-learn's`(number: Int) throws {
    let entry = Self.cases[number]
    let report = ClassificationReport(
      actual: entry.actual, predicted: entry.shares.rowMaxima, probabilities: entry.shares,
      classNames: entry.classNames)
    #expect(report.confusionMatrix.counts == entry.confusionMatrix)
    for (key, expected) in entry.metrics {
      let metric = try #require(Metric(rawValue: key))
      // Not a number in scikit-learn is null in the reference and no value here.
      #expect((report[metric] == nil) == (expected == nil), "\(key) of case \(number)")
      #expect(abs((report[metric] ?? 0) - (expected ?? 0)) <= 1e-12, "\(key) of case \(number)")
    }
    #expect((report[.rocAUC] == nil) == (entry.metrics["roc_auc"] == nil))
  }

  @Test(arguments: cases.indices)
  func `every ROC curve of random predictions is scikit-learn's`(number: Int) {
    let entry = Self.cases[number]
    let predicted = entry.shares.rowMaxima
    let sets = [
      (
        CurveSet(actual: entry.actual, scores: entry.shares, classNames: entry.classNames),
        entry.curves
      ),
      (
        CurveSet(actual: entry.actual, predicted: predicted, classNames: entry.classNames),
        entry.curvesOfLabels
      ),
    ]
    for (set, expected) in sets {
      guard let expected else { continue }
      #expect(set.curves.count == expected.count)
      for (named, expected) in zip(set.curves, expected) {
        #expect(named.curve.falsePositiveRates == expected.fpr, "case \(number)")
        #expect(named.curve.truePositiveRates == expected.tpr, "case \(number)")
        #expect(Array(named.curve.thresholds.dropFirst()) == expected.thresholds, "case \(number)")
        #expect(named.curve.thresholds.first == .infinity)
        #expect(abs(named.curve.area - expected.auc) <= 1e-12, "case \(number)")
      }
    }
  }

  /// Where classes lack, a case has no curves.
  @Test func `the reference has cases with curves of both kinds`() {
    #expect(Self.cases.contains { $0.curves != nil })
    #expect(Self.cases.contains { $0.curvesOfLabels != nil })
  }
}

struct MetricsReference: Decodable {
  struct Case: Decodable {
    let classes: Int
    let actual: [Int]
    let probabilities: [[Double]]
    let metrics: [String: Double?]
    let confusionMatrix: [[Int]]
    let curves: [Curve]?
    let curvesOfLabels: [Curve]?

    var classNames: [String] { (0..<classes).map { "class \($0)" } }
    var shares: Matrix {
      Matrix(
        rowCount: probabilities.count, columnCount: classes,
        elements: probabilities.flatMap(\.self))
    }
  }

  struct Curve: Decodable {
    let fpr: [Double]
    let tpr: [Double]
    /// Without the first, infinity.
    let thresholds: [Double]
    let auc: Double
  }

  let cases: [Case]

  static func load() throws -> MetricsReference {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
      .appending(path: "metrics-reference.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(MetricsReference.self, from: Data(contentsOf: file))
  }
}

extension Matrix {
  /// The first column of each row's largest element.
  var rowMaxima: [Int] {
    (0..<rowCount).map { row in
      (0..<columnCount).max { (self[row, $0], -$0) < (self[row, $1], -$1) } ?? 0
    }
  }
}
