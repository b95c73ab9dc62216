import HTML
import Support

/// How something is distributed in each of many classes: a row of cells per class, stronger where more
/// of the class is.
struct StripChart: Chart {
  var title: String
  var summary: String
  var axisTitle: String
  var rowNames: [String]
  /// The columns' names at their left edges; empty for none.
  var columnLabels: [(column: Double, text: String)]
  /// `shares[row][column]`, each row summing to 1.
  var shares: [[Double]]

  private var width: Double { 300 }
  private var rowHeight: Double { rowNames.count <= 30 ? 12 : max(2, 360 / Double(rowNames.count)) }
  var size: (width: Double, height: Double) { (width, Double(rowNames.count) * rowHeight + 46) }

  /// Cells are drawn in this many strengths, one path each, which keeps the file small.
  private static let levelCount = 8

  var content: HTML {
    let c = NumberText.coordinate
    let limit = width * 0.3
    let hasNames = rowHeight >= 10
    let left = (hasNames ? TextFit.width(ofLongest: rowNames, size: 10, limit: limit) : 0) + 10
    let cellWidth = (width - left - 14) / Double(max(1, shares.first?.count ?? 1))
    for (level, d) in paths(left: left, cellWidth: cellWidth).enumerated() where !d.isEmpty {
      path(
        .class("heat"), .d(d), .fillOpacity((Double(level) + 0.6) / Double(Self.levelCount)))
    }
    let bottom = 2 + Double(rowNames.count) * rowHeight
    stroke("M\(c(left)) \(c(bottom))H\(c(width - 14))", "axis")
    if hasNames {
      for (row, name) in rowNames.enumerated() {
        chartText(
          TextFit.shortened(name, width: limit, size: 10), x: left - 5,
          y: 2 + (Double(row) + 0.5) * rowHeight + 3, .end, "tiny")
      }
    }
    for label in columnLabels {
      chartText(label.text, x: left + label.column * cellWidth, y: bottom + 15, .middle)
    }
    titleBelow(axisTitle, center: (left + width - 14) / 2, y: bottom + 36, width: width)
  }

  /// The cells of each strength.
  private func paths(left: Double, cellWidth: Double) -> [String] {
    let c = NumberText.coordinate
    let largest = shares.joined().max() ?? 0
    var paths = [String](repeating: "", count: Self.levelCount)
    for (row, line) in shares.enumerated() {
      for (column, share) in line.enumerated() where share > 0 && largest > 0 {
        let level = min(Self.levelCount - 1, Int(share / largest * Double(Self.levelCount)))
        let x = c(left + Double(column) * cellWidth)
        paths[level] += "M\(x) \(c(2 + Double(row) * rowHeight))"
        paths[level] += "h\(c(cellWidth))v\(c(rowHeight - 1))h-\(c(cellWidth))z"
      }
    }
    return paths
  }
}
