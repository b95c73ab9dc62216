public import Evaluation
import Support

/// The models side by side, judged on the test rows and, where there are, on folds.
public struct ComparisonTable: Sendable {
  private let models: [ComparisonDocument.ModelPart]
  private let baseline: Baseline?
  private let statistics: SplitStatistics?
  private let folds: CrossValidationResult?
  private let divisions: RepeatedSplitsResult?
  private let metrics: [Metric]
  /// Whose precision and recall it shows.
  private let caption: String
  /// The metric that intervals and spark lines are shown of.
  private let keyMetric: Metric

  /// - Parameter sortedBy: the metric whose best value comes first; `nil` for the order of the run.
  public init(_ document: ComparisonDocument, sortedBy metric: Metric? = nil) {
    models = metric.map { document.ranking(by: $0).map { document.models[$0] } } ?? document.models
    baseline = document.baseline
    statistics = document.statistics
    folds = document.crossValidation
    divisions = document.repeatedSplits
    metrics = document.metrics
    caption = ClassCaption.text(document.data.classes)
    keyMetric = metric ?? .accuracy
  }

  /// - Parameters:
  ///   - bold: whether a terminal shows best values in bold.
  ///   - width: how many characters fit on a line of the terminal; `nil` for any number.
  public func rendered(as format: TableFormat, bold: Bool = false, width: Int? = nil) -> String {
    let table = TextTable(rows: splitRows())
    let others = [
      folds.flatMap { folds in foldRows(folds).map { (Self.title(folds), TextTable(rows: $0)) } },
      divisions.flatMap { divisions in
        divisionRows(divisions).map { (Self.title(divisions), TextTable(rows: $0)) }
      },
    ].compactMap { $0 }
    switch format {
    case .table:
      return table.aligned(bold: bold, width: width)
        + Paragraph.wrapped(caption, width: width ?? 100) + "\n"
        + others.map { "\n\(SafeText.line($0))\n" + $1.aligned(bold: bold, width: width) }.joined()
    case .markdown:
      return table.markdown + "\n\(caption)\n"
        + others.map { "\n\(SafeText.line($0))\n\n" + $1.markdown }.joined()
    case .csv: return csv
    }
  }

  private static func title(_ divisions: RepeatedSplitsResult) -> String {
    let finished = divisions.models.map(\.divisions.count).min() ?? 0
    return "\(divisions.count) divisions of the rows"
      + (finished < divisions.count ? ", of which \(finished) are finished" : "")
      + ": how often a model is the best, and mean ± standard deviation"
  }

  /// `nil` where no division is finished.
  private func divisionRows(_ divisions: RepeatedSplitsResult) -> [[TextTable.Cell]]? {
    let models = models.compactMap { model in
      divisions.models.first { $0.name == model.name && $0.wins[keyMetric] != nil }
    }
    guard !models.isEmpty else { return nil }
    let most = models.compactMap { $0.wins[keyMetric]?.best }.max()
    let best = metrics.map { metric in metric.best(models.map { $0.mean[metric] }) }
    let header = ["Model", "Best \(keyMetric.title)", "Within \(divisions.margin)"]
    return [(header + metrics.map(\.title)).map { TextTable.Cell($0) }]
      + models.map { model in
        let wins = model.wins[keyMetric]
        return [
          TextTable.Cell(model.name),
          TextTable.Cell(
            wins.map { "\($0.best) of \($0.divisions)" } ?? "–",
            isBest: models.count > 1 && wins?.best == most),
          TextTable.Cell(wins.map { "\($0.near)" } ?? "–"),
        ]
          + zip(metrics, best).map { metric, best in
            TextTable.Cell(
              model.mean[metric], spread: model.deviation[metric],
              isBest: models.count > 1 && model.mean[metric] == best)
          }
      }
  }

  private static func title(_ folds: CrossValidationResult) -> String {
    let finished = folds.models.map(\.folds.count).min() ?? 0
    let all = folds.folds.multipliedReportingOverflow(by: folds.repeats).partialValue
    return "\(folds.folds) folds"
      + (folds.repeats > 1 ? ", \(folds.repeats) times" : "")
      + (finished < all ? ", of which at least \(finished) of \(all) are finished" : "")
      + (folds.time.map { " in the order of \($0): mean" } ?? ": mean ± reach of its 95 % interval")
  }

