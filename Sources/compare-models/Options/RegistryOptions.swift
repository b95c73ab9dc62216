import ArgumentParser
import CometLogging
import Comparison
import Evaluation
import ModelRegistry

/// Which model is registered, under which names, and whether it goes into use.
struct RegistryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A stage for the new versions, such as production; older versions lose it. "
        + "(default: none)", valueName: "name"))
  var stage: String?

  @Option(
    help: ArgumentHelp(
      "The metric whose best model is registered, and that a new model must lead by, such as accuracy, f1 "
        + "or log_loss. (default: f1, or a sweep's own)", valueName: "metric"))
  var selectBy: Metric?

  @Flag(
    help: ArgumentHelp(
      "Give the stage only to a model whose lead by the metric over the one that has it is more than "
        + "chance. (default stage: production)"))
  var promoteIfBetter = false

  @Option(
    name: .customLong("guard"),
    help: ArgumentHelp(
      "A metric that may fall by less than a margin, such as accuracy=0.005; repeatable.",
      valueName: "metric=margin"))
  var guards: [PromotionRule.Limit] = []

  @Option(
    name: .customLong("require"),
    help: ArgumentHelp(
      "A metric that must be reached, such as recall=0.7; repeatable.", valueName: "metric=value"))
  var requirements: [PromotionRule.Limit] = []

  @Option(
    help: ArgumentHelp(
      "How many comparisons of a year share one 5 % risk of a wrong promotion. (default: 52)",
      valueName: "count"))
  var comparisonsPerYear: Int?

  @Flag(help: "Also say, with the numbers, how it is decided which model is in use.")
  var explain = false

  @Flag(help: "Register the model fitted again on all rows; its twin stays for comparisons.")
  var refit = false

  @Option(
    help: ArgumentHelp("The prefix of the names in the registry.", valueName: "name"))
  var registryPrefix = SetNames.standardPrefix

  /// - Parameter usual: the metric where none is named.
  func choice(by usual: Metric = .f1) throws -> RegistrationChoice {
    try RegistrationChoice(
      stage: stage, metric: selectBy ?? usual, promotesIfBetter: promoteIfBetter, guards: guards,
      requirements: requirements, comparisonsPerYear: comparisonsPerYear, isExplained: explain,
      isRefitted: refit, prefix: registryPrefix)
  }

  func validate() throws { _ = try choice() }
}

/// Registering behind a comparison.
struct RunRegistryOptions: ParsableArguments {
  @Flag(help: "Register the best model in Comet's model registry.")
  var register = false

  @OptionGroup var options: RegistryOptions

  func validate() throws { try options.choice().checkIsUsed(isRegistered: register) }
}

extension PromotionRule.Limit: ExpressibleByArgument {}
