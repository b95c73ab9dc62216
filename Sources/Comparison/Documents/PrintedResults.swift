public import Evaluation
public import Support

/// How results are printed.
public enum OutputFormat: String, CaseIterable, Sendable {
  case table
  case markdown
  case csv
  case json
}

extension ComparisonDocument {
  /// The comparison as it is printed; the sentences that go with a table are for people only.
  public func printed(
    as format: OutputFormat, sortedBy metric: Metric?, style: TextStyle
  ) throws -> String {
    let table = ComparisonTable(self, sortedBy: metric)
    switch format {
    case .table:
      let sentences = Findings(self, by: metric ?? usualMetric).sentences
      return table.rendered(as: .table, bold: style.isBold, width: style.width) + "\n"
        + sentences.map { Paragraph.wrapped($0, width: style.width ?? 100) + "\n" }.joined()
    case .markdown: return table.rendered(as: .markdown)
    case .csv: return table.rendered(as: .csv)
    case .json: return String(decoding: try json(), as: UTF8.self)
    }
  }
}

extension ComparisonDocument {
  /// Prints the comparison, and says what was skipped and where the results are.
  ///
  /// - Parameter folder: the run's folder, with its files.
  /// - Returns: what was printed.
  public func publish(
    in folder: String, as format: OutputFormat, sortedBy metric: Metric?,
    _ progress: ProgressDisplay
  ) throws -> String {
    let printed = try printed(as: format, sortedBy: metric, style: .standardOutput)
    try StandardOutput.write(printed)
    for line in leftOut ?? [] { progress.say("Skipped, time budget used up: \(line)") }
    progress.say("Results are in \(folder)")
    return printed
  }
}

extension RunDifferences {
  /// The runs as they are printed, below a verdict where there is one; as CSV the table alone.
  public func printed(as format: TableFormat, verdict: RunVerdict?, style: TextStyle) -> String {
    let table = rendered(
      as: format, bold: style.isBold, width: format == .table ? style.width : nil)
    guard format != .csv else { return table }
    let isMarkdown = format == .markdown
    let sentence = verdict.map {
      isMarkdown ? "**\(SafeText.line($0.text))**" : Self.wrapped($0.text, style)
    }
    let list = conditions.map { (isMarkdown ? "- " : "") + SafeText.line($0) }
      .joined(separator: "\n")
    return [sentence ?? "", list].filter { !$0.isEmpty }.map { $0 + "\n\n" }.joined() + table
      + (caption.map { (isMarkdown ? "\n" : "") + $0 + "\n" } ?? "")
  }

  private static func wrapped(_ text: String, _ style: TextStyle) -> String {
    Paragraph.wrapped(text, width: style.width ?? 100)
  }
}

extension ComparisonDocument {
  public static let metricsFileName = "metrics.txt"

  /// The metrics on the test rows in the OpenMetrics format, such as a merge request of GitLab's shows
  /// beside those of the branch that it goes to; metrics that are not defined are left out.
  public var openMetrics: String {
    var text = MetricsText()
    for metric in metrics {
      let known = models.compactMap { model in
        model.validate.values[metric].map { (model.name, $0) }
      }
      if known.isEmpty { continue }
      text.family("compare_models_\(metric.rawValue)", .gauge, "\(metric.title) on the test rows.")
      for (name, value) in known { text.sample(["model": name], value) }
    }
    return text.text + "# EOF\n"
  }
}

extension SweepResults {
  /// How many candidates a table shows of a long ranking.
  private static let shown = 40

  /// The ranking's table as it is logged.
  public var table: String { rendered(as: .table, limit: Self.shown) }

  /// The ranking as it is printed.
  ///
  /// - Parameter folder: the sweep's folder, with its files.
  public func printed(
    as format: OutputFormat, in folder: String, style: TextStyle
  ) throws -> String {
    func file(_ name: String) throws -> String {
      String(decoding: try Files.read("\(folder)/\(name)"), as: UTF8.self)
    }
    switch format {
    case .table:
      var text = rendered(
        as: .table, limit: Self.shown, bold: style.isBold, width: style.width)
      let more = ranking.count - Self.shown
      text += ClassCaption.text(plan.data.classes) + "\n"
      if more > 0 {
        text += SafeText.line("and \(more) more in \(folder)/\(Self.rankingName)") + "\n"
      }
      if let finding {
        text += "\n" + Paragraph.wrapped(finding, width: style.width ?? 100) + "\n"
      }
      return text
    case .markdown:
      return rendered(as: .markdown) + (nestedFinding.map { "\n\($0)\n" } ?? "")
    case .csv: return try file(Self.rankingName)
    case .json: return try file(Self.documentName)
    }
  }
}
