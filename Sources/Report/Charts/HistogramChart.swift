import Templates

/// How a number is distributed in each of a few classes: outlines over shared bins.
public struct HistogramChart: Chart {
  public struct Series: Sendable {
    public var name: String
    public var style: SeriesStyle
    /// The share of the class's rows in each bin.
    public var shares: [Double]
    public var isFilled: Bool

    public init(
      _ name: String, style: SeriesStyle, shares: [Double], isFilled: Bool = true
    ) {
      self.name = name
      self.style = style
      self.shares = shares
      self.isFilled = isFilled
    }
  }

  public var title: String
  public var summary: String
  public var x: Axis
  public var yTitle: String
  /// The bins' borders, one more than there are bins.
  public var edges: [Double]
  public var series: [Series]
  public var size: (width: Double, height: Double)

  public init(
    title: String, summary: String, x: Axis, yTitle: String = "share of class", edges: [Double],
    series: [Series],
    size: (width: Double, height: Double) = (300, 190)
  ) {
    self.title = title
    self.summary = summary
    self.x = x
    self.yTitle = yTitle
    self.edges = edges
    self.series = series
    self.size = size
  }

  public var parts: [Piece] {
    let largest = series.flatMap(\.shares).max() ?? 0
    let y = Axis(
      yTitle, 0...(largest > 0 ? largest * 1.05 : 1), tickCount: size.height < 250 ? 3 : 5,
      isPercentage: true)
    let frame = PlotFrame(x: x, y: y, size: size)
    var parts = frame.parts
    for one in series {
      var outline = [Point(edges[0], 0)]
      for (bin, share) in one.shares.enumerated() {
        outline += [Point(edges[bin], share), Point(edges[bin + 1], share)]
      }
      outline.append(Point(edges[edges.count - 1], 0))
      let path = frame.path(through: outline)
      if one.isFilled {
        parts.append(.stroke(path + "Z", classes: "\(one.style.colorClass) area"))
      }
      parts.append(
        .stroke(path, classes: "\(one.style.colorClass) line thin", dashes: one.style.dashes))
    }
    return parts
  }
}
