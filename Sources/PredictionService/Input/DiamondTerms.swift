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

  /// The categories from best to worst if the trade grades all of them, else as they are.
  static func ordered(_ categories: [String], of column: String) -> [String] {
    guard let grades = grades[column], categories.allSatisfy(grades.contains) else {
      return categories
    }
    return grades.filter(categories.contains)
  }

  /// What the classes mean, if they are the comparison's two classes of the cut.
  static func meaning(ofClasses classes: [String], target: String) -> String? {
    guard target == "cut", Set(classes) == ["Gold", "Silver"] else { return nil }
    return "Gold is a cut of Very Good, Premium or Ideal; Silver is Good or Fair."
  }
}
