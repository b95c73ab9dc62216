import Templates

/// Counts by two kinds of class, darker where a row's share is larger.
public struct HeatMap: Chart {
  public var title: String
  public var summary: String
  public var rowTitle: String
  public var columnTitle: String
  public var names: [String]
  /// `counts[row][column]`.
  public var counts: [[Int]]

  public init(
    title: String, summary: String, rowTitle: String, columnTitle: String, names: [String],
    counts: [[Int]]
  ) {
    self.title = title
    self.summary = summary
    self.rowTitle = rowTitle
    self.columnTitle = columnTitle
    self.names = names
    self.counts = counts
  }

  /// Beyond this many classes the cells hold counts only, and the chart takes the page's width.
  static let smallLimit = 6
  /// Beyond this many the cells are too small for text.
  static let textLimit = 40

  private var cell: (width: Double, height: Double) {
    switch names.count {
    case ...2: (92, 62)
    case ...4: (72, 52)
    case ...Self.smallLimit: (56, 42)
    case ...12: (54, 30)
    case ...Self.textLimit: (max(24, 720 / Double(names.count)), 22)
    default: (max(4, 760 / Double(names.count)), max(4, 600 / Double(names.count)))
    }
  }

  private var areNamesTurned: Bool {
    names.contains { TextFit.width($0, size: 12) > cell.width - 4 } && names.count > 2
  }

  private var rowNameWidth: Double {
    min(110, names.map { TextFit.width($0, size: 12) }.max() ?? 0)
  }

  private var columnNameHeight: Double {
    areNamesTurned ? min(90, names.map { TextFit.width($0, size: 12) }.max() ?? 0) + 10 : 22
  }

  private var origin: (x: Double, y: Double) { (rowNameWidth + 36, columnNameHeight + 24) }

  public var size: (width: Double, height: Double) {
    let side = Double(names.count)
    return (origin.x + side * cell.width + 10, origin.y + side * cell.height + 8)
  }

  public var parts: [Piece] {
    let c = NumberText.coordinate
    let (left, top) = origin
    let side = Double(names.count)
    var parts: [Piece] = [
      .label(
        columnTitle, x: left + side * cell.width / 2, y: 14, anchor: "middle",
        classes: "axis-title"),
      .turnedLabel(
        rowTitle, x: 13, y: top + side * cell.height / 2, anchor: "middle", classes: "axis-title"),
    ]
    for (index, name) in names.enumerated() where names.count <= Self.textLimit {
      parts.append(
        .label(
          TextFit.shortened(name, width: 110, size: 12), x: left - 8,
          y: top + (Double(index) + 0.5) * cell.height + 4, anchor: "end", classes: "name"))
      let middle = left + (Double(index) + 0.5) * cell.width
      if areNamesTurned {
        parts.append(
          .turnedLabel(
            TextFit.shortened(name, width: 90, size: 12), x: middle + 4, y: top - 6,
            anchor: "start", classes: "name"))
      } else {
        parts.append(
          .label(
            TextFit.shortened(name, width: cell.width - 10, size: 12), x: middle, y: top - 8,
            anchor: "middle", classes: "name"))
      }
    }
    for (row, line) in counts.enumerated() {
      let total = line.reduce(0, +)
      for (column, count) in line.enumerated() {
        let share = total > 0 ? Double(count) / Double(total) : 0
        parts += cellParts(
          count: count, share: share, isDiagonal: row == column,
          x: left + Double(column) * cell.width, y: top + Double(row) * cell.height)
      }
    }
    parts.append(
      Piece(
        .rect,
        [
          "class": "outline", "x": c(left), "y": c(top), "width": c(side * cell.width),
          "height": c(side * cell.height),
        ]))
    return parts
  }

  private func cellParts(
    count: Int, share: Double, isDiagonal: Bool, x: Double, y: Double
  ) -> [Piece] {
    let c = NumberText.coordinate
    var parts: [Piece] = []
    if count > 0 || names.count <= Self.smallLimit {
      parts.append(
        Piece(
          .rect,
          [
            "class": "heat", "x": c(x), "y": c(y), "width": c(cell.width), "height": c(cell.height),
            // Even a rare mistake is seen: the faintest cell has 6 % of the colour.
            "opacity": count == 0 ? "0" : c(0.06 + 0.94 * share),
          ]))
    }
    let middle = (x: x + cell.width / 2, y: y + cell.height / 2)
    let tone = share > 0.62 ? " on-heat" : ""
    if names.count <= Self.smallLimit {
      let isRoomy = cell.height >= 50
      parts.append(
        .label(
          NumberText.grouped(count), x: middle.x, y: middle.y + (isRoomy ? -2 : 0),
          anchor: "middle", classes: (isRoomy ? "count" : "count small") + tone))
      parts.append(
        .label(
          NumberText.percent(share), x: middle.x, y: middle.y + (isRoomy ? 16 : 13),
          anchor: "middle", classes: "share" + tone))
    } else if names.count <= Self.textLimit, count > 0 {
      parts.append(
        .label(
          "\(count)", x: middle.x, y: middle.y + 4, anchor: "middle", classes: "share" + tone))
    }
    return parts
  }
}
