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
    try asked { try request.choose(models: models, without: exclude, settings: settings) }
  }
}

/// Does what reads options; a mistake in them is one of the command line, in the words of a sentence or
/// behind an option's name.
func asked<Value>(_ option: String? = nil, _ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch let error as RequestError where error.kind == .badRequest {
    throw ValidationError(option.map { "\($0): \(error)." } ?? error.description)
  }
}
