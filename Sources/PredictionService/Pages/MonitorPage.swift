import Report
import Support
import Templates

/// The page that shows how far what is asked is from what training saw.
struct MonitorPage {
  let model: ServedModel

  /// With fewer rows than this, chance alone takes the index of ten bins to some 0.05 and more.
  private static let leastRows = 200

  var bytes: [UInt8] {
    let count = model.served.rowCount
    return Piece(
      .monitor,
      [
        "frame": PageFrame.piece(
          title: "Monitor", current: "/monitor", foot: model.pages.foot, isWide: true),
        "served": count == 0
          ? "Nothing has been predicted"
          : "\(NumberText.grouped(count)) \(count == 1 ? "row" : "rows") predicted",
        "since": model.since.minuteText, "leastRows": "\(Self.leastRows)",
        "drifts": ([model.served.classDrift] + model.served.drifts).map(piece),
      ]
    ).bytes
  }

  private func piece(_ drift: ServedCounts.Drift) -> Piece {
    let label = model.fields.first { $0.name == drift.name }?.label ?? Self.capitalized(drift.name)
    let (word, style) = Self.verdict(drift.index, rows: model.served.rowCount)
    return Piece([
      "label": label, "style": style,
      "index": drift.index.map { "PSI \(NumberText.fixed($0, 3)), \(word)" } ?? word,
      "bars": Self.bars(drift),
      "bins": drift.binNames.indices.map { bin in
        Piece([
          "name": drift.binNames[bin], "training": NumberText.percent(drift.trainingShares[bin]),
          "served": NumberText.percent(drift.servedShares[bin]),
        ])
      },
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
  private static func bars(_ drift: ServedCounts.Drift) -> [Piece] {
    let width = 300.0
    let height = 96.0
    let largest = max(
      drift.trainingShares.max() ?? 0, drift.servedShares.max() ?? 0, 0.01)
    let binWidth = width / Double(max(1, drift.trainingShares.count))
    func bars(_ shares: [Double], _ style: String, offset: Double) -> [Piece] {
      shares.enumerated().map { bin, share in
        let barHeight = share / largest * height
        return Piece([
          "style": style, "x": NumberText.coordinate((Double(bin) + offset) * binWidth),
          "y": NumberText.coordinate(height - barHeight),
          "width": NumberText.coordinate(binWidth * 0.38),
          "height": NumberText.coordinate(max(0, barHeight)),
        ])
      }
    }
    return bars(drift.trainingShares, "training", offset: 0.1)
      + bars(drift.servedShares, "served", offset: 0.52)
  }
}
