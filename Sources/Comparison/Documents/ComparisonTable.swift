public import Evaluation
import Support

/// The models side by side, judged on the test rows and, where there are, on folds.
public struct ComparisonTable: Sendable {
  /// How the table is written.
  public enum Format: String, CaseIterable, Sendable {
    /// Aligned for people; the best value of each column is marked with `*`.
    case table
    case markdown
    case csv
  }

  private let models: [ComparisonDocument.ModelPart]
  private let baseline: ComparisonDocument.BaselinePart?
  private let statistics: SplitStatistics?
  private let folds: CrossValidationResult?
  private let metrics: [Metric]
  /// The metric that intervals and spark lines are shown of.
  private let keyMetric: Metric

  /// - Parameter sortedBy: the metric whose best value comes first; `nil` for the order of the run.
  public init(_ document: ComparisonDocument, sortedBy metric: Metric? = nil) {
    models = metric.map { Self.sorted(document.models, by: $0) } ?? document.models
    baseline = document.baseline
    statistics = document.statistics
    folds = document.crossValidation
    metrics = Metric.shown(classCount: document.data.classes.count)
    keyMetric = metric ?? .accuracy
  }

  /// Best first; models for which the metric is not defined come last.
  private static func sorted(
    _ models: [ComparisonDocument.ModelPart], by metric: Metric
  ) -> [ComparisonDocument.ModelPart] {
    func rank(_ model: ComparisonDocument.ModelPart) -> Double {
      guard let value = model.validate.values[metric] else { return .infinity }
      return metric.higherIsBetter ? -value : value
    }
    return models.enumerated().sorted {
      (rank($0.element), $0.offset) < (rank($1.element), $1.offset)
    }.map(\.element)
  }

  /// - Parameters:
  ///   - bold: whether a terminal shows best values in bold.
  ///   - width: how many characters fit on a line of the terminal; `nil` for any number.
  public func rendered(as format: Format, bold: Bool = false, width: Int? = nil) -> String {
    switch format {
    case .table: aligned(bold: bold, width: width)
    case .markdown: markdown
    case .csv: csv
    }
  }

  // MARK: For people

  private func aligned(bold: Bool, width: Int?) -> String {
    var text = TextTable(rows: splitRows(), bold: bold, width: width).rendered()
    if let folds, let rows = foldRows(folds) {
      text += "\n" + Self.title(folds) + "\n"
      text += TextTable(rows: rows, bold: bold, width: width).rendered()
    }
    return text
  }

