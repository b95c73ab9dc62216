import ModelFiles
import SavedModels

/// What reading a value needs of its feature, looked up once for each model.
struct FeatureTable: Sendable {
  let names: [String]
  /// The range in the training data; `nil` for categories.
  let ranges: [ClosedRange<Double>?]
  let isNeverNegative: [Bool]
  private let columns: [FeatureColumn]
  /// The categories by their codes; none for numbers.
  private let categories: [[String]]

  init(_ columns: [FeatureColumn], _ fields: [FeatureField]) {
    self.columns = columns
    names = columns.map(\.name)
    ranges = fields.map { if case .number(let range, _) = $0.kind { range } else { nil } }
    isNeverNegative = fields.map(\.isNeverNegative)
    categories = columns.map { $0.categories ?? [] }
  }

  var count: Int { names.count }

  func isNumber(_ feature: Int) -> Bool { ranges[feature] != nil }

  /// The number or the code that a text means.
  func value(of text: String, _ feature: Int) throws(CellError) -> Double {
    // Equal strings may have different code points; the column decides on these.
    if let code = categories[feature].firstIndex(of: text),
      categories[feature][code].utf8.elementsEqual(text.utf8)
    {
      return Double(code)
    }
    return try columns[feature].value(of: text)
  }
}
