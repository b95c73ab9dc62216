import Templates

/// A row of marks for each model, one mark a fold, with the mean and the deviation above them.
public struct FoldChart: Chart {
  public struct Row: Sendable {
    public var name: String
    public var style: SeriesStyle
    public var scores: [Double]
    public var mean: Double
    public var deviation: Double

    public init(
      _ name: String, style: SeriesStyle, scores: [Double], mean: Double, deviation: Double
    ) {
      self.name = name
      self.style = style
      self.scores = scores
      self.mean = mean
      self.deviation = deviation
    }
  }

  public var title: String
  public var summary: String
  public var axisTitle: String
  public var rows: [Row]
  public var width: Double

  public init(
    title: String, summary: String, axisTitle: String, rows: [Row], width: Double = 440
  ) {
    self.title = title
    self.summary = summary
    self.axisTitle = axisTitle
    self.rows = rows
    self.width = width
  }

  private static let rowHeight = 40.0

  public var size: (width: Double, height: Double) {
    (width, Double(rows.count) * Self.rowHeight + 50)
  }

  public var parts: [Piece] {
    let c = NumberText.coordinate
    let limit = width * 0.36
    let left = min(limit, rows.map { TextFit.width($0.name, size: 12) }.max() ?? 0) + 16
    let numbers = rows.flatMap { $0.scores + [$0.mean - $0.deviation, $0.mean + $0.deviation] }
      .filter(\.isFinite)
    let domain = Ticks.niceDomain((numbers.min() ?? 0)...(numbers.max() ?? 1), count: 4)
    let scale = Scale(domain: domain, range: (left, width - 18))
    let bottom = Double(rows.count) * Self.rowHeight + 4
    let ticks = Ticks(over: domain, count: 4)
    let grid = ticks.values.map { "M\(c(scale.position($0))) 2V\(c(bottom))" }.joined()
    var parts: [Piece] = [.stroke(grid, classes: "grid")]
    for (index, row) in rows.enumerated() {
      let middle = (Double(index) + 0.5) * Self.rowHeight + 2
      parts.append(
        .label(
          TextFit.shortened(row.name, width: limit, size: 12), x: left - 10, y: middle + 4,
          anchor: "end", classes: "name"))
      let (low, high) = (
        c(scale.position(row.mean - row.deviation)), c(scale.position(row.mean + row.deviation))
      )
      let bar = c(middle - 9)
      parts.append(
        .stroke(
          "M\(low) \(bar)H\(high)M\(c(scale.position(row.mean))) \(c(middle - 14))v10",
          classes: "\(row.style.colorClass) line"))
      for score in row.scores where score.isFinite {
        parts.append(row.style.marker(x: scale.position(score), y: middle + 7, radius: 3.6))
      }
    }
    parts.append(.stroke("M\(c(left)) \(c(bottom))H\(c(width - 18))", classes: "axis"))
    for (value, label) in zip(ticks.values, ticks.labels) {
      parts.append(.label(label, x: scale.position(value), y: bottom + 16, anchor: "middle"))
    }
    parts.append(
      .axisTitle(axisTitle, center: (left + width - 18) / 2, y: bottom + 36, width: width))
    return parts
  }
}
