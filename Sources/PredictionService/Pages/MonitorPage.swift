import Report

/// The page that shows how far what is asked is from what training saw.
struct MonitorPage {
  let model: ServedModel

  /// With fewer rows than this, chance alone takes the index of ten bins to some 0.05 and more.
  private static let leastRows = 200

  var markup: Markup {
    let count = model.served.rowCount
    return PageFrame.page(
      title: "Monitor", current: "/monitor", foot: model.pages.foot, wide: true,
      [
        Markup("h1", [:], "Is what is asked like what was learned from?"),
        Markup(
          "p", ["class": "lead"],
          count == 0
            ? "Nothing has been predicted since this model was taken over, \(model.since.minuteText)."
            : "\(NumberText.grouped(count)) \(count == 1 ? "row" : "rows") predicted since this model "
              + "was taken over, \(model.since.minuteText)."),
        Markup(
          "p", ["class": "note"],
          "The population stability index (PSI) compares the shares of ten parts of each feature: below "
            + "0.1 they are alike, above 0.25 they differ. Fewer than \(Self.leastRows) rows do not tell."
        ),
        legend,
        Markup(
          "div", ["class": "charts"],
          ([model.served.classDrift] + model.served.drifts).enumerated().map(figure)),
      ])
  }

  private var legend: Markup {
    Markup(
      "ul", ["class": "legend"],
      [
        Markup("li", [:], [Markup("span", ["class": "swatch training"], ""), "training"]),
        Markup("li", [:], [Markup("span", ["class": "swatch served"], ""), "served"]),
      ])
  }

  private func figure(_ number: Int, _ drift: ServedCounts.Drift) -> Markup {
    let label = model.fields.first { $0.name == drift.name }?.label ?? Self.capitalized(drift.name)
    let (word, style) = Self.verdict(drift.index, rows: model.served.rowCount)
    return Markup(
      "figure", ["class": style],
      [
        Markup(
          "figcaption", [:],
          [
            Markup("span", ["class": "name"], label),
            Markup(
              "span", ["class": "index"],
              drift.index.map { "PSI \(NumberText.fixed($0, 3)), \(word)" } ?? word),
          ]),
        chart(drift, label: label),
        table(drift, label: label),
      ])
  }

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  private static func verdict(_ index: Double?, rows: Int) -> (word: String, style: String) {
    switch index {
    case nil: ("nothing yet", "quiet")
    case .some where rows < leastRows: ("too few rows to tell", "quiet")
    case .some(..<0.1): ("alike", "alike")
    case .some(...0.25): ("somewhat different", "changed")
    case .some: ("different", "different")
    }
  }

  /// Two bars for each bin: training and served.
  private func chart(_ drift: ServedCounts.Drift, label: String) -> Markup {
    let width = 300.0
    let height = 96.0
    let largest = max(
      drift.trainingShares.max() ?? 0, drift.servedShares.max() ?? 0, 0.01)
    let binWidth = width / Double(max(1, drift.trainingShares.count))
    func bars(_ shares: [Double], _ style: String, offset: Double) -> [Markup] {
      shares.enumerated().map { bin, share in
        let barHeight = share / largest * height
        return Markup(
          "rect",
          [
            "class": style,
            "x": NumberText.coordinate((Double(bin) + offset) * binWidth),
            "y": NumberText.coordinate(height - barHeight),
            "width": NumberText.coordinate(binWidth * 0.38),
            "height": NumberText.coordinate(max(0, barHeight)),
          ])
      }
    }
    return Markup(
      "svg",
      [
        "viewBox": "0 0 300 100", "role": "img",
        "aria-label":
          "Shares of \(label) in training and as served; the table below has the numbers",
      ],
      bars(drift.trainingShares, "training", offset: 0.1)
        + bars(drift.servedShares, "served", offset: 0.52)
        + [Markup("path", ["class": "axis", "d": "M0 96.5H300"])])
  }

  private func table(_ drift: ServedCounts.Drift, label: String) -> Markup {
    Markup(
      "details", [:],
      [
        Markup("summary", [:], [Markup("span", [:], "Numbers of \(label)")]),
        Markup(
          "table", [:],
          [
            Markup(
              "thead", [:],
              [
                Markup(
                  "tr", [:],
                  ["Part", "Training", "Served"].map { Markup("th", ["scope": "col"], $0) })
              ]),
            Markup(
              "tbody", [:],
              drift.binNames.indices.map { bin in
                Markup(
                  "tr", [:],
                  [
                    Markup("th", ["scope": "row"], drift.binNames[bin]),
                    Markup("td", [:], NumberText.percent(drift.trainingShares[bin])),
                    Markup("td", [:], NumberText.percent(drift.servedShares[bin])),
                  ])
              }),
          ]),
      ])
  }
}
