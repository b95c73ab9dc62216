import ArgumentParser
import Datasets

/// What is read, and how its columns are taken.
struct TableOptions: ParsableArguments {
  /// The table where nothing else is said.
  static let standardData = "data/diamonds.csv"

  @Option(help: "The CSV file to read.", completion: .file(extensions: ["csv"]))
  var data = Self.standardData

  @Option(help: "The column to predict. (default: cut)")
  var target: String?

  @Option(
    help: ArgumentHelp(
      "A class and the target's values that mean it, as NAME=VALUE,VALUE or NAME=* for all others; "
        + "repeat it for each class. Without it, cut becomes Gold and Silver, and another target's "
        + "own values are the classes.", valueName: "class"))
  var classes: [String] = []

  @Option(help: "A column to leave out; repeat it for each.")
  var drop: [String] = []

  @Option(help: "A column whose numbers are names; repeat it for each.")
  var categorical: [String] = []

  func validate() throws { _ = try targetRule() }

  /// The way from the table to encoded and scaled data.
  func preprocessing(fittedOn: Preprocessing.FittedOn) throws -> Preprocessing {
    Preprocessing(
      target: try targetRule(), dropping: drop, categorical: categorical, fittedOn: fittedOn)
  }

  private func targetRule() throws -> TargetRule {
    if target == nil, classes.isEmpty { return .diamonds }
    do throws(DatasetError) {
      let rules = try classes.map { text throws(DatasetError) in try ClassRule(parsing: text) }
      let rule = TargetRule(column: target ?? "cut", classes: rules)
      try rule.validate()
      return rule
    } catch {
      throw ValidationError("--classes: \(error).")
    }
  }
}
