/// The rules of growing a tree, with shares converted to numbers.
struct GrowthRules: Sendable {
  /// The largest impurity that counts as zero: 2⁻⁵², as in scikit-learn.
  static let epsilon = 2.220446049250313e-16

  let criterion: Criterion
  let splitter: Splitter
  let maximumDepth: Int
  let minimumSplitSize: Int
  let minimumLeafSize: Int
  let minimumLeafWeightShare: Double
  let candidateFeatures: Int
  let maximumLeafCount: Int?
  let minimumImpurityDecrease: Double
  let pruningAlpha: Double

  init(
    _ parameters: TreeParameters, splitter: Splitter, sampleCount: Int, featureCount: Int
  ) throws(ParameterError) {
    criterion = parameters.criterion
    self.splitter = splitter
    maximumDepth = parameters.maximumDepth ?? Int(Int32.max)
    minimumLeafSize = parameters.minimumLeafSize.roundedUp(of: sampleCount)
    minimumSplitSize = max(
      2, parameters.minimumSplitSize.roundedUp(of: sampleCount), 2 * minimumLeafSize)
    minimumLeafWeightShare = parameters.minimumLeafWeightShare
    candidateFeatures = parameters.candidateFeatures.resolved(of: featureCount)
    guard candidateFeatures <= featureCount else {
      throw ParameterError(
        "max_features", mustBe: "at most the number of features, \(featureCount)",
        was: candidateFeatures)
    }
    maximumLeafCount = parameters.maximumLeafCount
    minimumImpurityDecrease = parameters.minimumImpurityDecrease
    pruningAlpha = parameters.pruningAlpha
  }

  /// Whether a node is a leaf without searching a split.
  func mustStop(_ node: NodeSummary, depth: Int, minimumLeafWeight: Double) -> Bool {
    depth >= maximumDepth || node.rowCount < minimumSplitSize
      || node.rowCount < 2 * minimumLeafSize || node.weight < 2 * minimumLeafWeight
      || node.impurity <= Self.epsilon
  }

  /// Whether a split decreases the impurity enough.
  func accepts(improvement: Double) -> Bool {
    improvement + Self.epsilon >= minimumImpurityDecrease
  }
}
