import Evaluation
import LinearAlgebra
import TestSupport
import Testing

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
      #expect((test.statistic == nil) == (known.statistic == nil))
      #expect(isClose(test.statistic ?? 0, known.statistic ?? 0))
    }
  }

  @Test func `Holm's correction is statsmodels'`() {
    let corrected = HolmCorrection.corrected(reference.holm.probabilities)
    #expect(zip(corrected, reference.holm.corrected).allSatisfy { isClose($0, $1) })
  }

  @Test func `DeLong's test is what its definition gives, pair by pair`() throws {
    for known in nonEmpty(reference.delong) {
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
      let test = DeLongTest(actual: known.actual, first: first, second: second)
      #expect(isClose(test.standardError, known.standardError))
      #expect(isClose(test.z ?? 0, known.z))
      #expect(isClose(test.p, known.p))
    }
  }

  @Test func `the corrected resampled t-test and its Bayesian counterpart are what scipy gives`() {
    for known in nonEmpty(reference.folds) {
      let test = ResampledTTest(differences: known.differences, testShare: known.testShare)
      #expect(isClose(test.meanDifference, known.mean))
      #expect(isClose(test.standardError, known.standardError))
      #expect(isClose(test.t ?? 0, known.t))
      #expect(isClose(test.p, known.p))
      let bayesian = BayesianTTest(
        differences: known.differences, testShare: known.testShare, rope: known.rope)
      #expect(isClose(bayesian.firstBetter, known.firstBetter))
      #expect(isClose(bayesian.equivalent, known.equivalent))
      #expect(isClose(bayesian.secondBetter, known.secondBetter))
      #expect(isClose(bayesian.interval.lower, known.interval[0]))
      #expect(isClose(bayesian.interval.upper, known.interval[1]))
    }
  }

  @Test func `bootstrap intervals of the same resampled values are scipy's`() {
    for known in nonEmpty(reference.bootstrap) {
      let interval = BootstrapInterval(
        estimate: known.estimate, replicates: known.replicates,
        acceleration: BootstrapInterval.acceleration(
          leavingOneOut: known.leavingOneOut.map { ($0, 1) }))
      #expect(isClose(interval.standardError, known.standardError))
      #expect(isClose(interval.percentile.lower, known.percentile[0]))
      #expect(isClose(interval.percentile.upper, known.percentile[1]))
      #expect(isClose(interval.bca.lower, known.bca[0]), "\(interval) \(known.bca)")
      #expect(isClose(interval.bca.upper, known.bca[1]), "\(interval) \(known.bca)")
    }
  }

  /// Equal to 1e-10 of the value, or to 1e-13 where it is near 0.
  private func isClose(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= max(1e-13, 1e-10 * abs(b))
  }
}
