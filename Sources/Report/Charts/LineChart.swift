import Templates

/// Curves over two axes.
public struct LineChart: Chart {
  /// One curve.
  public struct Series: Sendable {
    public var name: String
    public var style: SeriesStyle
    public var points: [Point]
    /// Points to set a marker on, each with the marker's half width in the drawing's units.
    public var markers: [(point: Point, radius: Double)] = []
    /// A region around the curve: its lower and its upper edge, from left to right.
    public var band: (lower: [Point], upper: [Point])?

    public init(_ name: String, style: SeriesStyle, points: [Point]) {
      self.name = name
      self.style = style
      self.points = points
    }
  }

  public var title: String
  public var summary: String
  public var size: (width: Double, height: Double)
  public var x: Axis
  public var y: Axis
  public var series: [Series]
  /// Thin lines to compare with, such as the diagonal.
  public var references: [[Point]] = []

  public init(
    title: String, summary: String, x: Axis, y: Axis, series: [Series],
    size: (width: Double, height: Double) = (440, 380)
  ) {
    self.title = title
    self.summary = summary
    self.x = x
    self.y = y
    self.series = series
    self.size = size
  }

  public var parts: [Piece] {
    let frame = PlotFrame(x: x, y: y, size: size)
    var parts = frame.parts
    for points in references {
      parts.append(.stroke(frame.path(through: points), classes: "reference"))
    }
    for one in series {
      if let band = one.band {
        parts.append(
          .stroke(
            frame.path(through: band.lower + band.upper.reversed()) + "Z",
            classes: "\(one.style.colorClass) band"))
      }
    }
    // The first series lies on top: it is the one that the table names first.
    for one in series.reversed() {
      parts.append(
        .stroke(
          frame.path(through: one.points), classes: "\(one.style.colorClass) line",
          dashes: one.style.dashes))
      for marker in one.markers {
        parts.append(
          one.style.marker(
            x: frame.x.position(marker.point.x), y: frame.y.position(marker.point.y),
            radius: marker.radius))
      }
    }
    return parts
  }
}
