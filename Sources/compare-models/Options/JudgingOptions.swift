import ArgumentParser
import Comparison
import Datasets

/// Which rows the candidates of a sweep are judged on.
struct JudgingOptions: ParsableArguments {
  @Option(help: "The share of rows to test on, above 0 and below 1.")
  var testFraction = 0.2

  @Option(
    help: ArgumentHelp(
      "Judge on this many stratified folds, at least 2, instead of one split, with encoders and scaler "
        + "fitted inside each. (default: one split)", valueName: "folds"))
  var crossValidate: Int?

  @Option(help: "How often rows are divided into folds anew.")
  var repeats = 1

  @Option(
    help: ArgumentHelp(
      "The rows that encoders and scaler learn from where a split is judged on: all, as the original "
        + "does, or training, which keeps the test rows unseen.", valueName: "all|training"))
  var fitPreprocessing = Preprocessing.FittedOn.all

  func validate() throws {
    try DivisionRules.check(testFraction: testFraction)
    try DivisionRules.check(crossValidate: crossValidate, repeats: repeats)
  }

  var judging: Judging {
    crossValidate.map { .folds(count: $0, repeats: repeats) }
      ?? .split(testFraction: testFraction)
  }
}
