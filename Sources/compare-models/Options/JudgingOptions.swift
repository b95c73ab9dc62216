import ArgumentParser
import Comparison
import Datasets

/// Which rows the candidates of a sweep are judged on.
struct JudgingOptions: ParsableArguments {
  @Option(help: "The fraction of rows to test on, above 0 and below 1.")
  var testFraction = 0.2

  @Option(
    help: ArgumentHelp(
      "Evaluate on this many stratified folds, at least 2, instead of one train/test split, with encoders "
        + "and scaler fitted inside each. (default: one split)", valueName: "folds"))
  var crossValidate: Int?

  @Option(help: "How many times the rows are divided into folds.")
  var repeats = 1

  @Option(
    help: ArgumentHelp(
      "The rows that encoders and scaler are fitted on where there is one split: all, as in the original "
        + "program, or training, which keeps the test rows unseen.", valueName: "all|training"))
  var fitPreprocessing = Preprocessing.FittedOn.all

  func validate() throws {
    try Self.check(testFraction: testFraction)
    try Self.check(crossValidate: crossValidate, repeats: repeats)
    if repeats > 1, crossValidate == nil {
      throw ValidationError("--repeats needs --cross-validate.")
    }
  }

  static func check(testFraction: Double?) throws {
    if let testFraction, !(testFraction > 0 && testFraction < 1) {
      throw ValidationError("--test-fraction must be above 0 and below 1.")
    }
  }

  static func check(crossValidate: Int?, repeats: Int?) throws {
    if let crossValidate, !(2...1_000_000 ~= crossValidate) {
      throw ValidationError("--cross-validate must be at least 2.")
    }
    if let repeats, !(1...1_000_000 ~= repeats) {
      throw ValidationError("--repeats must be at least 1.")
    }
  }

  var judging: Judging {
    crossValidate.map { .folds(count: $0, repeats: repeats) } ?? .split(testFraction: testFraction)
  }
}
