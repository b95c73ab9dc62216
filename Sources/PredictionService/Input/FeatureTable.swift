import ModelFiles
import SavedModels

/// What reading a value needs of its feature, looked up once for each model.
struct FeatureTable: Sendable {
  let names: [String]
  /// The range in the training data; `nil` for categories.
  let ranges: [ClosedRange<Double>?]
  let isNeverNegative: [Bool]
  /// Whether training had missing values.
  let acceptsMissing: [Bool]
  private let columns: [FeatureColumn]
  private let unknownCategory: UnknownCategory
  /// Whether numbers may mean missing values.
  private let hasMissingWords: Bool
  /// The categories by their codes; none for numbers.
  private let categories: [[String]]

  init(
    _ columns: [FeatureColumn], _ fields: [FeatureField],
    unknownCategory: UnknownCategory = .error
  ) {
    self.columns = columns
    self.unknownCategory = unknownCategory
    hasMissingWords = columns.contains { !$0.missingWords.isEmpty }
    acceptsMissing = columns.map { $0.substitute != nil }
    names = columns.map(\.name)
    ranges = fields.map { if case .number(let range, _) = $0.kind { range } else { nil } }
    isNeverNegative = fields.map(\.isNeverNegative)
    categories = columns.map { $0.categories ?? [] }
  }

  var count: Int { names.count }

  /// The code of the category that is written as this number, or as that truth; `nil` unless it is one.
  func code(of number: Double, _ feature: Int) -> Double? {
    code(feature) { Double($0) == number }
  }

  func code(of truth: Bool, _ feature: Int) -> Double? {
    code(feature) { $0.lowercased() == "\(truth)" }
  }

  private func code(_ feature: Int, _ fits: (String) -> Bool) -> Double? {
    let codes = categories[feature].indices.filter { fits(categories[feature][$0]) }
    return codes.count == 1 ? Double(codes[0]) : nil
  }

  func isNumber(_ feature: Int) -> Bool { ranges[feature] != nil }

  /// The value of a feature that is not given: NaN, or the code of missing categories.
  func missingValue(_ feature: Int) throws(CellError) -> Double {
    try columns[feature].missingValue()
  }

  /// What a number means, which may be a missing value.
  func value(of number: Double, _ feature: Int) throws(CellError) -> Double {
    hasMissingWords ? try columns[feature].value(of: "\(number)") : number
  }

  /// The number or the code that a text means; NaN for a missing number.
  func value(of text: String, _ feature: Int) throws(CellError) -> Double {
    // Equal strings may have different code points; the column decides on these.
    if let code = categories[feature].firstIndex(of: text),
      categories[feature][code].utf8.elementsEqual(text.utf8)
    {
      return Double(code)
    }
    return try columns[feature].value(of: text, unknownCategory: unknownCategory)
  }
}
