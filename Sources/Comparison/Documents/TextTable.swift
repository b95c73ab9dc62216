/// Cells in aligned columns, as wide as a terminal allows.
///
/// Columns that do not fit go to further blocks below, each with the first column again.
package struct TextTable {
  package struct Cell {
    package var text: String
    package var isBest = false

    package init(text: String, isBest: Bool = false) {
      self.text = text
      self.isBest = isBest
    }
  }

  /// The header is the first row.
  package var rows: [[Cell]] = []
  /// Whether best values are printed bold; they are marked with `*` in any case.
  package var bold = false
  /// How many characters fit on a line; `nil` for any number.
  package var width: Int?

  private static let gap = 2

  package init(rows: [[Cell]] = [], bold: Bool = false, width: Int? = nil) {
    self.rows = rows
    self.bold = bold
    self.width = width
  }

  package func rendered() -> String {
    guard let header = rows.first else { return "" }
    let widths = header.indices.map { column in
      rows.map { cell($0[column], column).count }.max() ?? 0
    }
    return blocks(widths).map { columns in
      rows.map { line($0, columns, widths) }.joined()
    }.joined(separator: "\n")
  }

  /// Which columns stand side by side.
  private func blocks(_ widths: [Int]) -> [[Int]] {
    var blocks: [[Int]] = []
    var block: [Int] = [0]
    var used = widths[0]
    for column in widths.indices.dropFirst() {
      let needed = widths[column] + Self.gap
      if let width, used + needed > width, block.count > 1 {
        blocks.append(block)
        block = [0]
        used = widths[0]
      }
      block.append(column)
      used += needed
    }
    return blocks + [block]
  }

  private func line(_ row: [Cell], _ columns: [Int], _ widths: [Int]) -> String {
    let cells = columns.map { column in
      let text = cell(row[column], column)
      let padding = String(repeating: " ", count: widths[column] - text.count)
      let shown = bold && row[column].isBest ? "\u{1b}[1m\(text)\u{1b}[0m" : text
      return column == 0 ? shown + padding : padding + shown
    }
    var line = cells.joined(separator: String(repeating: " ", count: Self.gap))
    while line.hasSuffix(" ") { line.removeLast() }
    return line + "\n"
  }

  /// The text with room for the mark, so that numbers stay below each other.
  private func cell(_ cell: Cell, _ column: Int) -> String {
    column == 0 ? cell.text : cell.text + (cell.isBest ? "*" : " ")
  }
}

/// Numbers as a row of bars, one character each.
enum SparkLine {
  private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// Bars between the two bounds, so that several lines can share a scale.
  static func text(_ values: [Double], from low: Double, to high: Double) -> String {
    String(
      values.map { value in
        guard high > low else { return bars[bars.count / 2] }
        let height = (value - low) / (high - low) * Double(bars.count)
        return bars[min(bars.count - 1, max(0, Int(height)))]
      })
  }
}
