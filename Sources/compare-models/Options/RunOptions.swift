import ArgumentParser
import Comparison

/// What a run is asked for besides, and a sweep is not.
struct RunOptions: ParsableArguments {
  @Option(
    help: "The seed of the split and of every random draw, from 0 to 4294967295. (default: 42)")
  var seed: UInt32?

  @Option(
    help: ArgumentHelp(
      "Also fit each classifier on N growing parts of the training rows, and record its scores.",
      valueName: "n"))
  var learningCurve: Int?

  @Option(
    name: .customLong("cost"),
    help: ArgumentHelp(
      "What a kind of mistake costs, such as \"Silver>Gold=5\"; others cost 1. Chooses the cheapest "
        + "threshold for each model; repeatable.", valueName: "actual>predicted=cost"))
  var costs: [String] = []

  @Option(
    help: ArgumentHelp(
      "Also fit each classifier on N divisions of the rows, those of this seed and the ones after it, and "
        + "count how often each is the best.", valueName: "n"))
  var divisions: Int?

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

  func change(_ request: inout RunRequest) throws {
    request.reseed(seed ?? request.seed)
    try request.judge(learningCurve: learningCurve, divisions: divisions, rope: rope)
    try request.choose(costs: costs)
  }
}
