public import Datasets
import JSON
public import ModelFiles

/// What is made of a category that training did not see.
public enum UnknownCategory: String, CaseIterable, Sendable {
  case error
  /// A missing value, where training had one in the column; else an error.
  case missing
  /// 0 in all features of the column, which must be encoded one-hot.
  case ignore
}

extension FeatureColumn {
  /// The number or the code of a table's cell, not yet scaled; NaN for a missing number.
  ///
  /// - Parameter decimalMark: how the table writes numbers; the model's own words have a point.
  public func value(
    of cell: String, unknownCategory: UnknownCategory = .error, decimalMark: DecimalMark = .point
  ) throws(CellError) -> Double {
    if case .categories(let distribution) = content {
      if let code = distribution.code(of: cell) { return Double(code) }
      if isMissing(cell, decimalMark) { return try missingValue(cell) }
      if unknownCategory == .missing, let code = substitute { return code }
      if unknownCategory == .ignore, isOneHot { return Self.ignoredCode }
      throw .unknownCategory(cell, known: distribution.names)
    }
    if missingWords.containsBytes(of: cell) { return try missingValue(cell) }
    if let number = decimalMark.number(in: cell) {
      let isMissing = missingWords.contains { DecimalNumber.value(of: $0) == number }
      return isMissing ? try missingValue(cell) : number
    }
    guard isMissing(cell, decimalMark) else { throw .notANumber(cell) }
    return try missingValue(cell)
  }

  /// The value of a missing cell.
  ///
  /// - Parameter cell: how it is written, for the error.
  public func missingValue(_ cell: String = "") throws(CellError) -> Double {
    guard let substitute else { throw .missing(cell) }
    return categories == nil ? .nan : substitute
  }

  /// Whether a word, which is neither a category nor a number, means a missing value, as it does in training.
  private func isMissing(_ cell: String, _ decimalMark: DecimalMark) -> Bool {
    if MissingWord.isBlank(cell.utf8) || missingWords.containsBytes(of: cell) { return true }
    return MissingWord.contains(cell)
      && categories?.allSatisfy { decimalMark.number(in: $0) != nil } ?? true
  }
}

/// Why a cell has no value.
public enum CellError: Error, Hashable, CustomStringConvertible {
  /// A missing value, in a column in which training had none.
  case missing(String)
  case notANumber(String)
  case unknownCategory(String, known: [String])

  /// What was expected and what was found.
  public var description: String {
    switch self {
    case .missing(let cell):
      "expected a value, found \(MissingWord.isBlank(cell.utf8) ? "nothing" : JSONReader.quoted(cell)); "
        + "training had no missing value in this column"
    case .notANumber(let cell):
      if DecimalNumber.value(of: cell.replacing(",", with: ".")) != nil, cell.contains(",") {
        "expected a number with a point, found \(JSONReader.quoted(cell))"
      } else {
        "expected a number, found \(JSONReader.quoted(cell))"
      }
    case .unknownCategory(let cell, let known):
      "expected one of \(known.prefix(20).joined(separator: ", "))\(known.count > 20 ? ", …" : ""), "
        + "found \(JSONReader.quoted(cell))"
    }
  }
}
