import ArgumentParser
import SavedModels
import Support

/// Batch scoring with a saved model.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predicts the rows of a CSV file with a saved model.",
    discussion: """
      Each row is written as it was read, followed by the predicted class and the probability of each \
      class. Columns are found by name; columns that the model does not use are copied. The file may be \
      of any size.

      EXAMPLES
        compare-models predict --model runs/20261124T205313Z-42/RandomForest --data stones.csv
        compare-models predict --model models --data stones.csv --output predicted.csv
      """)

  @Option(
    help: ArgumentHelp(
      "The folder of a saved model: a model's folder in a run folder, or one that was fetched.",
      valueName: "folder"))
  var model: String

  @Option(
    help: ArgumentHelp("The CSV file with the rows; - for standard input.", valueName: "file"))
  var data: String

  @OptionGroup var rows: RowOptions

  @Option(help: ArgumentHelp("The file to write. (default: standard output)", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "What is made of a row that cannot be predicted: fail, or skip, which writes it with its line and the reason "
        + "to a file beside the output, such as predicted.errors.csv.", valueName: "fail|skip"))
  var onError = RowErrorPolicy.fail

  @OptionGroup(title: "Work") var work: WorkOptions

  func validate() throws { _ = try PredictionFiles(output, onError: onError) }

  func run() throws {
    guard let files = try PredictionFiles(output, onError: onError) else {
      try prediction().run(threads: work.threadCount) { try StandardOutput.write($0) }
      return
    }
    // Before the model is read, which may start threads: they must not get the signals.
    Interruption.install(for: CompareModels.name) { files.interruption() }
    StandardError.write(try files.write(prediction(), threads: work.threadCount))
  }

  private func prediction() throws -> BatchPrediction {
    try BatchPrediction(with: model, of: data, rows.form)
  }
}

extension RowErrorPolicy: ExpressibleByArgument {}
