import Evaluation
import LinearAlgebra
import Testing

@Suite struct `Statistical tests of two classifiers` {
  @Test func `McNemar's test sees no difference where there is none`() {
    let test = McNemarTest(actual: [0, 1, 1], first: [0, 1, 0], second: [0, 1, 0])
    #expect(test.p == 1)
    #expect(test.firstBetter == 1 && test.secondBetter == 1)
  }

  @Test func `folds without spread, and few folds, are not tested`() {
    // Once p was 0 here: the same lead in every fold was taken for certainty.
    #expect(ResampledTTest(differences: [Double](repeating: 0.1, count: 10), testShare: 0.5) == nil)
    #expect(ResampledTTest(differences: [0, 0, 0, 0, 0], testShare: 0.5) == nil)
    #expect(ResampledTTest(differences: [0.1, 0.2, 0.1, 0.2], testShare: 0.5) == nil)
    #expect(ResampledTTest(differences: [0.1, 0.2, 0.1, 0.2, 0.1], testShare: 0.5) != nil)
    #expect(ResampledTTest.reach(of: [0.9, 0.9, 0.9, 0.9, 0.9], testShare: 0.5) == nil)
    #expect(ResampledTTest.reach(of: [0.9, 0.8], testShare: 0.5) == nil)
  }

  @Test func `DeLong's test needs eight samples of each class`() throws {
    // With one positive sample its part of the variance was taken for 0, and p was 1e-48; with three, models whose
    // samples share few scores were told apart far too often.
    func test(positives: Int) throws -> DeLongTest? {
      let actual = (0..<40).map { $0 < positives ? 1 : 0 }
      func areas(_ shift: Int) throws -> AreaInfluences {
        try #require(
          AreaInfluences(
            actual: actual,
            scores: Matrix(
              rowCount: 40, columnCount: 2,
              elements: (0..<40).flatMap { row in
                let score = Double((row * 17 + (actual[row] == 1 ? shift : 0)) % 41) / 41
                return [1 - score, score]
              })))
      }
      return DeLongTest(actual: actual, first: try areas(30), second: try areas(3))
    }
    for positives in 1...7 { #expect(try test(positives: positives) == nil) }
    let eight = try #require(try test(positives: 8))
    // Most of the variance is that of the eight.
    #expect(eight.degreesOfFreedom < 16)
  }

  @Test(arguments: [2, 3])
  func `DeLong's test needs three samples of each class whose scores are not those of most`(
    count: Int
  ) throws {
    let actual = (0..<400).map { $0 < 20 ? 1 : 0 }
    func areas(_ marked: (Int) -> Bool) throws -> AreaInfluences {
      try #require(
        AreaInfluences(
          actual: actual,
          scores: Matrix(
            rowCount: 400, columnCount: 2,
            elements: (0..<400).flatMap { marked($0) ? [0.0, 1.0] : [1.0, 0.0] })))
    }
    // One model marks `count` positive samples, the other none; both mark some negative ones.
    let test = DeLongTest(
      actual: actual, first: try areas { $0 < count || $0 % 50 == 49 },
      second: try areas { $0 % 50 == 48 })
    #expect((test == nil) == (count < 3))
  }

  @Test func `DeLong's test needs scores that differ`() throws {
    let actual = (0..<16).map { $0 / 8 }
    func areas(_ scores: [Double]) throws -> AreaInfluences {
      try #require(
        AreaInfluences(
          actual: actual,
          scores: Matrix(
            rowCount: 16, columnCount: 2, elements: scores.flatMap { [1 - $0, $0] })))
    }
    let perfect = try areas(actual.map { Double($0) })
    #expect(DeLongTest(actual: actual, first: perfect, second: perfect) == nil)
    #expect(
      DeLongTest(
        actual: actual, first: perfect, second: try areas([Double](repeating: 0.5, count: 16)))
        == nil)
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
