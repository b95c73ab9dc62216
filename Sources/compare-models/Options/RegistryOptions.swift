import ArgumentParser
import Comet
import CometLogging
import Evaluation
import ModelRegistry
import Support

/// Which model is registered, under which names, and whether it goes into use.
struct RegistryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A stage for the new versions, such as production; older versions lose it. "
        + "(default: none)", valueName: "name"))
  var stage: String?

  @Option(
    help: ArgumentHelp(
      "The metric on the test rows whose best model is registered, such as accuracy, f1 or log_loss.",
      valueName: "metric"))
  var selectBy = Metric.f1

  @Flag(
    help: ArgumentHelp(
      "Give the stage only to a model that is better by the metric than the one that has it, where the "
        + "difference is significant (McNemar's test, p < 0.05). (default stage: production)"))
  var promoteIfBetter = false

  @Option(
    help: ArgumentHelp("The prefix of the names in the registry.", valueName: "name"))
  var registryPrefix = SetNames.standardPrefix

  var choice: RegistrationChoice {
    RegistrationChoice(
      stage: stage, metric: selectBy, promotesIfBetter: promoteIfBetter, prefix: registryPrefix)
  }

  func validate() throws {
    if stage == "" { throw ValidationError("--stage must be a name.") }
    if let stage, SetDescription.isTag(stage) {
      throw ValidationError("--stage must be a name without a colon.")
    }
    if choice.prefix.isEmpty {
      throw ValidationError("--registry-prefix must have a letter or a digit.")
    }
  }
}

/// Registering behind a comparison.
struct RunRegistryOptions: ParsableArguments {
  @Flag(help: "Register the best model in Comet's model registry.")
  var register = false

  @OptionGroup var options: RegistryOptions

  func validate() throws {
    if options.choice.isGiven, !register {
      throw ValidationError(
        "--stage, --select-by, --promote-if-better and --registry-prefix go with --register.")
    }
  }

  /// Refuses to begin a run whose end is known to fail.
  func check(_ connection: CometConnection?) throws(ConfigurationError) {
    guard register, connection == nil else { return }
    throw ConfigurationError(
      "--register needs COMET_API_KEY, the key of your Comet account, and neither --offline nor "
        + "COMET_OFFLINE")
  }
}
