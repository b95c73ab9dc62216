import ArgumentParser
import Classifiers
import Datasets
import SavedModels
import Support

/// Batch scoring with a saved model.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
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
    help: ArgumentHelp("The CSV file to predict; - for standard input.", valueName: "file"))
  var data: String

  @OptionGroup var reading: ReadingOptions

  @Option(help: ArgumentHelp("The file to write. (default: standard output)", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "What is made of a category that training did not have: error, or missing, where training had missing "
        + "values in the column.", valueName: "error|missing"))
  var unknownCategory = UnknownCategory.error

  @OptionGroup(title: "Work") var work: WorkOptions

  func run() throws {
    guard let output else {
      try prediction().run(threads: work.threadCount) { try StandardOutput.write($0) }
      return
    }
    let file = AtomicFile(output)
    // Before the model is read, which may start threads: they must not get the signals.
    Interruption.install(for: CompareModels.name) {
      file.abandon()
      return "interrupted; \(output) was not written"
    }
    do {
      let prediction = try prediction()
      let count = try prediction.run(threads: work.threadCount) { try file.append($0) }
      try file.finish()
      StandardError.write("Predicted \(count) rows into \(output)")
    } catch {
      file.abandon()
      throw error
    }
  }

  private func prediction() throws -> BatchPrediction {
    var (format, mark) = (CSVFormat?.none, DecimalMark.point)
    reading.change(&format, &mark)
    return try BatchPrediction(
      of: data, with: SavedPipeline(folder: model, unknownCategory: unknownCategory),
      format: format ?? CSVFormat(), decimalMark: mark)
  }
}

extension UnknownCategory: ExpressibleByArgument {}
