import Templates

/// A run's report as one HTML file: no script, no network, charts inline.
///
///     let bytes = ReportPage(content).html
///
/// The same content gives the same bytes. Its parts can be made at the same time:
///
///     let page = ReportPage(content)
///     let parts = Parallelism.map(ReportPage.partCount, threads: 2) { index, _ in page.part(index) }
///     let bytes = page.html(parts)
public struct ReportPage: Sendable {
  private let content: ReportContent

  public init(_ content: ReportContent) { self.content = content }

  public var html: [UInt8] { html((0..<Self.partCount).map(part)) }

  /// How many parts there can be.
  public static var partCount: Int { sections.count }

  /// A part of the page; `nil` where the content has nothing for it.
  public func part(_ index: Int) -> PagePart? { Self.sections[index](content).map(PagePart.init) }

  /// The page around all of its parts.
  ///
  /// - Parameter parts: what `part(_:)` gives for every index.
  public func html(_ parts: [PagePart?]) -> [UInt8] {
    Page(
      title: content.title, answer: content.answer, parts: parts.compactMap { $0 },
      footer: "Made by compare-models. This file needs no network and no script; "
        + "all numbers are in the run folder."
    ).html
  }

  private static let sections: [@Sendable (ReportContent) -> PageSection?] = [
    comparison, UncertaintySection.section, CurveSection.section, ConfusionSection.section,
    CalibrationSection.section, ImportanceSection.section, TimeSection.section,
    LearningSection.section, DataSection.section, ProvenanceSection.section,
  ]

  @Sendable private static func comparison(_ content: ReportContent) -> PageSection? {
    var rows = content.models.enumerated().map { index, model in
      MetricTable.Row(name: model.name, style: SeriesStyle(index), values: model.values)
    }
    if let baseline = content.baseline {
      rows.append(
        MetricTable.Row(name: baseline.name, values: baseline.values, isBaseline: true))
    }
    let hasIntervals = content.models.contains { $0.values.contains { $0.interval != nil } }
    let table = MetricTable(
      caption: "Scores on \(NumberText.grouped(content.testRowCount)) held-out rows. "
        + "↑ larger is better, ↓ smaller is better."
        + (hasIntervals ? " Below each value its 95 % interval." : ""),
      metrics: content.metrics, rows: rows)
    return PageSection(
      id: "comparison", title: content.models.count > 1 ? "The models side by side" : "The scores",
      shortTitle: "Scores",
      content: [table.piece, explanations(content)])
  }

  private static func explanations(_ content: ReportContent) -> Piece {
    PageSection.folded(
      "What the metrics mean",
      [.facts(content.metrics.map { ($0.title, $0.explanation, nil) })])
  }
}

/// A part of a page under a heading, as HTML.
public struct PagePart: Sendable {
  fileprivate let id: String
  /// A word or two for the links on top.
  fileprivate let title: String
  fileprivate let html: String

  init(_ section: PageSection) {
    id = section.id
    title = section.shortTitle
    html = ReportTemplate.library.html(section.piece)
  }
}

/// The frame that all pages share: the answer on top, links to the parts, the parts.
struct Page {
  var title: String
  var answer: Answer
  var parts: [PagePart]
  var footer: String

  var html: [UInt8] {
    Array(
      ReportTemplate.library.html(
        Piece(
          .page,
          [
            "style": PageStyle.rules, "title": title, "answer": answer.sentence,
            "hasRemarks": !answer.remarks.isEmpty, "remarks": answer.remarks,
            "parts": parts.map { Piece(["id": $0.id, "title": $0.title, "html": $0.html]) },
            "footer": footer,
          ])
      ).utf8)
  }
}
