import HTML

/// Curves over two axes.
struct LineChart: Chart {
  /// One curve.
  struct Series {
    var style: SeriesStyle
    var points: [Point]
    /// Points to set a marker on, each with the marker's half width in the drawing's units.
    var markers: [(point: Point, radius: Double)] = []
  }

  var title: String
  var summary: String
  var x: Axis
  var y: Axis
  var series: [Series]
  /// Thin lines to compare with, such as the diagonal.
  var references: [[Point]] = []
  var size: (width: Double, height: Double) = (440, 380)

  var content: HTML {
    let frame = PlotFrame(x: x, y: y, size: size)
    frame.content
    for points in references { stroke(frame.path(through: points), "reference") }
    // The first series lies on top: it is the one that the table names first.
    for one in series.reversed() {
      stroke(
        frame.path(through: one.points), "\(one.style.colorClass) line", dashes: one.style.dashes)
      for marker in one.markers {
        one.style.marker(
          x: frame.x.position(marker.point.x), y: frame.y.position(marker.point.y),
          radius: marker.radius)
      }
    }
  }
}
