import Evaluation
import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// Curves of random scores as scikit-learn 1.9.1 computes them; make_report_curves_reference.py
/// made report-curves-reference.json.
@Suite struct `Curves of a report, as scikit-learn 1.9.1 computes them` {
  private struct Case: Decodable {
    let actual: [Int]
    let scores: [Double]
    let precision: [Double]
    let recall: [Double]
    let thresholds: [Double]
    let averagePrecision: Double
    let observed: [Double]
    let predicted: [Double]
  }

  private struct Brier: Decodable {
    let actual: [Int]
    let probabilities: [[Double]]
    let brier: Double
  }

  private struct Reference: Decodable {
    let curves: [Case]
    let brier: [Brier]
  }

  private static let cases = reference.curves

  private static let reference: Reference = {
    let path = RepositoryFiles.root + "/Tests/EvaluationTests/Golden/report-curves-reference.json"
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try! decoder.decode(Reference.self, from: Data(contentsOf: URL(filePath: path)))
  }()

  @Test(arguments: cases.indices)
  func `curves of precision and recall are scikit-learn's`(number: Int) {
    let one = Self.cases[number]
    let curve = PrecisionRecallCurve(isPositive: one.actual.map { $0 == 1 }, scores: one.scores)
    #expect(curve.precisions == one.precision)
    #expect(curve.recalls == one.recall)
    #expect(curve.thresholds == one.thresholds)
    #expect(abs(curve.averagePrecision - one.averagePrecision) < 1e-12)
  }

  @Test(arguments: cases.indices)
  func `calibration curves are scikit-learn's`(number: Int) {
    let one = Self.cases[number]
    let curve = CalibrationCurve(
      isPositive: one.actual.map { $0 == 1 }, probabilities: one.scores)
    #expect(curve.bins.map(\.positiveShare) == one.observed)
    #expect(curve.bins.count == one.predicted.count)
    for (bin, expected) in zip(curve.bins, one.predicted) {
      #expect(abs(bin.meanProbability - expected) < 1e-12)
    }
    #expect(curve.bins.reduce(0) { $0 + $1.count } == one.actual.count)
  }

  @Test func `Brier scores of two and of more classes are scikit-learn's`() throws {
    for one in nonEmpty(Self.reference.brier) {
      let shares = Matrix(
        rowCount: one.actual.count, columnCount: one.probabilities[0].count,
        elements: one.probabilities.flatMap(\.self))
      let score = try #require(BrierScore.of(actual: one.actual, probabilities: shares))
      #expect(abs(score - one.brier) < 1e-12)
    }
  }

  @Test func `without positive samples recall is one and precision zero`() {
    let curve = PrecisionRecallCurve(isPositive: [false, false], scores: [0.2, 0.4])
    #expect(curve.precisions == [0, 0, 1])
    #expect(curve.recalls == [1, 1, 0])
  }

  @Test func `the expected calibration error weighs bins by their samples`() {
    // Three samples at 0.05 of which none is positive, one at 0.95 that is: (3·0.05 + 1·0.05) / 4.
    let curve = CalibrationCurve(
      isPositive: [false, false, false, true], probabilities: [0.05, 0.05, 0.05, 0.95])
    #expect(abs(curve.expectedError - 0.05) < 1e-12)
  }
}

@Suite struct `Histogram by class` {
  @Test func `a histogram gives whole numbers a bin of their own`() {
    let histogram = ClassHistogram(
      values: [1, 2, 2, 3, 5], labels: [0, 0, 1, 1, 1], classCount: 2)
    #expect(histogram.edges == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5])
    #expect(histogram.counts == [[1, 1, 0, 0, 0], [0, 1, 1, 0, 1]])
  }

  @Test func `a histogram keeps every value, far ones in the outermost bins`() {
    var values = (0..<1000).map { Double($0) / 1000 }
    values.append(1e9)
    let histogram = ClassHistogram(
      values: values, labels: values.map { _ in 0 }, classCount: 1)
    #expect(histogram.counts[0].reduce(0, +) == values.count)
    #expect(histogram.edges.count <= 32)
    #expect(histogram.edges[histogram.edges.count - 1] < 2)
  }

  @Test func `a histogram takes a feature that never changes`() {
    let histogram = ClassHistogram(values: [7, 7], labels: [0, 1], classCount: 2)
    #expect(histogram.edges == [6.5, 7.5])
    #expect(histogram.counts == [[1], [1]])
  }

  @Test func `a histogram takes no values, and huge ranges`() {
    #expect(ClassHistogram(values: [], labels: [], classCount: 1).counts == [[0]])
    let wide = ClassHistogram(values: [-1e308, 0, 1e308], labels: [0, 0, 0], classCount: 1)
    #expect(wide.counts[0].reduce(0, +) == 3)
  }
}
