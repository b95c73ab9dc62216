import ArgumentParser
import Comparison

/// Whether models are also judged on folds.
struct FoldOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Also evaluate the models on this many folds, at least 2, with encoders and scaler fitted inside "
        + "each; the folds are those of scikit-learn's StratifiedKFold. (default: no folds)",
      valueName: "folds"))
  var crossValidate: Int?

  @Option(help: "How many times the rows are divided into folds. (default: 1)")
  var repeats: Int?

  @Option(
    help: ArgumentHelp(
      "A difference in score that does not matter, for the Bayesian test on the folds. (default: 0.01 "
        + "for metrics from 0 to 1, none and no such test for others)", valueName: "difference"))
  var rope: Double?

  @Option(
    help: ArgumentHelp(
      "Resume a stopped run with the options that it began with. Options that change no result may be "
        + "added, such as --offline, --threads or --no-report.", valueName: "run-folder"),
    completion: .directory)
  var resume: String?

  func validate() throws {
    try JudgingOptions.check(crossValidate: crossValidate, repeats: repeats)
    if let rope, rope < 0 || !rope.isFinite { throw ValidationError("--rope must be 0 or more.") }
  }

  func change(_ request: inout RunRequest) throws {
    if let crossValidate {
      request.folds = RunRequest.Folds(count: crossValidate, repeats: request.folds?.repeats ?? 1)
    }
    if let repeats { request.folds?.repeats = repeats }
    request.rope = rope ?? request.rope
    for (name, isGiven) in [("--repeats", repeats ?? 1 > 1), ("--rope", rope != nil)]
    where isGiven && request.folds == nil {
      throw ValidationError("\(name) needs --cross-validate.")
    }
  }
}
