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
      let sentences = Findings(self, by: metric ?? .accuracy).sentences
      return table.rendered(as: .table, bold: style.isBold, width: style.width) + "\n"
        + sentences.map { Paragraph.wrapped($0, width: style.width ?? 100) + "\n" }.joined()
    case .markdown: return table.rendered(as: .markdown)
    case .csv: return table.rendered(as: .csv)
    case .json: return String(decoding: try json(), as: UTF8.self)
    }
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
      if more > 0 { text += "and \(more) more in \(folder)/\(Self.rankingName)\n" }
      if let finding {
        text += "\n" + Paragraph.wrapped(finding, width: style.width ?? 100) + "\n"
      }
      return text
    case .markdown: return rendered(as: .markdown)
    case .csv: return try file(Self.rankingName)
    case .json: return try file(Self.documentName)
    }
  }
}
