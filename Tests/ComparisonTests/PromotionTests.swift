import Evaluation
import LinearAlgebra
import TestSupport
import Testing

@testable import Comparison

@Suite struct `A new model beside the one in use` {
  /// Rows of two classes by their truth, the old and the new prediction, as often as counts say, and
  /// what each model says of them.
  struct Rows {
    let actual: [Int]
    let old: PairedLead.Predictions
    let new: PairedLead.Predictions

    init(_ counts: [String: Int], sureness: (old: Double, new: Double) = (1, 1)) {
      let rows = counts.sorted { $0.key < $1.key }.flatMap { key, count in
        [[Int]](repeating: key.compactMap(\.wholeNumberValue), count: count)
      }
      actual = rows.map { $0[0] }
      old = Self.predictions(rows.map { $0[1] }, sureness.old)
      new = Self.predictions(rows.map { $0[2] }, sureness.new)
    }

    static func predictions(_ labels: [Int], _ sureness: Double) -> PairedLead.Predictions {
      PairedLead.Predictions(
        labels: labels,
        probabilities: Matrix(
          rowCount: labels.count, columnCount: 2,
          elements: labels.flatMap {
            $0 == 0 ? [sureness, 1 - sureness] : [1 - sureness, sureness]
          }
        ))
    }

    func lead(_ metric: Metric) -> PairedLead? {
      try? PairedLead(by: metric, actual: actual, classNames: ["no", "yes"], old: old, new: new)
    }

    func promotion(_ rule: PromotionRule, candidates: Int = 1) -> Promotion {
      var promotion = Promotion(
        rule, PromotionAttempt(year: 2026, number: 3, riskUsed: 0.25),
        candidates: candidates,
        testRows: Array(actual.indices), dataSHA256: "ab", oldVersion: "1.0.0", newVersion: "1.1.0")
      promotion.decide(actual: actual, classNames: ["no", "yes"], old: old, new: new)
      return promotion
    }
  }

  private static let reference = [
    "000": 8750, "001": 70, "010": 80, "011": 100, "100": 280, "101": 120, "110": 60, "111": 540,
  ]

  /// The values of an audit by simulation, computed with numpy from the formulas of the influences.
  @Test func `the lead by F1 and its standard error are those of the influences' formulas`() throws
  {
    let lead = try #require(Rows(Self.reference).lead(.f1))
    #expect(abs(lead.lead - 0.0471541720) < 1e-10)
    #expect(abs(lead.standardError - 0.0107335661) < 1e-9)
    #expect(abs(lead.lead / lead.standardError - 4.39315) < 1e-5)
    #expect(lead.degreesOfFreedom == 999)
  }

  /// By hand: of n rows one model is right in b where the other is wrong, and wrong in c; the
  /// differences are 1, -1 and 0 with mean (b - c) / n.
  @Test func `the lead by accuracy has the standard error of paired shares`() throws {
    let rows = Rows(["000": 60, "001": 5, "010": 15, "100": 5, "101": 10, "111": 25])
    let lead = try #require(rows.lead(.accuracy))
    let (n, better, worse) = (120.0, 25.0, 5.0)
    #expect(abs(lead.lead - (better - worse) / n) < 1e-15)
    let variance = ((better + worse) - (better - worse) * (better - worse) / n) / (n - 1)
    #expect(abs(lead.standardError - (variance / n).squareRoot()) < 1e-8)
  }

  /// A row's influence is what leaving it out changes, times n - 1, to the first order.
  @Test(arguments: [
    Metric.precision, .recall, .f1, .balancedAccuracy, .matthewsCorrelation, .cohenKappa, .logLoss,
    .rocAUC,
  ])
  func `the standard error of a lead is that of the jackknife`(metric: Metric) throws {
    let counts = [
      "000": 90, "001": 9, "010": 14, "011": 8, "100": 15, "101": 19, "110": 7, "111": 58,
    ]
    let rows = Rows(counts, sureness: (0.8, 0.9))
    let lead = try #require(rows.lead(metric))
    let n = rows.actual.count
    let leads = try (0..<n).map { left in
      let kept = (0..<n).filter { $0 != left }
      func model(_ model: PairedLead.Predictions) -> PairedLead.Predictions {
        PairedLead.Predictions(
          labels: kept.map { model.labels[$0] }, probabilities: model.probabilities.rows(kept))
      }
      return try PairedLead(
        by: metric, actual: kept.map { rows.actual[$0] }, classNames: ["no", "yes"],
        old: model(rows.old), new: model(rows.new)
      ).lead
    }
    let mean = leads.reduce(0, +) / Double(n)
    let squares = leads.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let jackknife = (squares * Double(n - 1) / Double(n)).squareRoot()
    #expect(abs(lead.standardError / jackknife - 1) < 0.05, "\(lead.standardError), \(jackknife)")
  }

