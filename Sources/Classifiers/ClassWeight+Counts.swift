extension ClassWeight {
  /// Each class's weight; `nil` if all are one. The weight of classes without a row is one.
  func resolved(classCounts: [Int]) throws(ParameterError) -> [Double]? {
    switch self {
    case .equal: return nil
    case .balanced, .balancedSubsample:
      let total = classCounts.reduce(0, +)
      let present = classCounts.lazy.filter { $0 > 0 }.count
      return classCounts.map { $0 > 0 ? Double(total) / Double(present * $0) : 1 }
    case .weights(let weights):
      guard weights.count == classCounts.count else {
        throw ParameterError(
          "class_weight", mustBe: "one weight for each of the \(classCounts.count) classes",
          was: hyperparameter)
      }
      return weights
    }
  }
}
