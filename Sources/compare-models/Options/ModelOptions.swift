import ArgumentParser
import Classifiers

/// Which models are compared, and their hyper-parameters.
struct ModelOptions: ParsableArguments {
  @Option(help: "The models to compare, separated by commas. (default: all four)")
  var models: String?

  @Option(help: "The models to leave out, separated by commas.")
  var exclude: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A hyper-parameter under scikit-learn's name, such as RandomForest.max_depth=8; repeat it for "
        + "each.", valueName: "model.name=value"))
  var settings: [String] = []

  func validate() throws { _ = try candidates(seed: 0) }

  /// The classifiers that were asked for, with the hyper-parameters that were set.
  func candidates(seed: UInt32) throws -> [any Classifier] {
    let chosen = try chosenAlgorithms()
    var classifiers = chosen.map { $0.classifier(seed: seed) }
    for setting in settings {
      guard let equals = setting.firstIndex(of: "="), let dot = setting.firstIndex(of: "."),
        dot < equals
      else {
        throw ValidationError("--set must be MODEL.NAME=VALUE, was \"\(setting)\".")
      }
      let algorithm = try Self.algorithm(named: String(setting[..<dot]))
      guard let index = chosen.firstIndex(of: algorithm) else {
        throw ValidationError(
          "--set \(setting): \(algorithm.rawValue) is not among the models to compare.")
      }
      do throws(ParameterError) {
        try classifiers[index].set(
          String(setting[setting.index(after: dot)..<equals]),
          to: HyperparameterValue(parsing: String(setting[setting.index(after: equals)...])))
        try classifiers[index].validate()
      } catch {
        throw ValidationError("--set \(setting): \(error.description).")
      }
    }
    return classifiers
  }

  private func chosenAlgorithms() throws -> [Algorithm] {
    let named = try models.map(Self.algorithms) ?? Algorithm.allCases
    guard Set(named).count == named.count else {
      throw ValidationError("--models must name each model once.")
    }
    let excluded = try exclude.map(Self.algorithms) ?? []
    for algorithm in excluded where !named.contains(algorithm) {
      throw ValidationError(
        "--exclude \(algorithm.rawValue): it is not among the models of --models.")
    }
    let chosen = named.filter { !excluded.contains($0) }
    guard !chosen.isEmpty else { throw ValidationError("--exclude leaves no model to compare.") }
    return chosen
  }

  /// The algorithms that a list names, separated by commas.
  static func algorithms(in list: String) throws -> [Algorithm] {
    try list.split(separator: ",", omittingEmptySubsequences: false).map {
      try algorithm(named: String($0))
    }
  }

  static func algorithm(named name: String) throws -> Algorithm {
    let match = Algorithm.allCases.first { $0.rawValue.lowercased() == name.lowercased() }
    guard let match else {
      let names = Algorithm.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("There is no model \"\(name)\"; there are \(names).")
    }
    return match
  }
}
