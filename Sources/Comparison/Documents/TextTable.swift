import Evaluation
import Support

/// How a table is written.
public enum TableFormat: String, CaseIterable, Sendable {
  /// Aligned for people; the best value of each column is marked with `*`.
  case table
  case markdown
  case csv
}

/// Cells in columns, as people read them.
struct TextTable {
  struct Cell {
    /// All of it, such as CSV has it.
    var text: String
    var isBest = false

    var shown: String { SafeText.name(text) }
    var markdown: String { MarkdownText.escaped(shown) }

    init(_ text: String, isBest: Bool = false) {
      self.text = text
      self.isBest = isBest
    }

    /// A number, with what stands behind ± where there is something, or a dash where there is no
    /// number.
    init(_ value: Double?, spread: Double? = nil, digits: Int = 4, isBest: Bool = false) {
      let texts = [value, spread].compactMap { $0 }.map { NumberText.plain($0, digits: digits) }
      self.init(
        value == nil ? "–" : texts.joined(separator: " ± "), isBest: value != nil && isBest)
    }
  }

  /// The header is the first row.
  var rows: [[Cell]]

  private static let gap = 2

  var markdown: String {
    MarkdownText.table(
      rows.map { row in row.map { $0.isBest ? "**\($0.markdown)**" : $0.markdown } })
  }

  /// Cells in aligned columns; columns that do not fit go to further blocks below, each with the
  /// first column again.
  ///
  /// - Parameters:
  ///   - bold: whether best values are printed bold; they are marked with `*` in any case.
  ///   - width: how many characters fit on a line of the terminal; `nil` for any number.
  func aligned(bold: Bool, width: Int?) -> String {
    guard let header = rows.first else { return "" }
    let widths = header.indices.map { column in
      rows.map { cell($0[column], column).count }.max() ?? 0
    }
    return blocks(widths, within: width).map { columns in
      rows.map { line($0, columns, widths, bold: bold) }.joined()
    }.joined(separator: "\n")
  }

  /// Which columns stand side by side.
  private func blocks(_ widths: [Int], within width: Int?) -> [[Int]] {
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

  private func line(
    _ row: [Cell], _ columns: [Int], _ widths: [Int], bold: Bool
  ) -> String {
    let cells = columns.map { column in
      let text = cell(row[column], column)
      let padding = String(repeating: " ", count: widths[column] - text.count)
      let shown = bold && row[column].isBest ? TextStyle.bold + text + TextStyle.plain : text
      return column == 0 ? shown + padding : padding + shown
    }
    var line = cells.joined(separator: String(repeating: " ", count: Self.gap))
    while line.hasSuffix(" ") { line.removeLast() }
    return line + "\n"
  }

  /// The text with room for the mark, so that numbers stay below each other.
  private func cell(_ cell: Cell, _ column: Int) -> String {
    column == 0 ? cell.shown : cell.shown + (cell.isBest ? "*" : " ")
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

extension Metric {
  /// The best of some values; `nil` where there is none.
  func best(_ values: [Double?]) -> Double? {
    let known = values.compactMap { $0 }
    return higherIsBetter ? known.max() : known.min()
  }
}
