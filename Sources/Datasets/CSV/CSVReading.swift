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

  public init(
    textColumns: [String] = [], decimalMark: DecimalMark = .point, labelColumn: String? = nil,
    labels: [String] = []
  ) {
    self.textColumns = textColumns
    self.decimalMark = decimalMark
    self.labelColumn = labelColumn
    self.labels = labels
  }

  /// Whether a word of the label's column means that there is none.
  func isMissingLabel(_ word: String) -> Bool {
    MissingWord.matches(word) && !labels.containsBytes(of: word)
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
