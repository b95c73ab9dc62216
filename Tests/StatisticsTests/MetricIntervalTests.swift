import LinearAlgebra
import TestSupport
import Testing

@testable import Evaluation

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The intervals of predictions with given counts per true and predicted class, all given with
/// certainty of 0.9.
private func intervals(
  _ counts: [[Int]], probability: Double = 0.9
) -> MetricValues<MetricInterval> {
  var actual: [Int] = []
  var predicted: [Int] = []
  var elements: [Double] = []
  let classCount = counts.count
  for (truth, row) in counts.enumerated() {
    for (guess, count) in row.enumerated() {
      for _ in 0..<count {
        actual.append(truth)
        predicted.append(guess)
        elements += (0..<classCount).map {
          $0 == guess ? probability : (1 - probability) / Double(classCount - 1)
        }
      }
    }
  }
  let shares = Matrix(rowCount: actual.count, columnCount: classCount, elements: elements)
  return MetricIntervals(draws: 2_000).intervals(
    actual: actual, predicted: predicted, probabilities: shares,
    classNames: (0..<classCount).map { "class \($0)" },
    areas: AreaInfluences(actual: actual, scores: shares), stream: 0)
}

private func isClose(_ interval: Interval?, _ lower: Double, _ upper: Double) -> Bool {
  guard let interval else { return false }
  return abs(interval.lower - lower) < 5e-7 && abs(interval.upper - upper) < 5e-7
}

@Suite struct `Intervals of metrics` {
  /// By statsmodels' `proportion_confint(…, method="beta")`, and for F1 and balanced accuracy what
  /// follows from it.
  @Test func `intervals of two classes follow from shares of rows`() throws {
    let found = intervals([[51, 0], [3, 6]])
    #expect(isClose(found[.accuracy]?.interval, 0.860757, 0.989568))
    #expect(isClose(found[.precision]?.interval, 0.540742, 1))
    #expect(isClose(found[.recall]?.interval, 0.299295, 0.925145))
    #expect(isClose(found[.f1]?.interval, 0.460704, 0.961117))
    #expect(isClose(found[.balancedAccuracy]?.interval, 0.646364, 0.962573))
    #expect(found[.accuracy]?.method == .clopperPearson)
    #expect(found[.balancedAccuracy]?.method == .squareAndAdd)
    #expect(found[.matthewsCorrelation]?.method == .dirichlet)
    #expect(found[.accuracy]?.estimate == 57.0 / 60)
    #expect(found[.weightedF1] == nil)
  }

  @Test func `thirty of thirty right may be 88 percent`() throws {
    let found = intervals([[15, 0], [0, 15]])
    #expect(isClose(found[.accuracy]?.interval, 0.884297, 1))
    let area = try #require(found[.rocAUC])
    #expect(area.estimate == 1)
    #expect(area.method == .newcombe)
    #expect(try #require(area.interval).lower < 0.9)
    #expect(try #require(found[.matthewsCorrelation]?.interval).lower < 0.9)
    #expect(try #require(found[.matthewsCorrelation]?.interval).upper == 1)
  }

  @Test(arguments: [2, 3])
  func `intervals of two confidences at once are those of each alone`(classCount: Int) {
    let actual = (0..<200).map { ($0 * $0 + $0 / 3) % classCount }
    let predicted = actual.enumerated().map { $0 % 5 == 0 ? ($1 + 1) % classCount : $1 }
    let shares = Matrix(
      rowCount: 200, columnCount: classCount,
      elements: predicted.enumerated().flatMap { row, guess -> [Double] in
        let sure = 0.5 + Double(row % 40) / 100
        return (0..<classCount).map { $0 == guess ? sure : (1 - sure) / Double(classCount - 1) }
      })
    let areas = AreaInfluences(actual: actual, scores: shares)
    let names = (0..<classCount).map { "class \($0)" }
    func alone(_ confidence: Double) -> MetricValues<MetricInterval> {
      MetricIntervals(draws: 500, confidence: confidence, seed: 3).intervals(
        actual: actual, predicted: predicted, probabilities: shares, classNames: names,
        areas: areas, stream: 1)
    }
    let both = MetricIntervals(draws: 500, confidence: 0.95, seed: 3).intervals(
      actual: actual, predicted: predicted, probabilities: shares, classNames: names,
      areas: areas, stream: 1, others: (Metric.shown(classCount: classCount), 0.99))
    #expect(both.own == alone(0.95))
    #expect(both.others == alone(0.99))
    #expect(both.own != both.others)
  }

