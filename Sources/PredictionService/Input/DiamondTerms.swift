import ModelFiles
import SavedModels

/// The trade's names for the columns of the diamonds, and the order of its grades.
enum DiamondTerms {
  struct Term {
    let label: String
    let unit: String?
    /// What it is, in a few words.
    let meaning: String?
    /// The step in which the column is measured.
    let step: Double?
  }

  /// Whether columns are those of the diamonds, by their names and by their categories; another table's `x` is no length in
  /// millimetres.
  static func describe(_ columns: [FeatureColumn]) -> Bool {
    columns.contains { $0.name == "carat" }
      && columns.allSatisfy { column in
        guard let names = column.categories else {
          return term(of: column.name) != nil && grades[column.name] == nil
        }
        return grades[column.name].map { names.allSatisfy($0.contains) } == true
      }
  }

  static func term(of column: String) -> Term? {
    switch column {
    case "carat": Term(label: "Carat", unit: nil, meaning: "weight in carats", step: 0.01)
    case "color": Term(label: "Colour", unit: nil, meaning: "D is colourless", step: nil)
    case "clarity": Term(label: "Clarity", unit: nil, meaning: "FL or IF is flawless", step: nil)
    case "depth":
      Term(label: "Depth", unit: "%", meaning: "height by mean of length and width", step: 0.1)
    case "table":
      Term(label: "Table", unit: "%", meaning: "top facet by widest point", step: 0.1)
    case "price": Term(label: "Price", unit: "US dollars", meaning: nil, step: 1)
    case "x": Term(label: "Length", unit: "mm", meaning: nil, step: 0.01)
    case "y": Term(label: "Width", unit: "mm", meaning: nil, step: 0.01)
    case "z": Term(label: "Height", unit: "mm", meaning: nil, step: 0.01)
    default: nil
    }
  }

  /// From best to worst.
  private static let grades: [String: [String]] = [
    "color": "DEFGHIJKLMNOPQRSTUVWXYZ".map(String.init),
    "clarity": [
      "FL", "IF", "VVS1", "VVS2", "VS1", "VS2", "SI1", "SI2", "SI3", "I1", "I2", "I3",
    ],
  ]

  /// The categories from best to worst.
  static func ordered(_ categories: [String], of column: String) -> [String] {
    grades[column]?.filter(categories.contains) ?? categories
  }

  /// What the classes mean, if they are the comparison's two classes of the cut.
  static func meaning(ofClasses classes: [String], target: String) -> String? {
    guard target == "cut", Set(classes) == ["Gold", "Silver"] else { return nil }
    return "Gold is a cut of Very Good, Premium or Ideal; Silver is Good or Fair."
  }
}
