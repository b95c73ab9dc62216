/// A run's report as one HTML file: no script, no network, charts inline.
///
///     let bytes = ReportPage(content).html
///
/// The same content gives the same bytes.
public struct ReportPage: Sendable {
  private let content: ReportContent

  public init(_ content: ReportContent) { self.content = content }

  public var html: [UInt8] {
    Page(
      title: content.title, answer: content.answer, sections: sections,
      footer: "Made by compare-models. This file needs no network and no script; "
        + "all numbers are in the run folder."
    ).markup.renderedPage
  }

  private var sections: [PageSection] {
    [
      comparison, UncertaintySection.section(content), CurveSection.section(content),
      ConfusionSection.section(content), CalibrationSection.section(content),
      ImportanceSection.section(content), TimeSection.section(content),
      LearningSection.section(content), DataSection.section(content),
      ProvenanceSection.section(content),
    ].compactMap { $0 }
  }

  private var comparison: PageSection {
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
      content: table.markup + [explanations])
  }

  private var explanations: Markup {
    PageSection.folded(
      "What the metrics mean",
      [
        Markup(
          "dl", ["class": "facts"],
          content.metrics.flatMap {
            [Markup("dt", [:], $0.title), Markup("dd", [:], $0.explanation)]
          })
      ])
  }
}

/// The frame that all pages share: the answer on top, links to the sections, the sections.
struct Page {
  var title: String
  var answer: Answer
  var sections: [PageSection]
  var footer: String

  var markup: Markup {
    let head = Markup(
      "head", [:],
      [
        Markup("meta", ["charset": "utf-8"]),
        Markup("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        // Nothing may be loaded, whatever a name in the data tries.
        Markup(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; style-src 'unsafe-inline'",
          ]),
        Markup("title", [:], title), .stylesheet(PageStyle.rules),
      ])
    let links = Markup(
      "nav", ["aria-label": "Sections"],
      [
        Markup(
          "ul", [:],
          sections.map { section in
            Markup("li", [:], [Markup("a", ["href": "#" + section.id], section.shortTitle)])
          })
      ])
    let header = Markup(
      "header", [:],
      [Markup("h1", [:], title), Markup("p", ["class": "answer"], answer.sentence)]
        + (answer.remarks.isEmpty
          ? []
          : [
            Markup("ul", ["class": "remarks"], answer.remarks.map { Markup("li", [:], $0) })
          ]) + [links])
    return Markup(
      "html", ["lang": "en"],
      [
        head,
        Markup(
          "body", [:],
          [
            Markup(
              "div", ["class": "page"],
              [
                header, Markup("main", [:], sections.map(\.markup)),
                Markup("footer", [:], [Markup("p", [:], footer)]),
              ])
          ]),
      ])
  }
}
