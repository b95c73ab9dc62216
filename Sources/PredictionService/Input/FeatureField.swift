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

  enum Kind: Sendable {
    /// The range in the training data, and the step of the form's field.
    case number(range: ClosedRange<Double>, step: Double?)
    /// The categories, in the order in which they are offered.
    case choice([String])
  }

  init(_ column: FeatureColumn) {
    let term = DiamondTerms.term(of: column.name)
    name = column.name
    label = term?.label ?? column.name
    unit = term?.unit
    meaning = term?.meaning
    isOptional = column.substitute != nil
    switch column.content {
    case .numbers(let numbers):
      kind = .number(range: numbers.minimum...numbers.maximum, step: term?.step)
    case .categories(let categories):
      kind = .choice(DiamondTerms.ordered(categories.names, of: column.name))
    }
  }

  /// Whether numbers below 0 are refused: the training data has none.
  var isNeverNegative: Bool {
    if case .number(let range, _) = kind { range.lowerBound >= 0 } else { false }
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
