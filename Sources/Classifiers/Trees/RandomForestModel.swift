/// A grown random forest: what prediction needs of its trees, and the mean of their importances.
///
/// ``RandomForest/trees(grownFrom:threads:)`` has the trees with everything else.
public struct RandomForestModel: TreesModel, Hashable {
  public let featureCount: Int
  /// The mean over the trees that split at all; never `nil`.
  public let impurityImportances: [Double]?
  /// The out-of-bag accuracy; `nil` unless it was requested (`oob_score`).
  public let outOfBagScore: Double?
  let predictor: TreePredictor

  /// - Parameter importances: those of each tree that splits.
  init(
    _ predictor: TreePredictor, importances: [[Double]], featureCount: Int, outOfBagScore: Double?
  ) {
    self.predictor = predictor
    self.featureCount = featureCount
    self.outOfBagScore = outOfBagScore
    impurityImportances = Self.mean(importances, featureCount: featureCount)
  }

  private static func mean(_ importances: [[Double]], featureCount: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: featureCount)
    for tree in importances {
      for (index, value) in tree.enumerated() { sums[index] += value }
    }
    guard !importances.isEmpty else { return sums }
    let means = sums.map { $0 / Double(importances.count) }
    let total = means.reduce(0, +)
    return total > 0 ? means.map { $0 / total } : means
  }
}
