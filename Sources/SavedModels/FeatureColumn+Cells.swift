import Datasets
import JSON
public import ModelFiles

extension FeatureColumn {
  /// The number or the code of a table's cell, not yet scaled.
  public func value(of cell: String) throws(CellError) -> Double {
    if cell.isEmpty { throw .empty }
    if case .categories(let distribution) = content {
      guard let code = distribution.code(of: cell) else {
        throw .unknownCategory(cell, known: distribution.names)
      }
      return Double(code)
    }
    guard let number = DecimalNumber.value(of: cell) else { throw .notANumber(cell) }
    return number
  }
}

/// Why a cell has no value.
public enum CellError: Error, Hashable, CustomStringConvertible {
  case empty
  case notANumber(String)
  case unknownCategory(String, known: [String])

  /// What was expected and what was found.
  public var description: String {
    switch self {
    case .empty: "expected a value, found nothing"
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
