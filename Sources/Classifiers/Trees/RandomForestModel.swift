/// A grown random forest.
public struct RandomForestModel: TreesModel, Hashable {
  public let trees: [Tree]
  public let featureCount: Int
  /// The out-of-bag accuracy; `nil` unless it was requested (`oob_score`).
  public let outOfBagScore: Double?
  let predictor: TreePredictor

  init(trees: [Tree], featureCount: Int, outOfBagScore: Double? = nil) {
    self.trees = trees
    self.featureCount = featureCount
    self.outOfBagScore = outOfBagScore
    predictor = TreePredictor(trees)
  }

  /// The mean over the trees that split at all.
  public var impurityImportances: [Double]? {
    let grown = trees.filter { $0.nodeCount > 1 }
    var sums = [Double](repeating: 0, count: featureCount)
    for tree in grown {
      for (index, value) in tree.featureImportances(featureCount: featureCount).enumerated() {
        sums[index] += value
      }
    }
    guard !grown.isEmpty else { return sums }
    let means = sums.map { $0 / Double(grown.count) }
    let total = means.reduce(0, +)
    return total > 0 ? means.map { $0 / total } : means
  }
}
