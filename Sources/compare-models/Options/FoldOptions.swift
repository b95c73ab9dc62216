import ArgumentParser
import Comparison

/// Whether models are also judged on folds.
struct FoldOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Also judge the models on this many folds, at least 2, with encoders and scaler fitted inside "
        + "each; the folds are those of scikit-learn's StratifiedKFold. (default: no folds)",
      valueName: "folds"))
  var crossValidate: Int?

  @Option(help: "How often rows are divided into folds anew.")
  var repeats = 1

  @Option(
    help: ArgumentHelp(
      "Go on with a stopped run on folds. With no other options, those that it began with are taken; "
        + "options or data that differ from them are refused.", valueName: "run-folder"),
    completion: .directory)
  var resume: String?

  func validate() throws {
    try DivisionRules.check(crossValidate: crossValidate, repeats: repeats)
  }

  func folds(seed: UInt32) -> StratifiedFolds? {
    crossValidate.map { StratifiedFolds(count: $0, repeats: repeats, seed: seed) }
  }
}
