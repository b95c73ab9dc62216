import HTML
import Support

/// An axis: the numbers it spans, what they are, and how they are written.
struct Axis {
  /// What the numbers are, with their unit.
  var title: String
  var domain: ClosedRange<Double>
  var tickCount: Int
  /// Whether shares are written as percentages.
  var isPercentage: Bool

  init(
    _ title: String, _ domain: ClosedRange<Double>, tickCount: Int = 5, isPercentage: Bool = false
  ) {
    self.title = title
    self.domain = domain
    self.tickCount = tickCount
    self.isPercentage = isPercentage
  }

  var ticks: (values: [Double], labels: [String]) {
    let ticks = Ticks(over: domain, count: tickCount)
    guard isPercentage else { return (ticks.values, ticks.labels) }
    let percentages = Ticks(
      over: domain.lowerBound * 100...domain.upperBound * 100, count: tickCount)
    return (percentages.values.map { $0 / 100 }, percentages.labels.map { $0 + " %" })
  }
}

/// The rectangle that data are drawn in, with its axes around it.
struct PlotFrame {
  let x: Scale
  let y: Scale
  private let xAxis: Axis
  private let yAxis: Axis
  private let size: (width: Double, height: Double)

  init(x: Axis, y: Axis, size: (width: Double, height: Double)) {
    let left = 26 + TextFit.width(ofLongest: y.ticks.labels)
    let plotWidth = size.width - left - 16
    xAxis = x
    yAxis = y
    self.size = size
    self.x = Scale(domain: x.domain, range: (left, left + plotWidth))
    self.y = Scale(domain: y.domain, range: (size.height - 44, 10))
  }

  /// Grid lines, the axes' numbers and the axes' titles; what lies below the data.
  @HTMLBuilder var content: HTML {
    let c = NumberText.coordinate
    let (left, right) = (x.range.start, x.range.end)
    let (bottom, top) = (y.range.start, y.range.end)
    let xTicks = xAxis.ticks
    let yTicks = yAxis.ticks
    stroke(
      xTicks.values.map { "M\(c(x.position($0))) \(c(top))V\(c(bottom))" }.joined()
        + yTicks.values.map { "M\(c(left)) \(c(y.position($0)))H\(c(right))" }.joined(), "grid")
    stroke("M\(c(left)) \(c(top))V\(c(bottom))H\(c(right))", "axis")
    tickNumbers(xTicks, on: x, y: bottom + 16)
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      chartText(label, x: left - 6, y: y.position(value) + 4, .end)
    }
    titleBelow(xAxis.title, center: (left + right) / 2, y: size.height - 8, width: size.width)
    upwardText(
      TextFit.shortened(yAxis.title, width: bottom - top, size: 12), x: 12,
      y: (top + bottom) / 2, .middle, "axis-title")
  }

  /// A path through points.
  func path(through points: [Point]) -> String {
    let c = NumberText.coordinate
    var path = ""
    var before: (x: String, y: String)?
    for point in points {
      let here = (x: c(x.position(point.x)), y: c(y.position(point.y)))
      if let before {
        if before == here { continue }
        if before.y == here.y {
          path += "H" + here.x
        } else if before.x == here.x {
          path += "V" + here.y
        } else {
          path += "L" + here.x + " " + here.y
        }
      } else {
        path += "M" + here.x + " " + here.y
      }
      before = here
    }
    return path
  }
}
