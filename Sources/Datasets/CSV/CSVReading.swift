import Support

/// How the cells of a table are read.
public struct CSVReading: Hashable, Sendable {
  /// Columns whose cells are words even if they look like numbers.
  public var textColumns: [String]
  public var decimalMark: DecimalMark
  /// The column whose missing cells drop their rows; `nil` to keep all rows.
  public var labelColumn: String?
  /// Words that are labels even if they look like missing ones.
  public var labels: [String]
  /// Words that mean a missing value in every column, besides blanks.
  public var missingWords: [String]
  /// The columns whose missing cells do not matter where other columns' missing cells drop their rows; `nil` to keep
  /// these rows.
  public var incompleteColumns: [String]?

  public init(
    textColumns: [String] = [], decimalMark: DecimalMark = .point, labelColumn: String? = nil,
    labels: [String] = [], missingWords: [String] = [], incompleteColumns: [String]? = nil
  ) {
    self.textColumns = textColumns
    self.decimalMark = decimalMark
    self.labelColumn = labelColumn
    self.labels = labels
    self.missingWords = missingWords
    self.incompleteColumns = incompleteColumns
  }

  var missing: MissingCells { MissingCells(missingWords, decimalMark) }

  /// Whether a word of the label's column means that there is none.
  func isMissingLabel(_ word: String) -> Bool {
    (MissingWord.isLabel(word) || missingWords.containsBytes(of: word))
      && !labels.containsBytes(of: word)
  }
}

/// What stands before the decimals of a number.
public enum DecimalMark: String, CaseIterable, Codable, Hashable, Sendable {
  case point = "."
  /// Points, blanks or no-break blanks may stand between thousands: `1.071,09`.
  case comma = ","

  /// The finite number in a text; `nil` for anything else.
  func number(in text: String) -> Double? {
    switch self {
    case .point: DecimalNumber.value(of: text)
    case .comma: GroupedNumber.value(of: text, decimalMark: ",", separators: ". \u{a0}\u{202f}")
    }
  }

  func number(in cell: CSVCell) -> Double? {
    self == .point ? cell.number : number(in: cell.text)
  }
}
