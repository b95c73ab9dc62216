public import Datasets

/// How rows that a saved model predicts are written, and what is made of names that training did not have.
public struct RowForm: Hashable, Sendable {
  /// `nil` where nothing was said of it.
  public var format: CSVFormat?
  public var decimalMark: DecimalMark
  public var unknownCategory: UnknownCategory

  public init(
    format: CSVFormat? = nil, decimalMark: DecimalMark = .point,
    unknownCategory: UnknownCategory = .error
  ) {
    self.format = format
    self.decimalMark = decimalMark
    self.unknownCategory = unknownCategory
  }
}
