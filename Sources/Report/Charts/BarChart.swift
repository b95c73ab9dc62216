import Templates

/// Horizontal bars, one for each name, with its value written at the end.
public struct BarChart: Chart {
  public struct Bar: Sendable {
    public var name: String
    public var value: Double
    /// The value as it is written.
    public var text: String
    public var style: SeriesStyle?

    public init(_ name: String, value: Double, text: String, style: SeriesStyle? = nil) {
      self.name = name
      self.value = value
      self.text = text
      self.style = style
    }
  }

  public var title: String
  public var summary: String
  /// What the bars' lengths are, with the unit.
  public var axisTitle: String
  public var isPercentage = false
  public var bars: [Bar]
  public var width: Double

  public init(
    title: String, summary: String, axisTitle: String, bars: [Bar], width: Double = 440
  ) {
    self.title = title
    self.summary = summary
    self.axisTitle = axisTitle
    self.bars = bars
    self.width = width
  }

  private var rowHeight: Double { bars.count > 12 ? 20 : 28 }

  public var size: (width: Double, height: Double) {
    (width, Double(bars.count) * rowHeight + 50)
  }

  public var parts: [Piece] {
    let c = NumberText.coordinate
    let labelLimit = width * 0.38
    let labelWidth = min(
      labelLimit, bars.map { TextFit.width($0.name, size: 12) }.max() ?? 0)
    let textWidth = bars.map { TextFit.width($0.text, size: 12) }.max() ?? 0
    let left = labelWidth + 12
    let right = width - textWidth - 10
    let largest = bars.map(\.value).max() ?? 0
    let domain = 0...(largest > 0 ? largest : 1)
    let axis = Axis(
      axisTitle, domain, tickCount: right - left < 180 ? 3 : 4, isPercentage: isPercentage)
    let scale = Scale(domain: domain, range: (left, right))
    let bottom = Double(bars.count) * rowHeight + 4
    let ticks = axis.ticks
    var grid = ""
    for value in ticks.values { grid += "M\(c(scale.position(value))) 2V\(c(bottom))" }
    var parts: [Piece] = [.stroke(grid, classes: "grid")]
    for (index, bar) in bars.enumerated() {
      let top = Double(index) * rowHeight + 6
      let end = scale.position(max(0, bar.value))
      parts.append(
        .label(
          TextFit.shortened(bar.name, width: labelLimit, size: 12), x: left - 8,
          y: top + (rowHeight - 10) / 2 + 4.5,
          anchor: "end", classes: "name"))
      parts.append(
        Piece(
          .rect,
          [
            "class": "\(bar.style?.colorClass ?? "plain") bar", "x": c(left), "y": c(top),
            "width": c(max(end - left, 1)), "height": c(rowHeight - 10),
          ]))
      parts.append(
        .label(
          bar.text, x: max(end, left + 1) + 6, y: top + (rowHeight - 10) / 2 + 4.5, classes: "value"
        ))
    }
    parts.append(.stroke("M\(c(left)) 2V\(c(bottom))", classes: "axis"))
    for (value, label) in zip(ticks.values, ticks.labels) {
      parts.append(.label(label, x: scale.position(value), y: bottom + 16, anchor: "middle"))
    }
    parts.append(
      .axisTitle(axisTitle, center: (left + right) / 2, y: bottom + 36, width: width))
    return parts
  }
}
