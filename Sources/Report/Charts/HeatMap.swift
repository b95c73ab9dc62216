import HTML
import Support

/// A confusion matrix, darker where a row's share is larger.
struct HeatMap: Chart {
  var title: String
  var summary: String
  /// The classes.
  var names: [String]
  /// `counts[actual][predicted]`.
  var counts: [[Int]]

  /// Beyond this many classes the cells hold counts only, and the chart takes the page's width.
  static let smallLimit = 6
  private var cell: (width: Double, height: Double) {
    switch names.count {
    case ...2: (92, 62)
    case ...4: (72, 52)
    case ...Self.smallLimit: (56, 42)
    case ...12: (54, 30)
    default: (max(24, 720 / Double(names.count)), 22)
    }
  }

  private var areNamesTurned: Bool {
    names.contains { TextFit.width($0, size: 12) > cell.width - 4 } && names.count > 2
  }

  private var rowNameWidth: Double { TextFit.width(ofLongest: names, limit: 110) }

  private var columnNameHeight: Double {
    areNamesTurned ? TextFit.width(ofLongest: names, limit: 90) + 10 : 22
  }

  private var origin: (x: Double, y: Double) { (rowNameWidth + 36, columnNameHeight + 24) }

  var size: (width: Double, height: Double) {
    let side = Double(names.count)
    return (origin.x + side * cell.width + 10, origin.y + side * cell.height + 8)
  }

  var content: HTML {
    let (left, top) = origin
    let side = Double(names.count)
    let (width, height) = (side * cell.width, side * cell.height)
    chartText("predicted class", x: left + width / 2, y: 14, .middle, "axis-title")
    upwardText("actual class", x: 13, y: top + height / 2, .middle, "axis-title")
    for index in names.indices { nameMarks(index) }
    for (row, line) in counts.enumerated() {
      let total = line.reduce(0, +)
      for (column, count) in line.enumerated() {
        cellMarks(
          count, share: total > 0 ? Double(count) / Double(total) : 0,
          x: left + Double(column) * cell.width, y: top + Double(row) * cell.height)
      }
    }
    rect(.class("outline"), .x(left), .y(top), .width(width), .height(height))
  }

  /// A class's name beside its row and above its column.
  @HTMLBuilder private func nameMarks(_ index: Int) -> HTML {
    let (left, top) = origin
    let name = names[index]
    chartText(
      TextFit.shortened(name, width: 110, size: 12), x: left - 8,
      y: top + (Double(index) + 0.5) * cell.height + 4, .end, "name")
    let middle = left + (Double(index) + 0.5) * cell.width
    if areNamesTurned {
      upwardText(
        TextFit.shortened(name, width: 90, size: 12), x: middle + 4, y: top - 6, .start, "name")
    } else {
      chartText(
        TextFit.shortened(name, width: cell.width - 10, size: 12), x: middle, y: top - 8, .middle,
        "name")
    }
  }

  @HTMLBuilder private func cellMarks(_ count: Int, share: Double, x: Double, y: Double) -> HTML {
    let isSmall = names.count <= Self.smallLimit
    if count > 0 || isSmall {
      rect(
        .class("heat"), .x(x), .y(y), .width(cell.width), .height(cell.height),
        // Even a rare mistake is seen: the faintest cell has 6 % of the colour.
        .fillOpacity(count == 0 ? 0 : 0.06 + 0.94 * share))
    }
    let middle = (x: x + cell.width / 2, y: y + cell.height / 2)
    let tone = share > 0.62 ? " on-heat" : ""
    if isSmall {
      let isRoomy = cell.height >= 50
      chartText(
        NumberText.grouped(count), x: middle.x, y: middle.y + (isRoomy ? -2 : 0), .middle,
        (isRoomy ? "count" : "count small") + tone)
      chartText(
        NumberText.percent(share), x: middle.x, y: middle.y + (isRoomy ? 16 : 13), .middle,
        "share" + tone)
    } else if count > 0 {
      chartText("\(count)", x: middle.x, y: middle.y + 4, .middle, "share" + tone)
    }
  }
}
