import Templates

/// An axis: the numbers it spans, what they are, and how they are written.
public struct Axis: Hashable, Sendable {
  /// What the numbers are, with their unit.
  public var title: String
  public var domain: ClosedRange<Double>
  public var tickCount: Int
  /// Whether shares are written as percentages.
  public var isPercentage: Bool

  public init(
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
    let widest = y.ticks.labels.map { TextFit.width($0, size: 12) }.max() ?? 0
    let left = 26 + widest
    let plotWidth = size.width - left - 16
    xAxis = x
    yAxis = y
    self.size = size
    self.x = Scale(domain: x.domain, range: (left, left + plotWidth))
    self.y = Scale(domain: y.domain, range: (size.height - 44, 10))
  }

  /// Grid lines, the axes' numbers and the axes' titles; what lies below the data.
  var parts: [Piece] {
    let c = NumberText.coordinate
    let (left, right) = (x.range.start, x.range.end)
    let (bottom, top) = (y.range.start, y.range.end)
    let xTicks = xAxis.ticks
    let yTicks = yAxis.ticks
    var grid = ""
    for value in xTicks.values { grid += "M\(c(x.position(value))) \(c(top))V\(c(bottom))" }
    for value in yTicks.values { grid += "M\(c(left)) \(c(y.position(value)))H\(c(right))" }
    var parts: [Piece] = [
      .stroke(grid, classes: "grid"),
      .stroke("M\(c(left)) \(c(top))V\(c(bottom))H\(c(right))", classes: "axis"),
    ]
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      parts.append(.label(label, x: x.position(value), y: bottom + 16, anchor: "middle"))
    }
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      parts.append(.label(label, x: left - 6, y: y.position(value) + 4, anchor: "end"))
    }
    parts.append(
      .axisTitle(
        xAxis.title, center: (left + right) / 2, y: size.height - 8, width: size.width))
    parts.append(
      .turnedLabel(
        TextFit.shortened(yAxis.title, width: bottom - top, size: 12), x: 12,
        y: (top + bottom) / 2, anchor: "middle", classes: "axis-title"))
    return parts
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