  private var markdown: String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    func table(_ rows: [[TextTable.Cell]]) -> String {
      line(rows[0].map(\.text)) + line(rows[0].indices.map { $0 == 0 ? "---" : "---:" })
        + rows.dropFirst().map { row in
          line(row.map { $0.isBest ? "**\($0.text)**" : $0.text })
        }.joined()
    }
    var text = table(splitRows())
    if let folds, let rows = foldRows(folds) {
      text += "\n" + Self.title(folds) + "\n\n" + table(rows)
    }
    return text
  }

  private static func title(_ folds: CrossValidationResult) -> String {
    let finished = folds.models.map(\.folds.count).min() ?? 0
    let all = folds.folds * folds.repeats
    return "\(folds.folds) folds"
      + (folds.repeats > 1 ? ", \(folds.repeats) times" : "")
      + (finished < all ? ", of which at least \(finished) of \(all) are finished" : "")
      + ": mean ± deviation"
  }

  private func splitRows() -> [[TextTable.Cell]] {
    let intervalTitle = statistics.map {
      "\(NumberText.plain($0.confidence * 100, digits: 0)) % \(keyMetric.title)"
    }
    let best = metrics.map { metric in bestValue(models.map { $0.validate.values[metric] }, metric)
    }
    func row(
      _ name: String, _ values: MetricValues<Double>, marked: Bool, _ seconds: [Double?],
      _ interval: BootstrapInterval?
    ) -> [TextTable.Cell] {
      var cells = [TextTable.Cell(text: name)]
      for (metric, best) in zip(metrics, best) {
        cells.append(
          TextTable.Cell(
            text: values[metric].map { NumberText.plain($0, digits: 4) } ?? "–",
            isBest: marked && values[metric] != nil && values[metric] == best))
        guard metric == keyMetric, intervalTitle != nil else { continue }
        cells.append(TextTable.Cell(text: interval.map { Self.text($0.bca) } ?? "–"))
      }
      return cells
        + seconds.map { TextTable.Cell(text: $0.map { NumberText.plain($0, digits: 3) } ?? "–") }
    }
    var header = ["Model"]
    for metric in metrics {
      header.append(metric.title)
      if metric == keyMetric, let intervalTitle { header.append(intervalTitle) }
    }
    var rows = [(header + ["Fit (s)", "Predict (s)"]).map { TextTable.Cell(text: $0) }]
    rows += models.map { model in
      row(
        model.name, model.validate.values, marked: models.count > 1,
        [model.fitSeconds, model.predictSeconds],
        statistics?.intervals(of: model.name)?[keyMetric])
    }
    if let baseline {
      rows.append(
        row(
          "\(Baseline.name) (\(baseline.class))", baseline.validate.values, marked: false,
          [nil, nil], nil))
    }
    return rows
  }

  /// `nil` where no fold is finished.
  private func foldRows(_ folds: CrossValidationResult) -> [[TextTable.Cell]]? {
    let order = models.map(\.name)
    let models = folds.models.filter { !$0.folds.isEmpty }.sorted {
      (order.firstIndex(of: $0.name) ?? order.count)
        < (order.firstIndex(of: $1.name) ?? order.count)
    }
    let all = models.flatMap { $0.scores(keyMetric) }
    guard let low = all.min(), let high = all.max() else { return nil }
    let best = metrics.map { metric in bestValue(models.map { $0.mean[metric] }, metric) }
    var rows = [
      (["Model", "\(keyMetric.title), fold by fold"] + metrics.map(\.title)).map {
        TextTable.Cell(text: $0)
      }
    ]
    for model in models {
      rows.append(
        [
          TextTable.Cell(text: model.name),
          TextTable.Cell(text: SparkLine.text(model.scores(keyMetric), from: low, to: high)),
        ]
          + zip(metrics, best).map { metric, best in
            guard let mean = model.mean[metric], let deviation = model.deviation[metric] else {
              return TextTable.Cell(text: "–")
            }
            return TextTable.Cell(
              text:
                "\(NumberText.plain(mean, digits: 4)) ± \(NumberText.plain(deviation, digits: 4))",
              isBest: models.count > 1 && mean == best)
          })
    }
    return rows
  }

  private func bestValue(_ values: [Double?], _ metric: Metric) -> Double? {
    let known = values.compactMap { $0 }
    return metric.higherIsBetter ? known.max() : known.min()
  }

  private static func text(_ interval: Interval) -> String {
    "\(NumberText.plain(interval.lower, digits: 4)) to \(NumberText.plain(interval.upper, digits: 4))"
  }

  // MARK: For programs

  /// Every digit, one line per model; columns for the folds where there are.
  private var csv: String {
    var keys = ["model"] + metrics.map(\.rawValue) + ["fit_seconds", "predict_seconds"]
    if folds != nil {
      keys += metrics.flatMap { ["folds_\($0.rawValue)_mean", "folds_\($0.rawValue)_deviation"] }
    }
    var text = CSVWriter.row(keys)
    func line(
      _ name: String, _ values: MetricValues<Double>, _ seconds: [Double?], _ folds: ModelFolds?
    ) {
      var cells = metrics.map { values[$0] } + seconds
      if self.folds != nil {
        cells += metrics.flatMap { [folds?.mean[$0], folds?.deviation[$0]] }
      }
      text += CSVWriter.row([name] + cells.map { $0?.description ?? "" })
    }
    for model in models {
      line(
        model.name, model.validate.values, [model.fitSeconds, model.predictSeconds],
        folds?.models.first { $0.name == model.name })
    }
    if let baseline { line(Baseline.name, baseline.validate.values, [nil, nil], nil) }
    return text
  }
}
