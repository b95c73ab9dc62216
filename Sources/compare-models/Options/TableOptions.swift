import ArgumentParser
import Comparison
import Datasets

/// What is read, and how its columns are taken.
struct TableOptions: ParsableArguments {
  @Option(
    help: "The CSV file to read. (default: data/diamonds.csv)",
    completion: .file(extensions: ["csv"]))
  var data: String?

  @Option(help: "The column to predict. (default: cut)")
  var target: String?

  @Option(
    help: ArgumentHelp(
      "A class and the target's values that belong to it, as NAME=VALUE,VALUE, or NAME=* for all other "
        + "values; repeat it for each class. (default: Gold and Silver for cut, each value a class for "
        + "another target)", valueName: "class"))
  var classes: [String] = []

  @Option(help: "A column to drop; repeat it for each.")
  var drop: [String] = []

  @Option(help: "A column of numbers to treat as categories; repeat it for each.")
  var categorical: [String] = []

  func validate() throws { _ = try request() }

  /// - Parameter keepsClasses: whether a target without classes keeps those that it has.
  func change(_ request: inout RunRequest, keepsClasses: Bool = false) throws {
    request.data = data ?? request.data
    if !drop.isEmpty { request.dropped = drop }
    if !categorical.isEmpty { request.categorical = categorical }
    guard target != nil || !classes.isEmpty else { return }
    do throws(DatasetError) {
      let rules = try classes.map { text throws(DatasetError) in try ClassRule(parsing: text) }
      let column = target ?? request.target.column
      if rules.isEmpty, keepsClasses, column == request.target.column { return }
      request.target = TargetRule(column: column, classes: rules)
      try request.target.validate()
    } catch {
      throw ValidationError("--classes: \(error).")
    }
  }

  /// The request that only these options change.
  func request() throws -> RunRequest {
    var request = RunRequest.standard
    try change(&request)
    return request
  }
}
