/// One column of a table.
struct CSVColumn: Sendable {
  let name: String
  /// Read as words even where cells are numbers.
  let isForcedText: Bool
  var isNumeric: Bool
  var numbers: [Double] = []
  /// The distinct words in the order in which they first came, and each row's place among them.
  var words: [String] = []
  var wordNumbers: [Int32] = []
  /// The line of the first empty cell.
  var firstEmptyLine: Int?
  /// The first cell of the rarer kind where numbers and texts are mixed.
  var odd: (line: Int, text: String, expected: String)?
}

extension CSVTable {
  /// What a column holds, row by row.
  public enum Content: Sendable {
    case numbers([Double])
    /// Each word once, and its position among them for every row.
    case words([String], rows: [Int32])
  }

  /// A column's content; `nil` where there is no such column.
  public func content(of name: String) -> Content? {
    column(named: name).map {
      $0.isNumeric ? .numbers($0.numbers) : .words($0.words, rows: $0.wordNumbers)
    }
  }
}
