import ArgumentParser
import Classifiers
import Comparison
import Support

/// Which classifiers a sweep fits, with which hyper-parameters and seeds.
struct GridOptions: ParsableArguments {
  @Option(
    help: "The models to fit, separated by commas. (default: those of --grid, else all four)")
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

  func validate() throws {
    _ = try seedList()
    if grid == nil { _ = try grids() }
  }

  func seedList() throws -> SeedList {
    do throws(RequestError) {
      return try SeedList(parsing: seeds)
    } catch {
      throw ValidationError("--seeds: \(error).")
    }
  }

  /// The grids that were asked for; reads the file.
  func grids() throws -> [ParameterGrid] {
    var grids: [ParameterGrid] = []
    if let grid {
      grids = try ParameterGrid.grids(fromFile: Files.read(grid), name: grid)
    }
    let inGrids = Algorithm.allCases.filter { algorithm in
      grid == nil || grids.contains { $0.algorithm == algorithm }
    }
    let chosen = try asked {
      try ModelChoice.algorithms(named: models, without: exclude, usually: inGrids)
    }
    grids.removeAll { !chosen.contains($0.algorithm) }
    for algorithm in chosen where !grids.contains(where: { $0.algorithm == algorithm }) {
      grids.append(ParameterGrid(algorithm))
    }
    for setting in settings { try apply(setting, to: &grids) }
    return grids
  }

  private func apply(_ setting: String, to grids: inout [ParameterGrid]) throws {
    let (algorithm, name, value) = try asked {
      try ModelChoice.setting(setting, form: "MODEL.NAME=VALUE,VALUE")
    }
    let places = grids.indices.filter { grids[$0].algorithm == algorithm }
    guard !places.isEmpty else {
      throw ValidationError(
        "--set \(setting): \(algorithm.rawValue) is not among the models to fit.")
    }
    for place in places {
      do throws(RequestError) {
        try grids[place].set(typed: "\(name)=\(value)")
      } catch {
        throw ValidationError("--set \(setting): \(error).")
      }
    }
  }
}
