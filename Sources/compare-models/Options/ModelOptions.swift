import ArgumentParser
import Comparison

/// Which models are compared, and their hyper-parameters.
struct ModelOptions: ParsableArguments {
  @Option(help: "\(ModelChoice.help)")
  var models: String?

  @Option(help: "The models to exclude, separated by commas.")
  var exclude: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A hyper-parameter under scikit-learn's name, such as RandomForest.max_depth=8; repeat it for "
        + "each.", valueName: "model.name=value"))
  var settings: [String] = []

  func change(_ request: inout RunRequest) throws {
    try request.choose(models: models, without: exclude, settings: settings)
  }
}
