public import Datasets

/// A classification tree: every inner node compares one feature with a threshold, and every leaf has the shares of its
/// samples' classes.
///
/// The tree is scikit-learn's `DecisionTreeClassifier` node for node. Features may have missing values: where samples
/// of a node lack the feature that it compares, both sides are tried for them.
///
///     let model = try DecisionTree(seed: 42).fit(training)
///     model.predictions(for: test.features)
///
/// - Complexity: O(*f·n·d*) for *n* samples of *f* features and a tree of depth *d*.
/// - SeeAlso: Breiman and others, "Classification and Regression Trees", 1984.
extension DecisionTree: Classifier {
  public static var acceptsMissing: Bool { true }

  public func learn(from dataset: Dataset, threads: Int) throws -> DecisionTreeModel {
    let rules = try GrowthRules(
      parameters, splitter: splitter, sampleCount: dataset.sampleCount,
      featureCount: dataset.featureCount)
    let plan = TreePlan(
      seed: seed, draws: nil,
      classWeights: try parameters.classWeight.resolved(classCounts: dataset.classSampleCounts))
    let trees = try TreeEnsemble.grow(
      1, over: dataset, rules: rules, largestWeight: 1, threads: threads, keeping: { $0 },
      plan: { _ in plan })
    return DecisionTreeModel(tree: trees[0], featureCount: dataset.featureCount)
  }
}

/// A grown classification tree.
public struct DecisionTreeModel: TreesModel, Hashable {
  public let tree: Tree
  public let featureCount: Int
  let predictor: TreePredictor

  init(tree: Tree, featureCount: Int) {
    self.tree = tree
    self.featureCount = featureCount
    predictor = TreePredictor([PredictionTree(tree)], featureCount: featureCount, threads: 1)
  }

  public var impurityImportances: [Double]? {
    tree.featureImportances(featureCount: featureCount)
  }
}
