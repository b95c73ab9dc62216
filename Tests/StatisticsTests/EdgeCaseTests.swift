import Evaluation
import Testing

@Suite struct `Statistical tests of two classifiers` {
  @Test func `the tests see no difference where there is none`() {
    #expect(McNemarTest(actual: [0, 1, 1], first: [0, 1, 0], second: [0, 1, 0]).p == 1)
    #expect(ResampledTTest(differences: [0, 0, 0], testShare: 0.5).p == 1)
    let bayesian = BayesianTTest(differences: [0, 0, 0], testShare: 0.5)
    #expect(bayesian.equivalent == 1)
  }

  @Test func `the tests are certain where every fold has the same difference`() {
    let test = ResampledTTest(differences: [0.1, 0.1, 0.1], testShare: 0.5)
    #expect(test.t == nil)
    #expect(test.p == 0)
    let bayesian = BayesianTTest(differences: [0.1, 0.1, 0.1], testShare: 0.5)
    #expect(bayesian.firstBetter == 1)
    #expect(BayesianTTest(differences: [-0.1, -0.1], testShare: 1).secondBetter == 1)
  }

  @Test func `McNemar's test counts the samples that only one classifier predicts correctly`() {
    // Rows 0 and 1: both right, both wrong. Row 2: the first. Rows 3 and 4: the second. Row 5: both
    // wrong, differently.
    let test = McNemarTest(
      actual: [0, 1, 2, 0, 1, 2], first: [0, 0, 2, 1, 2, 0], second: [0, 0, 1, 0, 1, 1])
    #expect(test.firstOnly == 1)
    #expect(test.secondOnly == 2)
    // Twice the chance of at most one head in three throws: 2 · 4/8.
    #expect(test.p == 1)
  }

  @Test func `the area under the curve needs samples of both classes`() {
    #expect(
      AreaInfluences(actual: [1, 1], scores: .init(rowCount: 2, columnCount: 2)) == nil)
  }
}

@Suite struct `Holm's correction` {
  @Test func `Holm's correction multiplies each value by the tests that remain`() {
    // 0.01 · 3, 0.02 · 2, 0.03 · 1; the last is raised to the one before.
    let corrected = HolmCorrection.corrected([0.03, 0.01, 0.02])
    #expect(zip(corrected, [0.04, 0.03, 0.04]).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  @Test func `Holm's correction never exceeds 1`() {
    #expect(HolmCorrection.corrected([0.9, 0.8]) == [1, 1])
    #expect(HolmCorrection.corrected([]) == [])
  }
}
