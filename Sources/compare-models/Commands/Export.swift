import ArgumentParser
import Comparison

/// A saved model in a form that other programs run.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a saved model as ONNX, with what proves that it predicts the same.",
    discussion: """
      The graph takes the table's columns, prepares them and predicts. Beside it come the model's answers to all rows of \
      the run's table; deploy/onnx/verify.py compares them with those of onnxruntime.

      EXAMPLES
        compare-models export runs/20261124T205313Z-42/RandomForest --to onnx
        compare-models export models --to onnx --output model.onnx --data diamonds.csv
      """)

  @Argument(help: "The folder of a saved model.", completion: .directory)
  var model: String

  @Option(help: ArgumentHelp("The form to write.", valueName: "onnx"))
  var to: ExportForm

  @Option(
    help: ArgumentHelp(
      "The file to write. (default: model.onnx in the folder of a run's model)", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The table whose rows are compared. (default: that of the model's run)", valueName: "file"))
  var data: String?

  @OptionGroup var rows: RowOptions

  @OptionGroup(title: "Work") var work: WorkOptions

  func run() throws {
    let export = try ModelExport(of: model, output: output, data: data, rows: rows.form)
    for line in try export.write(threads: work.threadCount) { work.progress.say(line) }
  }
}

extension ExportForm: ExpressibleByArgument {}
