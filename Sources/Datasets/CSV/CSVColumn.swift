/// One column of a table.
struct CSVColumn: Sendable {
  let name: String
  /// Whether it is read as words even if its cells are numbers.
  let isForcedText: Bool
  var isNumeric: Bool
  var numbers: [Double] = []
  /// The distinct words in the order of their first occurrence, and each row's index among them.
  var words: [String] = []
  var wordNumbers: [Int32] = []
  /// The line of the first empty cell.
  var firstEmptyLine: Int?
  /// The first cell of the rarer kind in a column of both numbers and texts.
  var odd: (line: Int, text: String, expected: String)?
}

extension CSVTable {
  /// A column's content, row by row.
  public enum Content: Sendable {
    case numbers([Double])
    /// Each word once, and every row's index among them.
    case words([String], rows: [Int32])
  }

  /// A column's content; `nil` if there is no such column.
  public func content(of name: String) -> Content? {
    column(named: name).map {
      $0.isNumeric ? .numbers($0.numbers) : .words($0.words, rows: $0.wordNumbers)
    }
  }
}
