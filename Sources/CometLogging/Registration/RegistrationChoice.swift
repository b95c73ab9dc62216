import Comet
public import Comparison
public import Evaluation
public import ModelRegistry
import Support

/// Which model of a run is registered, under which names, and whether it goes into use.
public struct RegistrationChoice: Hashable, Sendable {
  /// A stage for the new versions, which is taken from the old ones.
  public var stage: String?
  /// The metric whose best model is registered.
  public var metric: Metric
  /// When the model gets the stage that another is in; `nil` where it always does.
  public var promotion: PromotionRule?
  /// Whether it is told how that is decided.
  public var isExplained: Bool
  /// Whether the model is fitted again on all rows first.
  public var isRefitted: Bool
  /// What the names in the registry begin with, as it was typed.
  public var typedPrefix: String

  public init(
    stage: String? = nil, metric: Metric = .f1, promotion: PromotionRule? = nil,
    isExplained: Bool = false, isRefitted: Bool = false, prefix: String = SetNames.standardPrefix
  ) {
    self.stage = stage
    self.metric = metric
    self.promotion = promotion
    self.isExplained = isExplained
    self.isRefitted = isRefitted
    typedPrefix = prefix
  }

  /// What options ask for.
  ///
  /// - Parameters:
  ///   - promotesIfBetter: whether the stage is given only to a model that leads.
  ///   - comparisonsPerYear: `nil` for the usual number.
  ///   - prefix: as it was typed.
  /// - Throws: ``RequestError`` for options that have no meaning, or none together.
  public init(
    stage: String?, metric: Metric, promotesIfBetter: Bool, guards: [PromotionRule.Limit],
    requirements: [PromotionRule.Limit], comparisonsPerYear: Int?, isExplained: Bool,
    isRefitted: Bool, prefix: String
  ) throws(RequestError) {
    try RequestError.refuse(stage == "", "--stage must be a name.")
    try RequestError.refuse(
      stage.map(SetDescription.isTag) == true, "--stage must be a name without a colon.")
    try RequestError.refuse(
      comparisonsPerYear ?? 1 < 1, "--comparisons-per-year must be at least 1.")
    let isRuled = isExplained || comparisonsPerYear != nil || !(guards + requirements).isEmpty
    try RequestError.refuse(
      isRuled && !promotesIfBetter,
      "--guard, --require, --comparisons-per-year and --explain go with --promote-if-better.")
    var rule = PromotionRule(metric: metric)
    (rule.guards, rule.requirements) = (guards, requirements)
    rule.comparisonsPerYear = comparisonsPerYear ?? rule.comparisonsPerYear
    self.init(
      stage: stage, metric: metric, promotion: promotesIfBetter ? rule : nil,
      isExplained: isExplained, isRefitted: isRefitted, prefix: prefix)
    try RequestError.refuse(self.prefix.isEmpty, "--registry-prefix must have a letter or a digit.")
  }

  /// Refuses options of registering where nothing is registered.
  public func checkIsUsed(isRegistered: Bool) throws(RequestError) {
    try RequestError.refuse(
      isGiven && !isRegistered,
      "--stage, --select-by, --promote-if-better, --refit and --registry-prefix go with --register."
    )
  }

  var stageToGive: String? { stage ?? (promotion == nil ? nil : "production") }
  public var prefix: String { RegistryName.normalized(typedPrefix) }

  /// Whether any of it differs from what holds without options.
  var isGiven: Bool { self != RegistrationChoice() }

  /// The command that registers a run, or takes up what was begun.
  public func command(for path: String, data: String) -> String {
    var words = [path]
    if let stage { words += ["--stage", stage] }
    if metric != .f1 { words += ["--select-by", metric.rawValue] }
    if let promotion {
      words.append("--promote-if-better")
      words += promotion.guards.flatMap { ["--guard", $0.text] }
      words += promotion.requirements.flatMap { ["--require", $0.text] }
      if promotion.comparisonsPerYear != PromotionRule(metric: metric).comparisonsPerYear {
        words += ["--comparisons-per-year", "\(promotion.comparisonsPerYear)"]
      }
    }
    if isRefitted { words.append("--refit") }
    if typedPrefix != SetNames.standardPrefix { words += ["--registry-prefix", typedPrefix] }
    if data != RunRequest.standard.data { words += ["--data", data] }
    return "compare-models register " + words.map(ShellCommand.quoted).joined(separator: " ")
  }
}
