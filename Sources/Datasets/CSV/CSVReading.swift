import Support

/// How the cells of a table are read.
public struct CSVReading: Hashable, Sendable {
  /// Columns whose cells are words even if they look like numbers.
  public var textColumns: [String]
  public var decimalMark: DecimalMark
  public var format: CSVFormat
  /// The column whose missing cells drop their rows; `nil` to keep all rows.
  public var labelColumn: String?
  /// Words that are labels even if they look like missing ones.
  public var labels: [String]
  /// Words that mean a missing value in every column, besides blanks.
  public var missingWords: [String]
  /// Whether a missing cell of a feature will be an error, which shows how it is written.
  public var needsValues: Bool
  /// The columns whose missing cells do not matter where other columns' missing cells drop their rows; `nil` to keep
  /// these rows.
  public var incompleteColumns: [String]?

  public init(
    textColumns: [String] = [], decimalMark: DecimalMark = .point,
    format: CSVFormat = CSVFormat(), labelColumn: String? = nil, labels: [String] = [],
    missingWords: [String] = [], needsValues: Bool = false, incompleteColumns: [String]? = nil
  ) {
    self.textColumns = textColumns
    self.decimalMark = decimalMark
    self.format = format
    self.labelColumn = labelColumn
    self.labels = labels
    self.missingWords = missingWords
    self.needsValues = needsValues
    self.incompleteColumns = incompleteColumns
  }

  var missing: MissingCells { MissingCells(missingWords, decimalMark) }

  /// Whether a word of the label's column means that there is none.
  func isMissingLabel(_ word: String) -> Bool {
    (MissingWord.isLabel(word) || missingWords.containsBytes(of: word))
      && !labels.containsBytes(of: word)
  }
}
