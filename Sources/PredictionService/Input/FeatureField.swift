import ModelFiles
import Support

/// A feature as a field of the form.
struct FeatureField: Sendable {
  let name: String
  let label: String
  let unit: String?
  let meaning: String?
  let kind: Kind
  /// Whether the field may be left empty, since training had missing values.
  let isOptional: Bool
  /// Whether numbers below 0 are refused: those of a diamond's size, weight or price.
  let isNeverNegative: Bool

  enum Kind: Sendable {
    /// The range in the training data, and the step of the form's field.
    case number(range: ClosedRange<Double>, step: Double?)
    /// The categories, in the order in which they are offered.
    case choice([String])
  }

  static func all(_ columns: [FeatureColumn]) -> [FeatureField] {
    let areDiamonds = DiamondTerms.describe(columns)
    return columns.map { FeatureField($0, isDiamonds: areDiamonds) }
  }

  private init(_ column: FeatureColumn, isDiamonds: Bool) {
    let term = isDiamonds ? DiamondTerms.term(of: column.name) : nil
    name = column.name
    label = term?.label ?? column.name
    unit = term?.unit
    meaning = term?.meaning
    isOptional = column.substitute != nil
    switch column.content {
    case .numbers(let numbers):
      kind = .number(range: numbers.minimum...numbers.maximum, step: term?.step)
    case .categories(let categories):
      kind = .choice(
        isDiamonds
          ? DiamondTerms.ordered(categories.names, of: column.name) : categories.names)
    }
    isNeverNegative = isDiamonds && column.categories == nil
  }

  /// The text below the field.
  var hint: String { isOptional ? content + "; may be left empty" : content }

  private var content: String {
    switch kind {
    case .number(let range, _):
      let seen =
        "\(NumberText.shortest(range.lowerBound)) to \(NumberText.shortest(range.upperBound)) in training"
      return meaning.map { "\($0); \(seen)" } ?? seen
    case .choice(let names): return meaning ?? "one of \(names.count)"
    }
  }
}
