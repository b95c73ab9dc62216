import Templates

/// How something is distributed in each of many classes: a row of cells per class, stronger where more
/// of the class is.
public struct StripChart: Chart {
  public var title: String
  public var summary: String
  public var axisTitle: String
  public var rowNames: [String]
  /// The columns' names at their left edges; empty for none.
  public var columnLabels: [(column: Double, text: String)]
  /// `shares[row][column]`, each row summing to 1.
  public var shares: [[Double]]
  public var width: Double

  public init(
    title: String, summary: String, axisTitle: String, rowNames: [String],
    columnLabels: [(column: Double, text: String)], shares: [[Double]], width: Double = 300
  ) {
    self.title = title
    self.summary = summary
    self.axisTitle = axisTitle
    self.rowNames = rowNames
    self.columnLabels = columnLabels
    self.shares = shares
    self.width = width
  }

  private var rowHeight: Double { rowNames.count <= 30 ? 12 : max(2, 360 / Double(rowNames.count)) }

  public var size: (width: Double, height: Double) {
    (width, Double(rowNames.count) * rowHeight + 46)
  }

  /// Cells are drawn in this many strengths, one path each, which keeps the file small.
  private static let levelCount = 8

  public var parts: [Piece] {
    let c = NumberText.coordinate
    let limit = width * 0.3
    let left =
      rowHeight >= 10
      ? min(limit, rowNames.map { TextFit.width($0, size: 10) }.max() ?? 0) + 10 : 10
    let columnCount = shares.first?.count ?? 1
    let cellWidth = (width - left - 14) / Double(max(1, columnCount))
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
    var parts: [Piece] = []
    for (level, path) in paths.enumerated() where !path.isEmpty {
      parts.append(
        Piece(
          .path,
          [
            "class": "heat", "d": path,
            "opacity": c((Double(level) + 0.6) / Double(Self.levelCount)),
          ]))
    }
    let bottom = 2 + Double(rowNames.count) * rowHeight
    parts.append(.stroke("M\(c(left)) \(c(bottom))H\(c(width - 14))", classes: "axis"))
    if rowHeight >= 10 {
      for (row, name) in rowNames.enumerated() {
        parts.append(
          .label(
            TextFit.shortened(name, width: limit, size: 10), x: left - 5,
            y: 2 + (Double(row) + 0.5) * rowHeight + 3, anchor: "end", classes: "tiny"))
      }
    }
    for label in columnLabels {
      parts.append(
        .label(
          label.text, x: left + label.column * cellWidth, y: bottom + 15, anchor: "middle"))
    }
    parts.append(
      .axisTitle(axisTitle, center: (left + width - 14) / 2, y: bottom + 36, width: width))
    return parts
  }
}
