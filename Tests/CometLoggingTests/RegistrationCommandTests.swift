import Comparison
import ModelRegistry
import Testing

@testable import CometLogging

@Suite struct `The command that registers a run` {
  @Test func `the command that registers a run has only what differs from the defaults, quoted`() {
    #expect(
      RegistrationChoice().command(for: "runs/a", data: "data/diamonds.csv")
        == "compare-models register runs/a")
    var rule = PromotionRule(metric: .accuracy)
    rule.guards = [PromotionRule.Limit(.f1, 0.01)]
    rule.requirements = [PromotionRule.Limit(.recall, 0.7)]
    rule.comparisonsPerYear = 12
    let choice = RegistrationChoice(
      stage: "production", metric: .accuracy, promotion: rule, prefix: "my stones")
    #expect(
      choice.command(for: "runs/a b", data: "x.csv")
        == "compare-models register 'runs/a b' --stage production --select-by accuracy "
        + "--promote-if-better --guard f1=0.01 --require recall=0.7 --comparisons-per-year 12 "
        + "--registry-prefix 'my stones' --data x.csv")
    #expect(!RegistrationChoice().isGiven)
    #expect(choice.isGiven)
    #expect(RegistrationChoice(promotion: rule).stageToGive == "production")
  }

  private func choice(
    stage: String? = nil, promotes: Bool = false, guards: [PromotionRule.Limit] = [],
    count: Int? = nil, explained: Bool = false, prefix: String = SetNames.standardPrefix
  ) throws -> RegistrationChoice {
    try RegistrationChoice(
      stage: stage, metric: .f1, promotesIfBetter: promotes, guards: guards, requirements: [],
      comparisonsPerYear: count, isExplained: explained, isRefitted: false, prefix: prefix)
  }

  @Test func `options of registering that have no meaning are refused in their own words`() throws {
    let ruled =
      "--guard, --require, --comparisons-per-year and --explain go with --promote-if-better."
    let refused: [(String, () throws -> RegistrationChoice)] = [
      ("--stage must be a name.", { try choice(stage: "") }),
      ("--stage must be a name without a colon.", { try choice(stage: "comparison:2026-1") }),
      ("--comparisons-per-year must be at least 1.", { try choice(promotes: true, count: 0) }),
      (ruled, { try choice(count: 5) }), (ruled, { try choice(explained: true) }),
      (ruled, { try choice(guards: [PromotionRule.Limit(.f1, 0.1)]) }),
      ("--registry-prefix must have a letter or a digit.", { try choice(prefix: "//") }),
    ]
    for (problem, choice) in refused {
      let error = #expect(throws: RequestError.self, "\(problem)") { try choice() }
      #expect(error?.description == problem)
    }
    #expect(try choice() == RegistrationChoice())
    #expect(try choice(promotes: true, count: 12).promotion?.comparisonsPerYear == 12)
    try choice().checkIsUsed(isRegistered: false)
    try choice(stage: "x").checkIsUsed(isRegistered: true)
    let unused = #expect(throws: RequestError.self) {
      try choice(stage: "x").checkIsUsed(isRegistered: false)
    }
    #expect(unused?.description.hasSuffix("go with --register.") == true)
  }
}
