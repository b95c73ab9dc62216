/// Where the search for an objective's least value has ended.
struct LogisticFit: Sendable {
  /// Row by row, as the objective has them.
  var variables: [Double]
  /// A standard error for each variable, `nil` for one that the data leave open; `nil` where no Hessian was made.
  var standardErrors: [Double?]?
  var iterationCount: Int
  var ending: Ending

  enum Ending {
    case optimum
    /// Without a penalty, coefficients of classes that can be told apart without a mistake grow without end.
    case separated
    /// No penalty, and a direction in which the loss falls ever more slowly and has no least value.
    case unbounded
    case iterationLimit
  }
}

extension LogisticObjective {
  /// Whether adding the same number to a variable of every class changes nothing: with more than two classes and
  /// without a penalty, and for intercepts always.
  func isShared(_ place: Int) -> Bool {
    rowCount > 1 && (penaltyStrength == 0 || place == width - 1 && hasIntercepts)
  }

  /// Makes variables that may be shifted together sum to zero over the classes, as scikit-learn has them.
  func centred(_ variables: [Double]) -> [Double] {
    var result = variables
    for place in 0..<width where isShared(place) {
      let mean = (0..<rowCount).reduce(0) { $0 + variables[$1 * width + place] } / Double(rowCount)
      for row in 0..<rowCount { result[row * width + place] -= mean }
    }
    return result
  }
}
