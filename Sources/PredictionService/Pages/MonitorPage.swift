import HTML
import SavedModels
import Support

/// The page that shows how much the requests differ from the training data.
struct MonitorPage {
  let model: ServedModel

  var html: HTML {
    let count = model.driftCounters.rowCount
    let served =
      count == 0
      ? "No rows predicted"
      : "\(NumberText.grouped(count)) \(count == 1 ? "row" : "rows") predicted"
    return page(title: "Monitor", current: "/monitor", model.pages.frame, isWide: true) {
      h1 { "Do requests look like the training data?" }
      p(.class("lead")) { "\(served) since this model was loaded, \(model.since.minuteText)." }
      p(.class("note")) {
        "The population stability index (PSI) compares the distribution of each feature over ten bins: "
        "below 0.1 they are similar, above 0.25 they differ. "
        "Fewer than \(DistributionDrift.leastRows) rows are too few to tell."
      }
      ul(.class("legend")) {
        for part in ["training", "served"] {
          li {
            span(.class("swatch " + part)) {}
            part
          }
        }
      }
      div(.class("charts")) {
        ([model.driftCounters.classDrift] + model.driftCounters.drifts).map(chart)
      }
    }
  }

  private func chart(_ drift: DistributionDrift) -> HTML {
    let name =
      model.fields.first { $0.name == drift.name }?.label
      ?? drift.name.prefix(1).uppercased() + drift.name.dropFirst()
    let word = drift.verdict.rawValue
    return figure(.class(Self.style(of: drift.verdict))) {
      figcaption {
        span(.class("name")) { name }
        span(.class("index")) {
          drift.index.map { "PSI \(NumberText.fixed($0, 3)), \(word)" } ?? word
        }
      }
      svg(
        .viewBox(width: 300, height: 100), .role("img"),
        .ariaLabel(
          "Shares of \(name) in training and as served; the table below has the numbers")
      ) {
        bars(drift)
        path(.class("axis"), .d("M0 96.5H300"))
      }
      details {
        summary { span { "Numbers of \(name)" } }
        headedTable(
          ["Bin", "Training", "Served"],
          drift.binNames.indices.map { bin in
            (
              HTML(drift.binNames[bin]),
              [drift.trainingShares[bin], drift.shares[bin]].map { NumberText.percent($0) }
            )
          })
      }
    }
  }

  private static func style(of verdict: DistributionDrift.Verdict) -> String {
    switch verdict {
    case .noRows, .tooFewRows: "quiet"
    case .similar: "alike"
    case .changed: "changed"
    case .different: "different"
    }
  }

  /// Two bars for each bin: training and served.
  @HTMLBuilder private func bars(_ drift: DistributionDrift) -> HTML {
    let largest = max(drift.trainingShares.max() ?? 0, drift.shares.max() ?? 0, 0.01)
    let binWidth = 300 / Double(max(1, drift.trainingShares.count))
    for (style, shares, offset) in [
      ("training", drift.trainingShares, 0.1), ("served", drift.shares, 0.52),
    ] {
      for (bin, share) in shares.enumerated() {
        let length = share / largest * 96
        rect(
          .class(style), .x((Double(bin) + offset) * binWidth), .y(96 - length),
          .width(binWidth * 0.38), .height(max(0, length)))
      }
    }
  }
}
