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
