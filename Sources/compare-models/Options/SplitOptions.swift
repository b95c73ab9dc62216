import ArgumentParser
import Comparison
import Datasets

/// Which rows are learnt from, and which are judged on.
struct SplitOptions: ParsableArguments {
  @Option(
    help: "The seed of the split and of every random draw, from 0 to 4294967295. (default: 42)")
  var seed: UInt32?

  @Option(help: "The fraction of rows to test on, above 0 and below 1. (default: 0.2)")
  var testFraction: Double?

  @Option(
    help: ArgumentHelp(
      "How rows are divided: random, or stable, by a hash of each row's cells. (default: random)",
      valueName: "random|stable"))
  var split: TrainTestSplit.Method?

  @Option(
    help: ArgumentHelp(
      "The rows that encoders and scaler are fitted on: all, as in the original program, or training, "
        + "which keeps the test rows unseen. (default: all)", valueName: "all|training"))
  var fitPreprocessing: Preprocessing.FittedOn?

  @Option(
    help: ArgumentHelp(
      "Also fit each classifier on N growing parts of the training rows, and record its scores.",
      valueName: "n"))
  var learningCurve: Int?

  func validate() throws {
    if let learningCurve, !(1...1000 ~= learningCurve) {
      throw ValidationError("--learning-curve must be from 1 to 1000.")
    }
    try JudgingOptions.check(testFraction: testFraction)
  }

  func change(_ request: inout RunRequest) throws {
    request.reseed(seed ?? request.seed)
    request.testFraction = testFraction ?? request.testFraction
    if let split { request.splitMethod = split == .random ? nil : split }
    request.preprocessingFit = fitPreprocessing ?? request.preprocessingFit
    request.learningCurveParts = learningCurve ?? request.learningCurveParts
  }
}

extension Preprocessing.FittedOn: ExpressibleByArgument {}
extension TrainTestSplit.Method: ExpressibleByArgument {}