  @Test func `a metric that is not defined has a reason and no interval`() {
    let noPositive = intervals([[20, 2], [0, 0]])
    #expect(noPositive[.recall]?.estimate == nil)
    #expect(noPositive[.recall]?.interval == nil)
    #expect(noPositive[.recall]?.reason == "no row is “class 1”")
    #expect(noPositive[.rocAUC]?.reason == "no row is “class 1”")
    #expect(noPositive[.precision]?.interval != nil)
    let never = intervals([[20, 0], [4, 0]])
    #expect(never[.precision]?.reason == "no row is predicted as “class 1”")
    #expect(never[.matthewsCorrelation]?.reason == "all rows are predicted as “class 0”")
    #expect(isClose(never[.recall]?.interval, 0, 0.602365))
  }

  @Test func `means over classes have intervals where each class has enough rows`() {
    let scarce = intervals([[20, 1, 0], [2, 30, 0], [0, 1, 3]])
    #expect(scarce[.accuracy]?.interval != nil)
    #expect(scarce[.f1]?.estimate != nil)
    #expect(scarce[.f1]?.reason == "“class 2” has 4 rows, an interval needs 5")
    let enough = intervals([[20, 1, 0], [2, 30, 0], [0, 1, 4]])
    #expect(enough[.f1]?.method == .dirichlet)
    #expect(enough[.rocAUC]?.reason == "“class 2” has 5 rows, an interval needs 10")
    let many = intervals([[20, 1, 0], [2, 30, 0], [0, 1, 14]])
    #expect(many[.rocAUC]?.method == .squareAndAdd)
    // The same rows are right or wrong for both.
    #expect(many[.accuracy]?.interval == many[.weightedRecall]?.interval)
  }