  private func splitRows() -> [[TextTable.Cell]] {
    let intervalTitle = statistics.map {
      "\(NumberText.plain($0.confidence * 100, digits: 0)) % \(keyMetric.title)"
    }
    let best = metrics.map { metric in metric.best(models.map { $0.validate.values[metric] }) }
    func row(
      _ name: String, _ values: MetricValues<Double>, marked: Bool, _ seconds: [Double?],
      _ interval: Interval?
    ) -> [TextTable.Cell] {
      var cells = [TextTable.Cell(name)]
      for (metric, best) in zip(metrics, best) {
        cells.append(TextTable.Cell(values[metric], isBest: marked && values[metric] == best))
        guard metric == keyMetric, intervalTitle != nil else { continue }
        cells.append(TextTable.Cell(interval.map(\.text) ?? "–"))
      }
      return cells + seconds.map { TextTable.Cell($0, digits: 3) }
    }
    var header = ["Model"]
    for metric in metrics {
      header.append(metric.title)
      if metric == keyMetric, let intervalTitle { header.append(intervalTitle) }
    }
    var rows = [(header + ["Fit (s)", "Predict (s)"]).map { TextTable.Cell($0) }]
    rows += models.map { model in
      row(
        model.name, model.validate.values, marked: models.count > 1,
        [model.fitSeconds, model.predictSeconds],
        statistics?.intervals(of: model.name)?[keyMetric]?.interval)
    }
    if let baseline {
      rows.append(
        row(
          "\(Baseline.name) (\(baseline.className))", baseline.validation.values, marked: false,
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
    let best = metrics.map { metric in metric.best(models.map { $0.mean[metric] }) }
    let header = ["Model", "\(keyMetric.title), fold by fold"] + metrics.map(\.title)
    return [header.map { TextTable.Cell($0) }]
      + models.map { model in
        [
          TextTable.Cell(model.name),
          TextTable.Cell(SparkLine.text(model.scores(keyMetric), from: low, to: high)),
        ]
          + zip(metrics, best).map { metric, best in
            TextTable.Cell(
              model.mean[metric], spread: model.interval[metric].map { $0.width / 2 },
              isBest: models.count > 1 && model.mean[metric] == best)
          }
      }
  }

  /// Every digit, one line per model; columns for the folds and divisions where there are.
  private var csv: String {
    var keys = ["model"] + metrics.map(\.rawValue) + ["fit_seconds", "predict_seconds"]
    if folds != nil {
      keys += metrics.flatMap { ["folds_\($0.rawValue)_mean", "folds_\($0.rawValue)_deviation"] }
    }
    if divisions != nil {
      keys += metrics.flatMap { metric in
        ["mean", "deviation", "best", "near"].map { "divisions_\(metric.rawValue)_\($0)" }
      }
    }
    var text = CSVWriter.row(keys)
    for model in models {
      text += line(
        model.name, model.validate.values, [model.fitSeconds, model.predictSeconds],
        folds?.models.first { $0.name == model.name },
        divisions?.models.first { $0.name == model.name })
    }
    if let baseline {
      text += line(Baseline.name, baseline.validation.values, [nil, nil], nil, nil)
    }
    return text
  }

  private func line(
    _ name: String, _ values: MetricValues<Double>, _ seconds: [Double?], _ folds: ModelFolds?,
    _ divisions: ModelDivisions?
  ) -> String {
    var cells = (metrics.map { values[$0] } + seconds).map { $0?.description }
    if self.folds != nil {
      cells += metrics.flatMap { metric in
        [folds?.mean[metric], folds?.deviation[metric]].map { $0?.description }
      }
    }
    if self.divisions != nil {
      cells += metrics.flatMap { metric in
        [divisions?.mean[metric], divisions?.deviation[metric]].map { $0?.description }
          + [divisions?.wins[metric]?.best, divisions?.wins[metric]?.near].map { $0?.description }
      }
    }
    return CSVWriter.row([name] + cells.map { $0 ?? "" })
  }
}
