import ArgumentParser
import Comparison
import Datasets

/// Which rows are learnt from, and which are judged on.
struct DivisionOptions: ParsableArguments {
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
        + "which keeps the test rows unseen. (default: all; inside folds always training)",
      valueName: "all|training"))
  var fitPreprocessing: Preprocessing.FittedOn?

  @Option(
    help: ArgumentHelp(
      "Evaluate on this many stratified folds, at least 2, those of scikit-learn's StratifiedKFold: in a "
        + "run besides the test rows, in a sweep instead of them. (default: no folds)",
      valueName: "folds"))
  var crossValidate: Int?

  @Option(help: "How many times the rows are divided into folds. (default: 1)")
  var repeats: Int?

  @Option(
    help: "A CSV file whose rows are tested on, and none of --data's. (default: none)",
    completion: .file(extensions: ["csv"]))
  var testData: String?

  @Option(help: ArgumentHelp("Keep rows of one group together.", valueName: "column"))
  var group: String?

  @Option(help: ArgumentHelp("Learn from earlier rows, test on later ones.", valueName: "column"))
  var time: String?

  func change(_ request: inout RunRequest) throws {
    try request.divide(
      testFraction: testFraction, method: split, fit: fitPreprocessing, folds: crossValidate,
      repeats: repeats, testData: testData, group: group, time: time)
  }
}

extension Preprocessing.FittedOn: ExpressibleByArgument {}
extension TrainTestSplit.Method: ExpressibleByArgument {}
