import Templates

/// For each name a dot per series on one axis, with a line from zero and whiskers where they are known.
public struct DotChart: Chart {
  public struct Series: Sendable {
    public var name: String
    public var style: SeriesStyle
    /// A value for each of the chart's names.
    public var values: [Double?]
    /// From where to where each value's whiskers reach.
    public var intervals: [ClosedRange<Double>?]

    public init(
      _ name: String, style: SeriesStyle, values: [Double?], intervals: [ClosedRange<Double>?] = []
    ) {
      self.name = name
      self.style = style
      self.values = values
      self.intervals = intervals.isEmpty ? values.map { _ in nil } : intervals
    }
  }

  public var title: String
  public var summary: String
  public var axisTitle: String
  public var names: [String]
  public var series: [Series]
  public var width: Double
  /// Whether lines run from zero to the dots; then the axis holds zero.
  public var fromZero: Bool
  public var isPercentage: Bool

  public init(
    title: String, summary: String, axisTitle: String, names: [String], series: [Series],
    width: Double = 440, fromZero: Bool = true, isPercentage: Bool = false
  ) {
    self.title = title
    self.summary = summary
    self.axisTitle = axisTitle
    self.names = names
    self.series = series
    self.width = width
    self.fromZero = fromZero
    self.isPercentage = isPercentage
  }

  private var rowHeight: Double { max(22, Double(series.count) * 9 + 8) }

  public var size: (width: Double, height: Double) {
    (width, Double(names.count) * rowHeight + 50)
  }

  private var tickCount: Int { width < 400 ? 3 : 5 }

  private var domain: ClosedRange<Double> {
    var low = Double.infinity
    var high = -Double.infinity
    for one in series {
      for (value, interval) in zip(one.values, one.intervals) {
        guard let value, value.isFinite else { continue }
        low = min(low, value, interval?.lowerBound ?? value)
        high = max(high, value, interval?.upperBound ?? value)
      }
    }
    guard low <= high else { return 0...1 }
    if fromZero { (low, high) = (min(low, 0), max(high, 0)) }
    guard low < high else { return fromZero ? 0...1 : low - 0.5...high + 0.5 }
    return Ticks.niceDomain(low...high, count: tickCount)
  }

  public var parts: [Piece] {
    let c = NumberText.coordinate
    let labelLimit = width * 0.36
    let left =
      min(labelLimit, names.map { TextFit.width($0, size: 12) }.max() ?? 0) + 16
    let scale = Scale(domain: domain, range: (left, width - 18))
    let bottom = Double(names.count) * rowHeight + 4
    let ticks = Axis(axisTitle, domain, tickCount: tickCount, isPercentage: isPercentage).ticks
    var grid = ""
    for value in ticks.values { grid += "M\(c(scale.position(value))) 2V\(c(bottom))" }
    var parts: [Piece] = []
    for row in names.indices where row % 2 == 0 {
      parts.append(
        Piece(
          .rect,
          [
            "class": "stripe", "x": "0", "y": c(Double(row) * rowHeight + 2), "width": c(width),
            "height": c(rowHeight),
          ]))
    }
    parts.append(.stroke(grid, classes: "grid"))
    if domain.contains(0) {
      let zero = c(scale.position(0))
      parts.append(.stroke("M\(zero) 2V\(c(bottom))", classes: "axis"))
    }
    for (row, name) in names.enumerated() {
      let middle = (Double(row) + 0.5) * rowHeight + 2
      parts.append(
        .label(
          TextFit.shortened(name, width: labelLimit, size: 12), x: left - 10, y: middle + 4,
          anchor: "end", classes: "name"))
      for (index, one) in series.enumerated() {
        guard let value = one.values[row], value.isFinite else { continue }
        let y = middle + (Double(index) - Double(series.count - 1) / 2) * 9
        let color = one.style.colorClass
        if fromZero {
          parts.append(
            .stroke(
              "M\(c(scale.position(0))) \(c(y))H\(c(scale.position(value)))",
              classes: "\(color) stem"))
        }
        if let interval = one.intervals[row] {
          let (low, high) = (
            c(scale.position(interval.lowerBound)), c(scale.position(interval.upperBound))
          )
          parts.append(
            .stroke(
              "M\(low) \(c(y))H\(high)M\(low) \(c(y - 2.5))v5M\(high) \(c(y - 2.5))v5",
              classes: "\(color) whisker"))
        }
        parts.append(one.style.marker(x: scale.position(value), y: y, radius: 3.4))
      }
    }
    for (value, label) in zip(ticks.values, ticks.labels) {
      parts.append(.label(label, x: scale.position(value), y: bottom + 16, anchor: "middle"))
    }
    parts.append(
      .axisTitle(axisTitle, center: (left + width - 18) / 2, y: bottom + 36, width: width))
    return parts
  }
}
