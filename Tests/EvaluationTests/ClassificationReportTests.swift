import Evaluation
import LinearAlgebra
import TestSupport
import Testing

/// Whether a metric is defined and has about that value.
private func isClose(_ value: Double?, _ expected: Double, within tolerance: Double) -> Bool {
  value.map { abs($0 - expected) < tolerance } ?? false
}

@Suite struct `A classification report` {
  @Test func `a report of two classes judges the second one`() {
    // Actual 0 0 0 0 1 1 1 1 1 1, predicted 0 0 0 1 0 0 1 1 1 1: true negatives 3, false positives
    // 1, false negatives 2, true positives 4.
    let report = report(
      actual: [0, 0, 0, 0, 1, 1, 1, 1, 1, 1], predicted: [0, 0, 0, 1, 0, 0, 1, 1, 1, 1], classes: 2)
    #expect(report.confusionMatrix.counts == [[3, 1], [2, 4]])
    #expect(report.confusionMatrix[actual: 1, predicted: 0] == 2)
    #expect(report[.accuracy] == 7.0 / 10)
    #expect(report[.precision] == 4.0 / 5)
    #expect(report[.recall] == 4.0 / 6)
    // 2 · 4 / (5 + 6)
    #expect(report[.f1] == 8.0 / 11)
    #expect(report[.balancedAccuracy] == (3.0 / 4 + 4.0 / 6) / 2)
    // (4 · 3 − 1 · 2) / √(5 · 6 · 4 · 5) = 10 / √600
    #expect(isClose(report[.matthewsCorrelation], 10 / 600.0.squareRoot(), within: 1e-15))
    // Chance agrees in (4 · 5 + 6 · 5) / 100 = 0.5 of cases: (0.7 − 0.5) / (1 − 0.5).
    #expect(isClose(report[.cohenKappa], 0.4, within: 1e-15))
  }

  @Test func `a report of three classes takes means over the classes`() {
    // Class 0: 2 of 3 found, none taken for it; 1: 1 of 2 found, 2 predicted; 2: 1 of 1 found, 2
    // predicted.
    let report = report(actual: [0, 0, 0, 1, 1, 2], predicted: [0, 0, 1, 1, 2, 2], classes: 3)
    #expect(isClose(report[.precision], (1 + 1.0 / 2 + 1.0 / 2) / 3, within: 1e-15))
    #expect(isClose(report[.recall], (2.0 / 3 + 1.0 / 2 + 1) / 3, within: 1e-15))
    #expect(isClose(report[.f1], (4.0 / 5 + 1.0 / 2 + 2.0 / 3) / 3, within: 1e-15))
    // (3 · 1 + 2 · 1/2 + 1 · 1/2) / 6, and of F1 (3 · 4/5 + 2 · 1/2 + 1 · 2/3) / 6.
    #expect(isClose(report[.weightedPrecision], (3.0 + 1.0 + 0.5) / 6, within: 1e-15))
    #expect(isClose(report[.weightedRecall], 4.0 / 6, within: 1e-15))
    #expect(isClose(report[.weightedF1], (2.4 + 1.0 + 2.0 / 3) / 6, within: 1e-15))
  }

  @Test func `a report has no value where a denominator is zero, and says why`() {
    func why(_ report: ClassificationReport, _ metric: Metric) -> String? {
      report.confusionMatrix.gap(for: metric, classNames: ["class 0", "class 1"])
    }
    let none = report(actual: [0, 0, 1], predicted: [0, 0, 0], classes: 2)
    #expect(none[.precision] == nil)
    #expect(why(none, .precision) == "no row is predicted as “class 1”")
    #expect(none[.recall] == 0)
    #expect(none[.f1] == 0)
    #expect(none[.matthewsCorrelation] == nil)
    #expect(why(none, .matthewsCorrelation) == "all rows are predicted as “class 0”")
    #expect(none[.cohenKappa] == 0)
    let perfect = report(actual: [0, 0], predicted: [0, 0], classes: 2)
    #expect(perfect[.accuracy] == 1)
    for metric in [
      Metric.recall, .f1, .balancedAccuracy, .matthewsCorrelation, .cohenKappa, .rocAUC,
    ] {
      #expect(perfect[metric] == nil, "\(metric)")
      #expect(why(perfect, metric) != nil, "\(metric)")
    }
    #expect(why(perfect, .recall) == "no row is “class 1”")
    #expect(why(perfect, .accuracy) == nil)
  }

  @Test func `means over classes count a class without a denominator as zero`() {
    // Class 2 is never predicted: (1 + 1/2 + 0) / 3.
    let report = report(actual: [0, 1, 2], predicted: [0, 1, 1], classes: 3)
    #expect(isClose(report[.precision], 0.5, within: 1e-15))
  }

  @Test func `a report of no samples has no metric`() {
    let empty = report(actual: [], predicted: [], classes: 2)
    #expect(empty.values.metrics.isEmpty)
  }

  @Test func `a report keeps the logarithm finite`() {
    // The true class got 0: −log 2⁻⁵² = 52 · log 2.
    let report = ClassificationReport(
      actual: [0], predicted: [1],
      probabilities: Matrix(rowCount: 1, columnCount: 2, elements: [0, 1]), classNames: ["a", "b"])
    #expect(abs((report[.logLoss] ?? 0) - 36.04365338911715) < 1e-12)
  }

