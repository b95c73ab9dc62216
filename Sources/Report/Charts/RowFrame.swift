import HTML
import Support

/// Rows over a horizontal axis, with a name to the left of each.
struct RowFrame {
  let scale: Scale
  /// Where the rows end.
  let bottom: Double
  private let rowHeight: Double
  private let nameLimit: Double
  private let axis: Axis
  private let width: Double

  /// - Parameter right: where the axis ends.
  init(
    names: [String], rowHeight: Double, axis: Axis, nameLimit: Double, margin: Double,
    right: Double, width: Double
  ) {
    let left = TextFit.width(ofLongest: names, limit: nameLimit) + margin
    scale = Scale(domain: axis.domain, range: (left, right))
    bottom = Double(names.count) * rowHeight + 4
    self.rowHeight = rowHeight
    self.nameLimit = nameLimit
    self.axis = axis
    self.width = width
  }

  var left: Double { scale.range.start }

  /// The middle of a row.
  func middle(_ row: Int) -> Double { (Double(row) + 0.5) * rowHeight + 2 }

  /// The name of a row.
  func name(_ name: String, x: Double, y: Double) -> HTML {
    chartText(TextFit.shortened(name, width: nameLimit, size: 12), x: x, y: y, .end, "name")
  }

  /// Lines through the rows at the axis's ticks.
  var grid: HTML { stroke(axis.ticks.values.map(upright).joined(), "grid") }

  /// A path through all rows at a number.
  func upright(_ value: Double) -> String {
    let c = NumberText.coordinate
    return "M\(c(scale.position(value))) 2V\(c(bottom))"
  }

  /// The axis's numbers and its title.
  @HTMLBuilder var below: HTML {
    tickNumbers(axis.ticks, on: scale, y: bottom + 16)
    titleBelow(axis.title, center: (left + scale.range.end) / 2, y: bottom + 36, width: width)
  }
}
