import ArgumentParser
import Comparison

/// Which classifiers a sweep fits, with which hyper-parameters and seeds.
struct GridOptions: ParsableArguments {
  @Option(help: "\(ModelChoice.sweepHelp)")
  var models: String?

  @Option(help: "The models to exclude, separated by commas.")
  var exclude: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "The values of a hyper-parameter under scikit-learn's name, such as "
        + "RandomForest.n_estimators=50,100,200 or RandomForest.max_depth=4...12; repeat it for each. "
        + "Every combination is fitted.", valueName: "model.name=values"))
  var settings: [String] = []

  @Option(
    help: ArgumentHelp(
      "A JSON file of hyper-parameters: {\"RandomForest\": {\"max_depth\": [8, null]}, …}; a list of "
        + "such objects is several grids. --set replaces what it says of a hyper-parameter.",
      valueName: "file"), completion: .file(extensions: ["json"]))
  var grid: String?

  @Option(
    help: ArgumentHelp(
      "The seeds of the train/test split and of every random draw, such as 1...20 or 1,2,42.",
      valueName: "seeds"))
  var seeds = "42"

  @Option(help: "Say what the choice is worth, by this many folds around --cross-validate's.")
  var nested: Int?

  func validate() throws {
    _ = try seedList()
    if grid == nil { _ = try grids() }
  }

  func seedList() throws -> SeedList { try SeedList(option: seeds) }

  /// The grids that were asked for; reads the file.
  func grids() throws -> [ParameterGrid] {
    try ParameterGrid.grids(inFile: grid, models: models, without: exclude, settings: settings)
  }
}
