import LinearAlgebra
import TestSupport
import Testing

@testable import Evaluation

@Suite struct `Drawing counts for the bootstrap` {
  @Test(arguments: [[40, 3, 7], [5000, 300, 4, 1200], [Int](repeating: 30, count: 200)])
  func `drawing counts keeps the number of samples, and has the moments of a multinomial`(
    counts: [Int]
  ) {
    let resampler = CellResampler(counts)
    let total = counts.reduce(0, +)
    var generator = SplitMix64(seed: 7)
    var drawn = [Int32](repeating: 0, count: counts.count)
    let rounds = 20_000
    var sums = [Double](repeating: 0, count: counts.count)
    var squares = sums
    var product = 0.0
    for _ in 0..<rounds {
      drawn.withUnsafeMutableBufferPointer {
        resampler.draw(&generator, into: $0.baseAddress!)
      }
      #expect(drawn.reduce(0, +) == Int32(total))
      for cell in counts.indices {
        let rest = Double(drawn[cell]) - Double(counts[cell])
        sums[cell] += rest
        squares[cell] += rest * rest
      }
      product += Double(drawn[0] - Int32(counts[0])) * Double(drawn[1] - Int32(counts[1]))
    }
    for cell in counts.indices {
      let share = Double(counts[cell]) / Double(total)
      let variance = Double(total) * share * (1 - share)
      // Five standard errors of a mean, and of a variance.
      #expect(abs(sums[cell] / Double(rounds)) < 5 * (variance / Double(rounds)).squareRoot())
      #expect(
        abs(squares[cell] / Double(rounds) / variance - 1) < 5 * (3 / Double(rounds)).squareRoot())
    }
    let shares = counts.map { Double($0) / Double(total) }
    let covariance = -Double(total) * shares[0] * shares[1]
    let spread = Double(total) * (shares[0] * shares[1]).squareRoot()
    #expect(abs(product / Double(rounds) - covariance) < 5 * spread / Double(rounds).squareRoot())
  }
}

@Suite struct `Cells of the bootstrap` {
  @Test func `cells give the metrics of resampled rows of two classes`() {
    // One digit: few scores, each a cell of its own; rows are found again by their cell.
    let sample = predictions(samples: 80, classes: 2, digits: 1, seed: 3)
    let cells = BinaryScoreCells(
      actual: sample.actual, predicted: sample.predicted, probabilities: sample.probabilities)
    let resampler = CellResampler(cells.counts)
    var generator = SplitMix64(seed: 11)
    // The cells' order: ascending score, then actual, then predicted.
    let keys = sample.actual.indices.map { row in
      Key(
        score: sample.probabilities[row, 1], kind: sample.actual[row] * 2 + sample.predicted[row])
    }
    let distinct = Set(keys).sorted { ($0.score, $0.kind) < ($1.score, $1.kind) }
    #expect(distinct.map { key in keys.count { $0 == key } } == cells.counts)
    for _ in 0..<50 {
      var drawn = cells.counts.map { Int32($0) }
      drawn.withUnsafeMutableBufferPointer { resampler.draw(&generator, into: $0.baseAddress!) }
      var rows: [Int] = []
      for (cell, count) in drawn.enumerated() {
        let row = keys.firstIndex(of: distinct[cell])!
        rows += [Int](repeating: row, count: Int(count))
      }
      let report = ClassificationReport(
        actual: rows.map { sample.actual[$0] }, predicted: rows.map { sample.predicted[$0] },
        probabilities: sample.probabilities.rows(rows), classNames: ["no", "yes"])
      var values = [Double](repeating: 0, count: cells.valueCount)
      cells.evaluate(drawn, into: &values)
      for (metric, value) in zip(BinaryScoreCells.metrics, values) {
        #expect(abs(value - (report[metric] ?? .nan)) < 1e-12, "\(metric)")
      }
    }
  }

  @Test func `cells give the area of more than two classes`() throws {
    let sample = predictions(samples: 90, classes: 4, digits: 2, seed: 5)
    let rows = AreaRows(actual: sample.actual, scores: sample.probabilities)
    var value = 0.0
    rows.evaluate(rows.counts.map { Int32($0) }, into: &value)
    let areas = try #require(
      AreaInfluences(actual: sample.actual, scores: sample.probabilities))
    #expect(abs(value - (sample.report[.rocAUC] ?? .nan)) < 1e-12)
    #expect(abs(areas.area - value) < 1e-12)
    #expect(abs(areas.influences.reduce(0, +)) < 1e-12)
  }

  private struct Key: Hashable {
    let score: Double
    let kind: Int
  }
}