  @Test func `a loss has an interval where rows tell enough about its tail`() {
    #expect(intervals([[40, 5], [2, 29]])[.logLoss]?.method == .bayesianBootstrap)
    #expect(
      intervals([[40, 5], [2, 27]])[.logLoss]?.reason
        == "“class 1” has 29 rows, an interval needs 30")
    #expect(
      intervals([[40, 2], [2, 40]])[.logLoss]?.reason
        == "4 rows are predicted wrongly, an interval needs 5")
    #expect(
      intervals([[40, 5], [2, 29]], probability: 1)[.logLoss]?.reason
        == "7 rows got probability 0 for their class, and each adds 36.04 to the sum of losses")
  }

  @Test(arguments: 0..<30)
  func `every interval holds its estimate and stays in the metric's range`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let classCount = Int.random(in: 2...5, using: &generator)
    let counts = (0..<classCount).map { truth in
      (0..<classCount).map { guess in
        guess == truth
          ? Int.random(in: 5...60, using: &generator)
          : Int.random(in: 0...(seed % 3 == 0 ? 0 : 9), using: &generator)
      }
    }
    let found = intervals(counts)
    for metric in found.metrics {
      guard let one = found[metric], let value = one.estimate else { continue }
      #expect((one.interval == nil) == (one.reason != nil), "seed \(seed), \(metric)")
      #expect((one.interval == nil) == (one.method == nil), "seed \(seed), \(metric)")
      guard let interval = one.interval else { continue }
      #expect(
        interval.lower <= value + 1e-12 && value - 1e-12 <= interval.upper,
        "seed \(seed), \(metric)")
      #expect(interval.width > 0, "seed \(seed), \(metric)")
      let lowest: Double =
        metric == .matthewsCorrelation || metric == .cohenKappa ? -1 : 0
      #expect(interval.lower >= lowest - 1e-12, "seed \(seed), \(metric)")
      if metric != .logLoss { #expect(interval.upper <= 1 + 1e-12, "seed \(seed), \(metric)") }
    }
  }

  @Test func `intervals are the same for the same seed, and drawn ones differ for another`() {
    let actual = (0..<60).map { $0 % 3 }
    let shares = Matrix(
      rowCount: 60, columnCount: 3,
      elements: actual.enumerated().flatMap { row, label in
        (0..<3).map { $0 == (row % 7 == 0 ? (label + 1) % 3 : label) ? 0.8 : 0.1 }
      })
    func f1(seed: UInt32) -> MetricInterval? {
      MetricIntervals(draws: 500, seed: seed).intervals(
        actual: actual, predicted: shares.rowMaxima, probabilities: shares,
        classNames: ["a", "b", "c"], areas: nil, stream: 0)[.f1]
    }
    #expect(f1(seed: 1) == f1(seed: 1))
    #expect(f1(seed: 1) != f1(seed: 2))
  }

  @Test func `intervals are written with null where there is none`() throws {
    let found = intervals([[20, 2], [0, 0]])
    let text = String(
      decoding: try JSONEncoder().encode(try #require(found[.recall])), as: UTF8.self)
    #expect(text.contains("\"estimate\":null") && text.contains("\"interval\":null"))
    let recall = try JSONDecoder().decode(MetricInterval.self, from: Data(text.utf8))
    #expect(recall == found[.recall])
  }
}

@Suite struct `Drawing shares` {
  /// A gamma variable of shape 1 exceeds t with a probability of exp(−t). One in 10,000 comes from the tail of a normal
  /// number.
  @Test func `drawn variables have the tails of a gamma distribution`() {
    var source = DirichletDraws([1], seed: 11)
    let rounds = 400_000
    let drawn = (0..<rounds).map { _ in
      var value = 0.0
      source.draw(into: &value)
      return value
    }
    for limit in [0.01, 0.1, 0.5, 1, 2, 4, 7, 9.5] {
      let share = exp(-limit)
      let found = Double(drawn.count { $0 > limit }) / Double(rounds)
      #expect(
        abs(found - share) <= 4 * (share * (1 - share) / Double(rounds)).squareRoot(), "\(limit)")
    }
  }

  @Test(arguments: [[0.02, 0.5, 3], [40, 3, 7], [0, 1, 1]])
  func `drawn shares have the moments of a Dirichlet distribution`(shapes: [Double]) {
    var source = DirichletDraws(shapes, seed: 7)
    let rounds = 40_000
    let total = shapes.reduce(0, +)
    var values = [0.0, 0, 0]
    var sums = values
    var squares = values
    for _ in 0..<rounds {
      source.draw(into: &values)
      let sum = values.reduce(0, +)
      for index in values.indices {
        sums[index] += values[index] / sum
        squares[index] += values[index] * values[index] / (sum * sum)
      }
    }
    for (index, shape) in shapes.enumerated() {
      let mean = shape / total
      let variance = mean * (1 - mean) / (total + 1)
      let found = sums[index] / Double(rounds)
      #expect(abs(found - mean) <= 5 * (variance / Double(rounds)).squareRoot(), "\(shapes)")
      let spread = squares[index] / Double(rounds) - found * found
      #expect(abs(spread - variance) <= 0.1 * variance + 1e-9, "\(shapes)")
    }
  }
}

extension Matrix {
  /// The first column of each row's largest element.
  fileprivate var rowMaxima: [Int] {
    (0..<rowCount).map { row in
      (0..<columnCount).reduce(0) { self[row, $1] > self[row, $0] ? $1 : $0 }
    }
  }
}
