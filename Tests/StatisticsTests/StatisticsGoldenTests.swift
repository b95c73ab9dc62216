import LinearAlgebra
import TestSupport
import Testing

@testable import Evaluation

@Suite struct `Statistics, as scipy and statsmodels have them` {
  let reference: StatisticsReference

  init() throws { reference = try StatisticsReference.read() }

  @Test func `the normal distribution is scipy's`() {
    let normal = reference.distributions.normal
    for (index, point) in nonEmpty(normal.points).enumerated() {
      #expect(isClose(StandardNormal.cumulative(point), normal.cumulative[index]))
      #expect(isClose(StandardNormal.twoSided(point), normal.twoSided[index]))
    }
    for (share, quantile) in zip(normal.shares, normal.quantiles) {
      #expect(isClose(StandardNormal.quantile(share), quantile), "\(share)")
    }
  }

  @Test func `Student's t distribution is scipy's`() {
    for student in nonEmpty(reference.distributions.student) {
      let t = StudentT(degreesOfFreedom: student.degreesOfFreedom ?? 0)
      for (index, point) in student.points.enumerated() {
        #expect(isClose(t.cumulative(point), student.cumulative[index]), "\(t) \(point)")
        #expect(isClose(t.twoSided(point), student.twoSided[index]), "\(t) \(point)")
      }
      for (share, quantile) in zip(student.shares, student.quantiles) {
        #expect(isClose(t.quantile(share), quantile), "\(t) \(share)")
      }
    }
  }

  @Test func `McNemar's test, exact and approximate, is statsmodels'`() {
    for known in nonEmpty(reference.mcnemar) {
      let test = McNemarTest(firstOnly: known.firstOnly, secondOnly: known.secondOnly)
      #expect(test.isExact == known.exact)
      #expect(isClose(test.p, known.p), "\(test)")
      #expect(isClose(test.firstBetter, known.firstBetter), "\(test)")
      #expect(isClose(test.secondBetter, known.secondBetter), "\(test)")
      #expect((test.statistic == nil) == (known.statistic == nil))
      #expect(isClose(test.statistic ?? 0, known.statistic ?? 0))
    }
  }

  @Test func `Holm's correction is statsmodels'`() {
    let corrected = HolmCorrection.corrected(reference.holm.probabilities)
    #expect(zip(corrected, reference.holm.corrected).allSatisfy { isClose($0, $1) })
  }

