import ArgumentParser
import CometLogging
import Comparison
import Report
import Support

/// Judges a saved model on a table with labels.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judges a saved model on a table with labels.",
    discussion: """
      Predicts rows as predict does, and scores them as a run scores its test rows. A folder gets \
      evaluation.json, predictions.csv and report.html. The status is 1 where --require is not met.

      EXAMPLES
        compare-models evaluate runs/20261124T205313Z-42/RandomForest --data stones.csv
        compare-models evaluate models --data stones.csv --require f1=0.8 --require log_loss=0.3
      """)

  @Argument(help: "The folder of a saved model, or its file.", completion: .directory)
  var model: String

  @Option(
    help: ArgumentHelp("The CSV file with the rows; - for standard input.", valueName: "file"))
  var data: String

  @OptionGroup var rows: RowOptions

  @Option(help: "The column with the actual classes. (default: that of training)")
  var target: String?

  @Flag(help: "Drop rows whose label is missing.")
  var dropUnlabelled = false

  @Option(
    name: .customLong("require"),
    help: ArgumentHelp(
      "A metric that must be reached, such as f1=0.8; repeatable.", valueName: "metric=value"))
  var requirements: [PromotionRule.Limit] = []

  @Option(help: "The folder to write, new or empty. (default: runs/evaluation-<UTC time>)")
  var output: String?

  @Option(
    help: ArgumentHelp("The format of what is printed.", valueName: "table|markdown|csv|json"))
  var format = OutputFormat.table

  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Comet") var comet: CometOptions

  func run() throws {
    let folder = try SavedModelEvaluation.folder(at: output)
    let destination = try comet.destination()
    let request = EvaluationRequest(
      model: model, data: data, rows: rows.form, target: target, dropsUnlabelled: dropUnlabelled,
      requirements: requirements)
    let evaluation = try request.evaluation(threads: work.threadCount)
    let report = EvaluationReport.bytes(of: evaluation, threads: work.threadCount)
    try folder.write(evaluation, report: report)
    try evaluation.publish(
      in: folder.path, as: format, to: destination, work.progress,
      requiresComet: comet.requireComet, warn: CompareModels.warn)
    try evaluation.checkRequirements()
  }
}
