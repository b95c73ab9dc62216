/// One column of a table.
struct CSVColumn: Sendable {
  let name: String
  /// Whether it is read as words even if its cells are numbers.
  let isForcedText: Bool
  var isNumeric: Bool
  var numbers: [Double] = []
  /// The distinct words in the order of their first occurrence, and each row's index among them; −1 for a
  /// number in a column of both.
  var words: [String] = []
  var wordNumbers: [Int32] = []
  /// The line of the first empty cell.
  var firstEmptyLine: Int?
  /// The first cell of the rarer kind in a column of both numbers and texts.
  var odd: (line: Int, text: String, expected: String)?
  /// The first number in a form that is not read, where most cells would be numbers.
  var unreadNumber: UnreadNumber?

  struct UnreadNumber: Hashable, Sendable {
    let line: Int
    let text: String
    /// Whether a decimal comma makes the column one of numbers, and leaves the others as they are.
    var isReadWithDecimalComma = false
  }

  /// The row and the text of the first number in a form that is not read, where most cells that are not missing
  /// would be numbers.
  func firstUnreadNumber(_ mark: DecimalMark) -> (row: Int, text: String)? {
    guard
      words.contains(where: {
        WordKind.mayBeNumber($0) && WordKind(of: $0, mark) == .unreadNumber
      })
    else { return nil }
    let kinds = words.map { WordKind(of: $0, mark) }
    var (numbers, others) = (0, 0)
    for number in wordNumbers {
      switch number < 0 ? .number : kinds[Int(number)] {
      case .number, .unreadNumber: numbers += 1
      case .missing: break
      case .other: others += 1
      }
    }
    guard numbers > others,
      let row = wordNumbers.firstIndex(where: { $0 >= 0 && kinds[Int($0)] == .unreadNumber })
    else { return nil }
    return (row, words[Int(wordNumbers[row])])
  }
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
