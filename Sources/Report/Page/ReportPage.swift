import HTML
import Support

/// A run's report as one HTML file: no script, no network, charts inline.
///
///     let bytes = ReportPage(content).html
///
/// The same content gives the same bytes. Its parts can be made at the same time:
///
///     let page = ReportPage(content)
///     let parts = Parallelism.map(ReportPage.partCount, threads: 2) { index, _ in page.part(index) }
///     let bytes = page.html(parts)
///
/// A section is a function from the content to a `PageSection`, listed in `sections`.
public struct ReportPage: Sendable {
  private let content: ReportContent

  public init(_ content: ReportContent) { self.content = content }

  public var html: [UInt8] { html((0..<Self.partCount).map(part)) }

  /// How many parts there can be.
  public static var partCount: Int { sections.count }

  /// A part of the page, rendered; `nil` where the content has nothing for it.
  public func part(_ index: Int) -> PageSection? { Self.sections[index](content) }

  /// The page around all of its parts.
  ///
  /// - Parameter parts: what `part(_:)` gives for every index.
  public func html(_ parts: [PageSection?]) -> [UInt8] {
    page(
      title: content.title, answer: content.answer, sections: parts.compactMap { $0 },
      note: "Made by compare-models. This file needs no network and no script; "
        + "all numbers are in the run folder.")
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
      caption: "Scores on \(NumberText.grouped(content.testRowCount)) test rows. "
        + "↑ larger is better, ↓ smaller is better."
        + (hasIntervals ? " Below each value is its 95 % interval." : ""),
      metrics: content.metrics, rows: rows)
    return PageSection(
      id: "comparison", title: content.models.count > 1 ? "The models side by side" : "The scores",
      shortTitle: "Scores"
    ) {
      table.html
      folded("What the metrics mean") {
        facts(content.metrics.map { ($0.title, HTML($0.explanation)) })
      }
    }
  }
}

/// The frame that all pages share: the answer on top, links to the sections, the sections.
func page(title words: String, answer: Answer, sections: [PageSection], note: String) -> [UInt8] {
  HTML {
    HTML(markup: "<!DOCTYPE html>\n")
    html(.lang("en")) {
      head {
        meta(.charset("utf-8"))
        meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
        // Nothing may be loaded, whatever a name in the data tries. As markup, so that its quotes stay.
        HTML(
          markup: """
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
            style-src 'unsafe-inline'"/>
            """)
        title { words }
        style { HTML(markup: PageStyle.rules) }
      }
      body {
        div(.class("page")) {
          header {
            h1 { words }
            p(.class("answer")) { answer.sentence }
            if !answer.remarks.isEmpty {
              ul(.class("remarks")) { for remark in answer.remarks { li { remark } } }
            }
            nav(.ariaLabel("Sections")) {
              ul {
                for section in sections {
                  li { a(.href("#" + section.id)) { section.shortTitle } }
                }
              }
            }
          }
          main { sections.map(\.html) }
          footer { p { note } }
        }
      }
    }
  }.bytes
}