  @Test(arguments: 1...50)
  func `a report agrees with counting by hand`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let classes = Int.random(in: 2...6, using: &generator)
    let count = Int.random(in: 1...80, using: &generator)
    let actual = (0..<count).map { _ in Int.random(in: 0..<classes, using: &generator) }
    let predicted = (0..<count).map { _ in Int.random(in: 0..<classes, using: &generator) }
    let report = report(actual: actual, predicted: predicted, classes: classes)
    func number(_ isCounted: (Int, Int) -> Bool) -> Double {
      Double(zip(actual, predicted).count { isCounted($0, $1) })
    }
    for truth in 0..<classes {
      for guess in 0..<classes {
        #expect(
          Double(report.confusionMatrix[actual: truth, predicted: guess])
            == number { $0 == truth && $1 == guess }, "seed \(seed)")
      }
    }
    #expect(report[.accuracy] == number { $0 == $1 } / Double(count), "seed \(seed)")
    let recalls = (0..<classes).filter { actual.contains($0) }.map { label in
      number { $0 == label && $1 == label } / number { truth, _ in truth == label }
    }
    let balanced = recalls.reduce(0, +) / Double(recalls.count)
    if classes > 2 || recalls.count == 2 {
      #expect(isClose(report[.balancedAccuracy], balanced, within: 1e-14), "seed \(seed)")
    }
    let agreement = number { $0 == $1 } / Double(count)
    let chance =
      (0..<classes).reduce(0.0) { sum, label in
        sum + number { truth, _ in truth == label } * number { _, guess in guess == label }
      } / Double(count * count)
    if chance < 1 {
      #expect(
        isClose(report[.cohenKappa], (agreement - chance) / (1 - chance), within: 1e-12),
        "seed \(seed)")
    }
  }

  private func report(actual: [Int], predicted: [Int], classes: Int) -> ClassificationReport {
    var shares = Matrix(rowCount: actual.count, columnCount: classes)
    for (row, label) in predicted.enumerated() { shares[row, label] = 1 }
    return ClassificationReport(
      actual: actual, predicted: predicted, probabilities: shares,
      classNames: (0..<classes).map { "class \($0)" })
  }
}

@Suite struct `A ROC curve` {
  @Test func `a ROC curve climbs for positives and goes right for negatives`() {
    // Fawcett's way: sorted by score 0.9 +, 0.8 −, 0.7 +, 0.6 −.
    let curve = ROCCurve(isPositive: [true, false, true, false], scores: [0.9, 0.8, 0.7, 0.6])
    #expect(curve.falsePositiveRates == [0, 0, 0.5, 0.5, 1])
    #expect(curve.truePositiveRates == [0, 0.5, 0.5, 1, 1])
    #expect(curve.thresholds == [.infinity, 0.9, 0.8, 0.7, 0.6])
    // Of the four pairs of a positive and a negative, three are in order.
    #expect(curve.area == 0.75)
  }

  @Test
  func `a ROC curve takes equal scores in one step, and leaves out points on a straight line`() {
    let tied = ROCCurve(isPositive: [true, false, true, false], scores: [1, 1, 1, 1])
    #expect(tied.falsePositiveRates == [0, 1])
    #expect(tied.area == 0.5)
    let straight = ROCCurve(isPositive: [true, true, true, false], scores: [0.9, 0.8, 0.7, 0.1])
    #expect(straight.thresholds == [.infinity, 0.9, 0.7, 0.1])
    #expect(straight.area == 1)
  }

  @Test func `a ROC curve stays at zero where a side is missing`() {
    let curve = ROCCurve(isPositive: [false, false], scores: [0.2, 0.4])
    #expect(curve.truePositiveRates.allSatisfy { $0 == 0 })
    #expect(curve.area == 0)
    #expect(ROCCurve(isPositive: [], scores: []).area == 0)
  }

  @Test(arguments: 1...50)
  func `a ROC curve has the area that counting pairs gives`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let count = Int.random(in: 2...60, using: &generator)
    let levels = Int.random(in: 1...20, using: &generator)
    let isPositive = [true, false] + (2..<count).map { _ in Bool.random(using: &generator) }
    let scores = (0..<count).map { _ in Double(Int.random(in: 0...levels, using: &generator)) }
    // Mann and Whitney: the share of pairs in order, ties counting half.
    var pairs = 0.0
    var ordered = 0.0
    for positive in 0..<count where isPositive[positive] {
      for negative in 0..<count where !isPositive[negative] {
        pairs += 1
        if scores[positive] > scores[negative] { ordered += 1 }
        if scores[positive] == scores[negative] { ordered += 0.5 }
      }
    }
    let curve = ROCCurve(isPositive: isPositive, scores: scores)
    #expect(abs(curve.area - ordered / pairs) < 1e-12, "seed \(seed)")
    #expect(curve.falsePositiveRates == curve.falsePositiveRates.sorted(), "seed \(seed)")
    #expect(curve.truePositiveRates == curve.truePositiveRates.sorted(), "seed \(seed)")
    #expect(curve.thresholds == curve.thresholds.sorted(by: >), "seed \(seed)")
  }
}