  @Test func `DeLong's test is what its definition gives, pair by pair`() throws {
    for known in nonEmpty(reference.delong) where known.actual.reduce(0, +) > 4 {
      func areas(_ scores: [Double]) throws -> AreaInfluences {
        let columns = scores.flatMap { [1 - $0, $0] }
        return try #require(
          AreaInfluences(
            actual: known.actual,
            scores: Matrix(rowCount: scores.count, columnCount: 2, elements: columns)))
      }
      let first = try areas(known.first)
      let second = try areas(known.second)
      #expect(isClose(first.area, known.areas[0]))
      #expect(isClose(second.area, known.areas[1]))
      let test = try #require(DeLongTest(actual: known.actual, first: first, second: second))
      #expect(isClose(test.standardError, known.standardError))
      #expect(isClose(test.t, known.t))
      #expect(isClose(test.degreesOfFreedom, known.degreesOfFreedom))
      #expect(isClose(test.p, known.p))
      #expect(isClose(test.interval.lower, known.interval[0]))
      #expect(isClose(test.interval.upper, known.interval[1]))
    }
  }

  @Test func `the corrected resampled t-test and its Bayesian counterpart are what scipy gives`()
    throws
  {
    for known in nonEmpty(reference.folds) {
      let test = try #require(
        ResampledTTest(differences: known.differences, testShare: known.testShare))
      let reach = ResampledTTest.reach(of: known.differences, testShare: known.testShare)
      #expect(isClose(try #require(reach), known.reach))
      #expect(isClose(test.meanDifference, known.mean))
      #expect(isClose(test.standardError, known.standardError))
      #expect(isClose(test.t, known.t))
      #expect(isClose(test.p, known.p))
      let bayesian = BayesianTTest(test, rope: known.rope)
      let loss = BayesianTTest(test, higherIsBetter: false, rope: known.rope)
      #expect(loss.firstBetter == bayesian.secondBetter)
      #expect(isClose(bayesian.firstBetter, known.firstBetter))
      #expect(isClose(bayesian.equivalent, known.equivalent))
      #expect(isClose(bayesian.secondBetter, known.secondBetter))
      #expect(isClose(bayesian.interval.lower, known.interval[0]))
      #expect(isClose(bayesian.interval.upper, known.interval[1]))
    }
  }

  @Test func `Clopper and Pearson's interval is statsmodels'`() {
    for known in nonEmpty(reference.shares) {
      let interval = ClopperPearson.interval(known.hits, of: known.total)
      #expect(isClose(interval.lower, known.interval[0]), "\(known)")
      #expect(isClose(interval.upper, known.interval[1]), "\(known)")
    }
  }

  @Test func `intervals of an area solve their equations`() throws {
    for known in nonEmpty(reference.areas) {
      let areas = try #require(
        AreaInfluences(
          actual: known.actual,
          scores: Matrix(
            rowCount: known.scores.count, columnCount: 2,
            elements: known.scores.flatMap { [1 - $0, $0] })))
      #expect(isClose(areas.area, known.area))
      let variance = AreaInfluences.variances(
        areas.influences, actual: known.actual, classCount: 2
      ).reduce(0, +)
      let logit = AreaInterval.logitDeLong(areas.area, variance: variance)
      #expect((logit == nil) == (known.logit == nil))
      if let logit, let expected = known.logit {
        #expect(isClose(logit.lower, expected[0]))
        #expect(isClose(logit.upper, expected[1]))
      }
      let positives = known.actual.reduce(0, +)
      let newcombe = AreaInterval.newcombe(
        areas.area, positives: positives, negatives: known.actual.count - positives)
      #expect(isClose(newcombe.lower, known.newcombe[0]))
      #expect(isClose(newcombe.upper, known.newcombe[1]))
      let (wider, method) = areas.interval(actual: known.actual, confidence: 0.95)
      #expect(wider == (method == .newcombe ? newcombe : logit))
      #expect(wider.width >= newcombe.width && wider.width >= logit?.width ?? 0)
    }
  }

  @Test func `drawn intervals are numpy's, as near as draws are`() throws {
    for known in nonEmpty(reference.dirichlet) {
      var drawn = DrawnMeasures(ConfusionMatrix(counts: known.counts), draws: 40_000, seed: 5)
      #expect(known.intervals.count >= 2)
      for (metric, expected) in known.intervals {
        let found = drawn.interval(of: metric, confidence: 0.95)
        let interval = try #require(found)
        // 40,000 draws tell a limit to about 1 % of the interval's width.
        let tolerance = 0.03 * (expected[1] - expected[0])
        #expect(abs(interval.lower - expected[0]) < tolerance, "\(metric) \(known.counts)")
        #expect(abs(interval.upper - expected[1]) < tolerance, "\(metric) \(known.counts)")
      }
    }
    var drawnLoss = DrawnLoss(reference.loss.losses, draws: 40_000, seed: 5)
    let loss = drawnLoss.interval(confidence: 0.95)
    let expected = reference.loss.interval
    #expect(abs(loss.lower - expected[0]) < 0.03 * (expected[1] - expected[0]))
    #expect(abs(loss.upper - expected[1]) < 0.03 * (expected[1] - expected[0]))
  }

  /// Equal to 1e-10 of the value, or to 1e-13 where it is near 0.
  private func isClose(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= max(1e-13, 1e-10 * abs(b))
  }
}
