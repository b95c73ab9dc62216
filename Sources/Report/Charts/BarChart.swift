import HTML

/// Horizontal bars, one for each name, with its value written at the end.
struct BarChart: Chart {
  struct Bar {
    var name: String
    var value: Double
    /// The value as it is written.
    var text: String
    var style: SeriesStyle?
  }

  var title: String
  var summary: String
  /// What the bars' lengths are, with the unit.
  var axisTitle: String
  var bars: [Bar]
  var isPercentage = false

  private var width: Double { 440 }
  private var rowHeight: Double { bars.count > 12 ? 20 : 28 }
  var size: (width: Double, height: Double) { (width, Double(bars.count) * rowHeight + 50) }

  var content: HTML {
    let names = bars.map(\.name)
    let nameLimit = width * 0.38
    let right = width - TextFit.width(ofLongest: bars.map(\.text)) - 10
    let room = right - TextFit.width(ofLongest: names, limit: nameLimit) - 12
    let largest = bars.map(\.value).max() ?? 0
    let axis = Axis(
      axisTitle, 0...(largest > 0 ? largest : 1), tickCount: room < 180 ? 3 : 4,
      isPercentage: isPercentage)
    let frame = RowFrame(
      names: names, rowHeight: rowHeight, axis: axis, nameLimit: nameLimit, margin: 12,
      right: right, width: width)
    frame.grid
    for (index, bar) in bars.enumerated() {
      let end = frame.scale.position(max(0, bar.value))
      let middle = frame.middle(index)
      frame.name(bar.name, x: frame.left - 8, y: middle + 3.5)
      rect(
        .class("\(bar.style?.colorClass ?? "plain") bar"), .x(frame.left),
        .y(Double(index) * rowHeight + 6), .width(max(end - frame.left, 1)),
        .height(rowHeight - 10))
      chartText(
        bar.text, x: max(end, frame.left + 1) + 6, y: middle + 3.5, .start, "value")
    }
    stroke(frame.upright(0), "axis")
    frame.below
  }
}
