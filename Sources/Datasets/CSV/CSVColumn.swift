/// One column of a table: numbers, or words by number.
struct CSVColumn: Sendable {
  let name: String
  /// Read as words even where cells are numbers.
  let isForcedText: Bool
  var isNumeric = true
  var numbers: [Double] = []
  /// The distinct words in the order in which they first came, and the number of each row's.
  var words: [String] = []
  var wordNumbers: [Int32] = []
  /// The line of the first empty cell.
  var firstEmptyLine: Int?
  /// The first cell of the rarer kind where numbers and texts are mixed.
  var odd: (line: Int, text: String, expected: String)?
}
