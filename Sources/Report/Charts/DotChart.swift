import HTML
import Support

/// For each name a dot per series on one axis, with a line from zero and whiskers where they are known.
struct DotChart: Chart {
  struct Series {
    var style: SeriesStyle
    /// A value for each of the chart's names.
    var values: [Double?]
    /// From where to where each value's whiskers reach; none where empty.
    var intervals: [ClosedRange<Double>?] = []

    func interval(_ row: Int) -> ClosedRange<Double>? { intervals.isEmpty ? nil : intervals[row] }
  }

  var title: String
  var summary: String
  var axisTitle: String
  var names: [String]
  var series: [Series]
  var width = 440.0
  /// Whether lines run from zero to the dots; then the axis holds zero.
  var fromZero = true
  var isPercentage = false

  private var rowHeight: Double { max(22, Double(series.count) * 9 + 8) }
  var size: (width: Double, height: Double) { (width, Double(names.count) * rowHeight + 50) }

  private var tickCount: Int { width < 400 ? 3 : 5 }

  private var domain: ClosedRange<Double> {
    var low = Double.infinity
    var high = -Double.infinity
    for one in series {
      for (row, value) in one.values.enumerated() {
        guard let value, value.isFinite else { continue }
        let interval = one.interval(row)
        low = min(low, value, interval?.lowerBound ?? value)
        high = max(high, value, interval?.upperBound ?? value)
      }
    }
    guard low <= high else { return 0...1 }
    if fromZero { (low, high) = (min(low, 0), max(high, 0)) }
    guard low < high else { return fromZero ? 0...1 : low - 0.5...high + 0.5 }
    return Ticks.niceDomain(low...high, count: tickCount)
  }

  var content: HTML {
    let frame = RowFrame(
      names: names, rowHeight: rowHeight,
      axis: Axis(axisTitle, domain, tickCount: tickCount, isPercentage: isPercentage),
      nameLimit: width * 0.36, margin: 16, right: width - 18, width: width)
    for row in names.indices where row % 2 == 0 {
      rect(
        .class("stripe"), .x(0), .y(Double(row) * rowHeight + 2), .width(width),
        .height(rowHeight))
    }
    frame.grid
    if domain.contains(0) { stroke(frame.upright(0), "axis") }
    for (row, name) in names.enumerated() {
      frame.name(name, x: frame.left - 10, y: frame.middle(row) + 4)
      for (index, one) in series.enumerated() {
        if let value = one.values[row], value.isFinite {
          let y = frame.middle(row) + (Double(index) - Double(series.count - 1) / 2) * 9
          dot(one, value, one.interval(row), y: y, on: frame.scale)
        }
      }
    }
    frame.below
  }

  @HTMLBuilder private func dot(
    _ one: Series, _ value: Double, _ interval: ClosedRange<Double>?, y: Double, on scale: Scale
  ) -> HTML {
    let c = NumberText.coordinate
    if fromZero {
      stroke(
        "M\(c(scale.position(0))) \(c(y))H\(c(scale.position(value)))",
        "\(one.style.colorClass) stem")
    }
    if let interval {
      let low = c(scale.position(interval.lowerBound))
      let high = c(scale.position(interval.upperBound))
      stroke(
        "M\(low) \(c(y))H\(high)M\(low) \(c(y - 2.5))v5M\(high) \(c(y - 2.5))v5",
        "\(one.style.colorClass) whisker")
    }
    one.style.marker(x: scale.position(value), y: y, radius: 3.4)
  }
}
