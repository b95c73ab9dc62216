import Comparison
import Evaluation
import LinearAlgebra
import TestSupport
import Testing

@Suite struct `A champion and a challenger` {
  /// Predictions of two classes, sure of themselves.
  private func predictions(actual: [Int], predicted: [Int]) throws -> TestPredictions {
    let names = ["Gold", "Silver"]
    var text = "row,actual,predicted,probability_Gold,probability_Silver\n"
    for (row, (truth, guess)) in zip(actual, predicted).enumerated() {
      text += "\(row * 2),\(names[truth]),\(names[guess]),\(1 - guess),\(guess)\n"
    }
    return try withTemporaryFile(text, named: "predictions.csv") {
      try TestPredictions(contentsOf: $0, classNames: names)
    }
  }

  private func shares(_ predicted: [Int]) -> Matrix {
    Matrix(
      rowCount: predicted.count, columnCount: 2,
      elements: predicted.flatMap { [Double(1 - $0), Double($0)] })
  }

  private func comparison(
    by metric: Metric, actual: [Int], challenger: [Int], champion: [Int],
    championClasses: [String] = ["Gold", "Silver"]
  ) throws -> ChampionComparison? {
    ChampionComparison(
      by: metric, classNames: ["Gold", "Silver"],
      challenger: try predictions(actual: actual, predicted: challenger),
      champion: shares(champion), championClasses: championClasses)
  }

  @Test func `the challenger replaces a champion that is significantly worse`() throws {
    // 40 rows, all Silver: the challenger is right in 36, the champion in 24 of these and 4 others.
    let actual = [Int](repeating: 1, count: 40)
    let challenger = [Int](repeating: 1, count: 36) + [0, 0, 0, 0]
    let champion =
      [Int](repeating: 1, count: 24) + [Int](repeating: 0, count: 12) + [1, 1, 0, 0]
    let result = try #require(
      try comparison(by: .accuracy, actual: actual, challenger: challenger, champion: champion))
    #expect(result.challenger == 0.9)
    #expect(result.champion == 0.65)
    #expect(result.bothRight == 24)
    #expect(result.onlyChallenger == 12)
    #expect(result.onlyChampion == 2)
    #expect(result.bothWrong == 2)
    // 14 rows differ, twice the chance of at most 2 of 14: 2 · (1 + 14 + 91) / 2¹⁴.
    #expect(abs(result.test.p - 2 * 106 / 16384) < 1e-15)
    #expect(result.isPromoted)
    #expect(
      result.lines(champion: "in use", challenger: "new") == [
        "Accuracy on the 40 test rows: in use 0.6500, new 0.9000",
        "               new right   new wrong",
        "in use right          24           2",
        "in use wrong          12           2",
        "McNemar's test: p = 0.013",
      ])
  }

  @Test func `the champion stays when the difference is not significant`() throws {
    let result = try #require(
      try comparison(
        by: .accuracy, actual: [1, 1, 1, 1], challenger: [1, 1, 1, 0], champion: [1, 1, 0, 0]))
    #expect(result.isBetter)
    #expect(!result.isPromoted)
    #expect(result.reason == "its lead is within what chance can do (p ≥ 0.05)")
  }

  @Test func `the champion stays when the challenger is worse, or equal`() throws {
    let actual = [Int](repeating: 1, count: 40)
    let good = [Int](repeating: 1, count: 40)
    let bad = [Int](repeating: 0, count: 40)
    let worse = try #require(
      try comparison(by: .accuracy, actual: actual, challenger: bad, champion: good))
    #expect(worse.test.p < 0.001)
    #expect(!worse.isPromoted)
    #expect(worse.reason == "it is not better by accuracy")
    let equal = try #require(
      try comparison(by: .accuracy, actual: actual, challenger: good, champion: good))
    #expect(!equal.isBetter)
    // A smaller loss is the better one.
    let loss = try #require(
      try comparison(by: .logLoss, actual: actual, challenger: good, champion: bad))
    #expect(loss.isPromoted)
  }

  @Test func `champion and challenger are compared by the names of classes, in any order`() throws {
    let actual = [0, 1, 1, 0]
    let swapped = try #require(
      try comparison(
        by: .accuracy, actual: actual, challenger: actual, champion: [1, 0, 0, 1],
        championClasses: ["Silver", "Gold"]))
    #expect(swapped.champion == 1)
    #expect(swapped.bothRight == 4)
    let other = try comparison(
      by: .accuracy, actual: actual, challenger: actual, champion: actual,
      championClasses: ["Gold", "Bronze"])
    #expect(other == nil)
  }
}