@Suite struct `Bootstrap of the metrics` {
  @Test func `the bootstrap stays exact where thousands of scores share cells`() throws {
    let sample = predictions(samples: 6_000, classes: 2, digits: 12, seed: 1)
    let areas = try #require(
      AreaInfluences(actual: sample.actual, scores: sample.probabilities))
    let intervals = MetricBootstrap(seed: 1).intervals(
      actual: sample.actual, predicted: sample.predicted, probabilities: sample.probabilities,
      areas: areas, stream: 0)
    // Of an area, the deviation of resampled values is nearly DeLong's; of a mean, it is known.
    // 10,000 resamples tell a deviation to 0.7 %.
    let deLong = areas.influences.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let area = try #require(intervals[.rocAUC])
    #expect(abs(area.standardError / deLong - 1) < 0.03)
    let losses = sample.actual.enumerated().map { LogLoss.of(sample.probabilities[$0, $1]) }
    let loss = try #require(intervals[.logLoss])
    #expect(
      abs(loss.standardError / (Moments(losses).variance / 6_000).squareRoot() - 1) < 0.03)
    #expect(abs(area.estimate - (sample.report[.rocAUC] ?? .nan)) < 1e-12)
    #expect(abs(loss.estimate - (sample.report[.logLoss] ?? .nan)) < 1e-12)
    let accuracy = try #require(intervals[.accuracy])
    let share = try #require(sample.report[.accuracy])
    #expect(
      abs(accuracy.standardError / (share * (1 - share) / 6_000).squareRoot() - 1) < 0.03)
  }

  @Test func `the bootstrap approximates areas of many rows with the same spread`() throws {
    let sample = predictions(samples: 700, classes: 5, digits: 3, seed: 2)
    let areas = try #require(
      AreaInfluences(actual: sample.actual, scores: sample.probabilities))
    let rows = AreaRows(actual: sample.actual, scores: sample.probabilities)
      .bootstrapIntervals(resamples: 4_000, confidence: 0.95, seed: 3)[0]
    let sum = SumCells(start: areas.area, areas.influences.map { $0 * 700 })
      .bootstrapIntervals(resamples: 4_000, confidence: 0.95, seed: 4)[0]
    let exact = try #require(rows)
    let linear = try #require(sum)
    #expect(abs(exact.estimate - linear.estimate) < 1e-12)
    #expect(abs(exact.standardError / linear.standardError - 1) < 0.06)
    #expect(abs(exact.bca.lower - linear.bca.lower) < 0.2 * exact.standardError)
    #expect(abs(exact.bca.upper - linear.bca.upper) < 0.2 * exact.standardError)
  }

  @Test func `the bootstrap is the same for the same seed, and differs for another`() throws {
    let sample = predictions(samples: 50, classes: 2, digits: 2, seed: 9)
    func accuracy(seed: UInt32) -> BootstrapInterval? {
      MetricBootstrap(resamples: 500, seed: seed).intervals(
        actual: sample.actual, predicted: sample.predicted, probabilities: sample.probabilities,
        areas: nil, stream: 0)[.accuracy]
    }
    #expect(accuracy(seed: 1) == accuracy(seed: 1))
    #expect(accuracy(seed: 1)?.standardError != accuracy(seed: 2)?.standardError)
  }

  @Test func `a bootstrap has no width where every resample is the same`() throws {
    let shares = Matrix(rowCount: 3, columnCount: 2, elements: [1, 0, 1, 0, 1, 0])
    let intervals = MetricBootstrap(resamples: 100).intervals(
      actual: [0, 0, 0], predicted: [0, 0, 0], probabilities: shares, areas: nil, stream: 0)
    let accuracy = try #require(intervals[.accuracy])
    #expect(accuracy.bca == Interval(lower: 1, upper: 1))
    #expect(intervals[.rocAUC] == nil)
    #expect(intervals[.weightedF1] == nil)
  }
}

private struct Predictions {
  let actual: [Int]
  let predicted: [Int]
  let probabilities: Matrix

  var report: ClassificationReport {
    ClassificationReport(
      actual: actual, predicted: predicted, probabilities: probabilities,
      classNames: (0..<probabilities.columnCount).map { "class \($0)" })
  }
}

/// Probabilities, rounded to some digits, that are right more often than not.
private func predictions(samples: Int, classes: Int, digits: Int, seed: UInt64) -> Predictions {
  var generator = SeededGenerator(seed: seed)
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  var actual: [Int] = []
  var elements: [Double] = []
  for row in 0..<samples {
    let label = row < classes ? row : Int.random(in: 0..<classes, using: &generator)
    actual.append(label)
    if classes == 2 {
      let pull = label == 1 ? 0.4 : 0
      let share =
        ((Double.random(in: 0...0.6, using: &generator) + pull) * scale).rounded() / scale
      elements += [1 - share, share]
    } else {
      let weights = (0..<classes).map { column in
        ((Double.random(in: 0...1, using: &generator) + (column == label ? 0.5 : 0)) * scale)
          .rounded() / scale + 0.01
      }
      let sum = weights.reduce(0, +)
      elements += weights.map { $0 / sum }
    }
  }
  let matrix = Matrix(rowCount: samples, columnCount: classes, elements: elements)
  let predicted = (0..<samples).map { row in
    (0..<classes).reduce(0) { matrix[row, $1] > matrix[row, $0] ? $1 : $0 }
  }
  return Predictions(actual: actual, predicted: predicted, probabilities: matrix)
}