  /// Two models that are right about 85 % of rows, independently; 1,000 pairs of them, 500 rows each.
  /// Four standard deviations of such a count are 28.
  @Test(arguments: [Metric.accuracy, .f1, .recall, .logLoss, .rocAUC])
  func `of equal models one in twenty leads by more than the bound for 5 %`(metric: Metric) throws {
    var generator = SeededGenerator(seed: 7)
    var found = 0
    for _ in 0..<1000 {
      var rows: [String: Int] = [:]
      for _ in 0..<500 {
        let truth = Int.random(in: 0..<10, using: &generator) < 3 ? 1 : 0
        let guesses = (0..<2).map { _ in
          Int.random(in: 0..<100, using: &generator) < 85 ? truth : 1 - truth
        }
        rows["\(truth)\(guesses[0])\(guesses[1])", default: 0] += 1
      }
      let lead = try #require(Rows(rows, sureness: (0.8, 0.8)).lead(metric))
      if lead.lead > lead.bound(risk: 0.05) { found += 1 }
    }
    #expect(abs(found - 50) <= 28, "\(found) of 1000")
  }

  @Test func `a model with a clear lead is put into use`() throws {
    let promotion = Rows(Self.reference).promotion(PromotionRule(metric: .f1))
    #expect(promotion.result?.isPromoted == true)
    #expect(promotion.risk == 0.05 / 52)
    #expect(
      promotion.lines == [
        "F1 on the 10000 test rows: in use 0.6742, new 0.7213; lead 0.0472, standard error 0.0107",
        "Comparison 3 of 52 in 2026: the lead must be above 0.0334, which equal models reach with a "
          + "probability of 0.00096",
        "The new model is put into use: its lead is larger than chance makes one in 1040 comparisons "
          + "of equal models",
      ])
  }

  @Test func `a model with an equal F1 and a lower accuracy stays out, also under a guard`() throws
  {
    // Both find 60 of 100; the new one has more false alarms, and more hits to make up for them.
    let counts = ["000": 850, "001": 50, "010": 0, "100": 38, "110": 0, "101": 9, "111": 53]
    let rows = Rows(counts)
    let rule = PromotionRule(metric: .f1)
    #expect(rows.promotion(rule).result?.isPromoted == false)
    // One that leads by recall is kept out by a guard of accuracy.
    var guarded = PromotionRule(metric: .recall)
    guarded.comparisonsPerYear = 1
    #expect(rows.promotion(guarded).result?.isPromoted == true)
    guarded.guards = [PromotionRule.Limit(.accuracy, 0.005)]
    let result = try #require(rows.promotion(guarded).result)
    #expect(!result.isPromoted)
    #expect(result.reason.hasPrefix("accuracy may have become worse by 0.05"), "\(result.reason)")
    #expect(result.reason.hasSuffix(", and 0.005 is allowed"))
  }

  @Test func `a model with the same labels and a better log loss is put into use by log loss`()
    throws
  {
    let counts = ["000": 500, "011": 40, "100": 40, "111": 420]
    let rows = Rows(counts, sureness: (0.8, 0.9))
    #expect(rows.promotion(PromotionRule(metric: .logLoss)).result?.isPromoted == true)
    let byAccuracy = try #require(rows.promotion(PromotionRule(metric: .accuracy)).result)
    #expect(byAccuracy.reason == "it is not better by accuracy")
  }

  @Test func `too few rows of a class, a missed requirement and chance keep the model in use`()
    throws
  {
    let few = Rows(["000": 500, "100": 10, "101": 9]).promotion(PromotionRule(metric: .accuracy))
    #expect(few.result?.reason == "“yes” has 19 test rows, and a comparison needs 20")
    var rule = PromotionRule(metric: .f1)
    rule.requirements = [PromotionRule.Limit(.recall, 0.7)]
    #expect(
      Rows(Self.reference).promotion(rule).result?.reason
        == "its recall is 0.6600, and 0.7 is required")
    let chance = Rows(["000": 500, "001": 9, "010": 12, "100": 10, "101": 12, "111": 90])
      .promotion(PromotionRule(metric: .accuracy))
    #expect(chance.result?.reason.hasPrefix("its lead of 0.0") == true)
    #expect(
      chance.result?.reason.contains("is within what chance can do: it takes more than") == true)
  }

  @Test func `the risk is shared by the year's comparisons and the candidates`() {
    var rule = PromotionRule(metric: .f1)
    rule.comparisonsPerYear = 10
    let promotion = Rows(Self.reference).promotion(rule, candidates: 4)
    #expect(promotion.risk == 0.05 / 40)
    #expect(
      promotion.explanation == [
        "The new model was chosen as the best of 4 by the 10000 rows that it is judged on, so that its "
          + "risk is divided by 4; a run with --cross-validate chooses without them.",
        "It takes over if, on rows that neither model learned from, its lead by f1 minus a margin for "
          + "chance is above zero.",
        "All comparisons of 2026 share one 5 % risk of a wrong promotion; this is the 3rd, which takes "
          + "1/10 of it, and with it 25.0 % of the risk are used up.",
      ])
  }

  @Test func `a year's comparisons by changing plans use up its risk part by part`() throws {
    var marks: [String] = []
    func next(_ plan: Int) -> PromotionAttempt? {
      let attempt = PromotionAttempt(after: marks, in: 2026, plan: plan)
      var rule = PromotionRule(metric: .f1)
      rule.comparisonsPerYear = plan
      if let attempt { marks.append(rule.mark(attempt)) }
      return attempt
    }
    for number in 1...6 { #expect(next(12)?.number == number) }
    #expect(next(4) == PromotionAttempt(year: 2026, number: 7, riskUsed: 0.75))
    #expect(next(2) == nil, "half of the risk is more than is left")
    #expect(next(4)?.riskUsed == 1)
    #expect(next(1_000_000) == nil)
    #expect(marks == (1...6).map { "\($0)-of-12" } + ["7-of-4", "8-of-4"])
    // Notes without a plan count as this one's.
    #expect(PromotionAttempt(after: ["1", "2", "x"], in: 2026, plan: 4)?.riskUsed == 0.75)
    // Notes that were not made here once ended the program.
    for mark in ["\(Int.max)-of-4", "\(Int.min)", "0-of-0"] {
      let attempt = PromotionAttempt(after: [mark], in: 2026, plan: 4)
      #expect(attempt == PromotionAttempt(year: 2026, number: 1, riskUsed: 0.25), "\(mark)")
    }
    #expect(PromotionAttempt(after: ["1-of-\(Int.max)"], in: 2026, plan: 4)?.number == 2)
  }

  @Test func `classes are matched by their names, in any order`() throws {
    let swapped = Matrix(rowCount: 2, columnCount: 2, elements: [0.9, 0.1, 0.2, 0.8])
    let model = try #require(
      PairedLead.Predictions([0, 1], swapped, of: ["yes", "no"], as: ["no", "yes"]))
    #expect(model.labels == [1, 0])
    #expect(model.probabilities.elements == [0.1, 0.9, 0.8, 0.2])
    #expect(
      PairedLead.Predictions([0, 1], swapped, of: ["yes", "maybe"], as: ["no", "yes"]) == nil)
  }

  @Test func `limits are read as they are typed`() {
    #expect(PromotionRule.Limit(argument: "accuracy=0.005") == .init(.accuracy, 0.005))
    for text in ["accuracy", "luck=1", "f1=-1", "f1=inf", "f1="] {
      #expect(PromotionRule.Limit(argument: text) == nil, "\(text)")
    }
  }
}
