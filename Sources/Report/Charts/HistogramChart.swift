import HTML

/// How a number is distributed in each of a few classes: outlines over shared bins.
struct HistogramChart: Chart {
  struct Series {
    var style: SeriesStyle
    /// The share of the class's rows in each bin.
    var shares: [Double]
    var isFilled = true
  }

  var title: String
  var summary: String
  var x: Axis
  var yTitle = "share of class"
  /// The bins' borders, one more than there are bins.
  var edges: [Double]
  var series: [Series]
  var size: (width: Double, height: Double) = (300, 190)

  var content: HTML {
    let largest = series.flatMap(\.shares).max() ?? 0
    let y = Axis(
      yTitle, 0...(largest > 0 ? largest * 1.05 : 1), tickCount: size.height < 250 ? 3 : 5,
      isPercentage: true)
    let frame = PlotFrame(x: x, y: y, size: size)
    frame.content
    for one in series {
      let outline = frame.path(through: self.outline(one.shares))
      if one.isFilled { stroke(outline + "Z", "\(one.style.colorClass) area") }
      stroke(outline, "\(one.style.colorClass) line thin", dashes: one.style.dashes)
    }
  }

  private func outline(_ shares: [Double]) -> [Point] {
    let tops = shares.enumerated().flatMap { bin, share in
      [Point(edges[bin], share), Point(edges[bin + 1], share)]
    }
    return [Point(edges[0], 0)] + tops + [Point(edges[edges.count - 1], 0)]
  }
}
