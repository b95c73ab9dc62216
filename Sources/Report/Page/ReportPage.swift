import HTML
import LinearAlgebra
import Support

/// A run's report as one HTML file: no script, no network, charts inline.
///
/// The same content gives the same bytes. A section is a function from the content to a `PageSection`,
/// listed in `sections`.
struct ReportPage: Sendable {
  let content: ReportContent

  init(_ content: ReportContent) { self.content = content }

  var html: [UInt8] { html(threads: 1) }

  func html(threads: Int) -> [UInt8] {
    // From the end on, where the largest section is.
    let sections = Parallelism.map(Self.sections.count, threads: threads) { index, _ in
      Self.sections[Self.sections.count - 1 - index](content)
    }
    return page(
      title: content.title, answer: content.answer,
      sections: sections.reversed().compactMap { $0 },
      note: "Made by compare-models. This file needs no network and no script; "
        + "all numbers are in the run folder.")
  }

  private static let sections: [@Sendable (ReportContent) -> PageSection?] = [
    comparison, UncertaintySection.section, CostSection.section, CurveSection.section,
    ConfusionSection.section, CalibrationSection.section, DriftSection.section,
    ImportanceSection.section, CoefficientSection.section, TimeSection.section,
    LearningSection.section, LossSection.section,
    DataFindingSection.section, DataSection.section, ProvenanceSection.section,
  ]

  @Sendable private static func comparison(_ content: ReportContent) -> PageSection? {
    var rows = content.models.map {
      MetricTable.Row(name: $0.name, style: $0.style, values: $0.values)
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
      positiveClass: content.positiveClass, metrics: content.metrics, rows: rows)
    return PageSection(
      id: "comparison", title: content.models.count > 1 ? "The models side by side" : "The scores",
      shortTitle: "Scores"
    ) {
      table.html
      folded("What the metrics mean") {
        facts(
          content.metrics.map {
            ($0.title, HTML($0.explanation(positive: content.positiveClass)))
          })
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
