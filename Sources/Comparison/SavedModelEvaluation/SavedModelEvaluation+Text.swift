package import Evaluation
import SavedModels
public import Support

extension SavedModelEvaluation {
  /// The metrics that say something about the model's classes.
  package var metrics: [Metric] {
    document.metrics.values.shown(classCount: document.classes.count)
  }

  /// A metric's value, with its interval.
  package func interval(of metric: Metric) -> MetricInterval? {
    document.statistics.intervals(of: scored.name)?[metric]
  }

  /// The evaluation as it is printed; the sentences that go with a table are for people only.
  public func printed(as format: OutputFormat, style: TextStyle) throws -> String {
    switch format {
    case .table:
      return table.aligned(bold: style.isBold, width: style.width) + "\n"
        + ([answer] + remarks).map {
          Paragraph.wrapped($0, width: style.width ?? 100) + "\n"
        }.joined()
    case .markdown:
      return table.markdown + "\n" + ([answer] + remarks).map { "- \($0)\n" }.joined()
    case .csv: return csv
    case .json: return String(decoding: try files().last?.bytes ?? [], as: UTF8.self)
    }
  }

  private var table: TextTable {
    let confidence = NumberText.plain(document.statistics.confidence * 100, digits: 0)
    let header = ["Metric", "Value", "\(confidence) % interval", "In its run"]
    return TextTable(
      rows: [header.map { TextTable.Cell($0) }]
        + metrics.map { metric in
          [
            TextTable.Cell(metric.title), TextTable.Cell(document.metrics[metric]),
            TextTable.Cell(interval(of: metric)?.interval.map(\.text) ?? "–"),
            TextTable.Cell(document.model.validationMetrics[metric.rawValue]),
          ]
        })
  }

  /// Every digit, one line per metric.
  private var csv: String {
    CSVWriter.row(["metric", "value", "lower", "upper", "in_its_run"])
      + metrics.map { metric in
        let interval = interval(of: metric)?.interval
        let numbers = [
          document.metrics[metric], interval?.lower, interval?.upper,
          document.model.validationMetrics[metric.rawValue],
        ]
        return CSVWriter.row([metric.rawValue] + numbers.map { $0?.description ?? "" })
      }.joined()
  }

  /// One sentence: how the model does on these rows.
  package var answer: String {
    let rows = "\(NumberText.grouped(document.data.rows)) rows of \(document.data.file)"
    guard let accuracy = document.metrics[.accuracy] else { return "\(scored.name) on \(rows)" }
    let range = interval(of: .accuracy)?.interval.map { " (95 %: \($0.text))" } ?? ""
    return "\(scored.name) has an accuracy of \(NumberText.plain(accuracy, digits: 4)) on the "
      + "\(rows)\(range)."
  }

  /// Everything else that can be said, a sentence or two each.
  package var remarks: [String] {
    [knownRows, groups].compactMap(\.self) + baseline + gaps + [drift]
      + document.requirements.map { requirement in
        requirement.problem.map { "Not reached: \($0)." }
          ?? "Reached: \(requirement.metric.rawValue) of \(requirement.required)."
      }
  }

  /// Rows that the model learned from tell little about others.
  private var knownRows: String? {
    guard document.data.hasTrainingRows else { return nil }
    let which = model.refit == nil ? "the training rows among these" : "all of these rows"
    return
      "The model learned from \(which), since this is the file of its run: on new rows it will do worse, "
      + "as its run's test rows show."
  }

  /// Rows of one group are alike, so that intervals are too narrow.
  private var groups: String? {
    guard case .groups(let column) = model.training.split else { return nil }
    return "The model's run kept groups by \(column) whole. The intervals here take rows as "
      + "independent, and are too narrow where rows of a group are alike."
  }

  private var baseline: [String] {
    let accuracy = document.baseline.metrics[.accuracy] ?? 0
    let name = "always saying “\(document.baseline.className)”"
    let value = NumberText.plain(accuracy, digits: 4)
    guard let test = document.statistics.baseline.first else { return [] }
    if test.better < Findings.level {
      return [
        "It makes fewer mistakes than \(name), the most frequent class in training, which has an accuracy of "
          + "\(value) (McNemar's test, \(NumberText.pValue(test.better)))."
      ]
    }
    return ["Not clearly better than \(name), the most frequent class in training: \(value)."]
  }

  /// Why metrics have no value.
  private var gaps: [String] {
    metrics.compactMap { metric in
      document.metrics.confusionMatrix.gap(for: metric, classNames: document.classes).map {
        "\(metric.title) is not defined: \($0)."
      }
    }
  }

  /// Which features differ most from training.
  private var drift: String {
    guard document.data.rows >= DistributionDrift.leastRows else {
      return
        "Fewer than \(DistributionDrift.leastRows) rows are too few to tell whether they differ from "
        + "training."
    }
    let all = document.drift.features + [document.drift.actual, document.drift.predicted]
    let found = all.filter { $0.verdict == .different || $0.verdict == .changed }
      .sorted { $0.index ?? 0 > $1.index ?? 0 }
      .map { "\($0.name) \(NumberText.plain($0.index ?? 0, digits: 2))" }
    return found.isEmpty
      ? "All features and classes are distributed as in training (population stability index below "
        + "\(DistributionDrift.similarBelow))."
      : "Distributed otherwise than in training, by the population stability index: "
        + "\(found.listed(limit: 6)); above \(DistributionDrift.differentAbove) is much."
  }
}

extension Interval {
  /// Both ends, with four digits.
  var text: String {
    "\(NumberText.plain(lower, digits: 4)) to \(NumberText.plain(upper, digits: 4))"
  }
}
