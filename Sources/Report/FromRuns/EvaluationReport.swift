public import Comparison
import Evaluation
import LinearAlgebra
import Support

/// The page of a saved model's evaluation.
public enum EvaluationReport {
  /// - Parameter threads: how many threads may work; it never changes the result.
  public static func bytes(of evaluation: SavedModelEvaluation, threads: Int) -> [UInt8] {
    ReportPage(ReportContent(of: evaluation)).html(threads: threads)
  }
}

extension ReportContent {
  init(of evaluation: SavedModelEvaluation) {
    let (document, metrics) = (evaluation.document, evaluation.metrics)
    let names = document.classes
    self.init(
      title: (names.count == 2 ? "\(names[0]) or \(names[1])?" : "\(names.count) classes:")
        + " \(evaluation.scored.name) on \(document.data.file)",
      answer: Answer(sentence: evaluation.answer, remarks: evaluation.remarks),
      ranking: .accuracy, classNames: names, featureNames: evaluation.model.featureNames,
      metrics: metrics, models: [ModelContent(of: evaluation)],
      baseline: (
        "Always \(document.baseline.className)",
        metrics.map { MetricValue(document.baseline.metrics[$0]) }
      ), testRowCount: document.data.rows, statistics: document.statistics,
      droppedRowCount: document.data.droppedRows,
      drift: [document.drift.actual, document.drift.predicted] + document.drift.features,
      command: ShellCommand.text(evaluation.request.command),
      facts: [
        ("Table", document.data.file), ("SHA-256 of the table", document.data.sha256),
        ("SHA-256 of the model's file", document.model.sha256),
        ("Learned from", document.model.trainingFile),
        ("SHA-256 of that", document.model.trainingSHA256),
        ("Version of the program that made the model", document.model.programVersion),
      ] + document.versions.sorted { $0.key < $1.key }.map { ("Version of \($0.key)", $0.value) })
  }
}

extension ModelContent {
  fileprivate init(of evaluation: SavedModelEvaluation) {
    let (document, scored) = (evaluation.document, evaluation.scored)
    self.init(
      name: scored.name, style: SeriesStyle(0),
      values: evaluation.metrics.map {
        MetricValue(document.metrics[$0], evaluation.interval(of: $0))
      },
      hyperparameters: evaluation.model.hyperparameters.map { ($0.name, $0.value.description) },
      confusion: document.metrics.confusionMatrix.counts)
    add(scored.predictions, classNames: scored.classNames)
  }
}
