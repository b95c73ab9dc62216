public import Datasets
public import LinearAlgebra

/// A classification tree: questions about one feature at a time, and in every leaf the shares of the
/// classes that ended there.
///
/// The tree is scikit-learn's `DecisionTreeClassifier` node for node.
///
///     let model = try DecisionTree(seed: 42).fit(training)
///     model.predictions(for: test.features)
///
/// - Complexity: O(*f·n·d*) for *n* samples of *f* features and a tree of depth *d*.
/// - SeeAlso: Breiman and others, "Classification and Regression Trees", 1984.
public struct DecisionTree: Classifier {
  public static let algorithm = Algorithm.decisionTree

  public var parameters = TreeParameters(candidateFeatures: .all)
  /// How a node's split is searched. The default is best.
  public var splitter = Splitter.best
  /// The seed of the order in which features are tried, which settles splits that are equally good.
  public var seed: UInt32

  public init(seed: UInt32 = 42) { self.seed = seed }

  public var hyperparameters: [(name: String, value: HyperparameterValue)] {
    (parameters.named + [
      ("random_state", .integer(Int(seed))), ("splitter", .text(splitter.rawValue)),
    ]).sorted { $0.name < $1.name }
  }

  public mutating func set(
    _ name: String, to value: HyperparameterValue
  ) throws(ParameterError) {
    if try parameters.set(name, to: value) { return }
    switch name {
    case "random_state": seed = try Self.seed(value)
    case "splitter": splitter = try value.asChoice(name)
    default: throw unknownParameter(name)
    }
  }

  public func validate() throws(ParameterError) {
    try parameters.validate()
    if parameters.classWeight == .balancedSubsample {
      throw ParameterError(
        "class_weight", mustBe: "none, balanced or one weight per class for a single tree",
        was: parameters.classWeight.value)
    }
  }

  public func learn(from dataset: Dataset, threads: Int) throws -> DecisionTreeModel {
    let rules = try GrowthRules(
      parameters, splitter: splitter, sampleCount: dataset.sampleCount,
      featureCount: dataset.featureCount)
    let weights = try parameters.classWeight.resolved(classCounts: dataset.classSampleCounts)
    let seed = self.seed
    let trees = try TreeEnsemble.grow(
      1, over: dataset, rules: rules, largestWeight: 1, threads: threads
    ) { _ in
      TreePlan(seed: seed, draws: nil, classWeights: weights)
    }
    return DecisionTreeModel(tree: trees[0], featureCount: dataset.featureCount)
  }
}

/// A grown classification tree.
public struct DecisionTreeModel: ClassificationModel, Hashable {
  public let tree: Tree
  public let featureCount: Int
  public var classCount: Int { tree.classCount }
  let predictor: TreePredictor

  init(tree: Tree, featureCount: Int) {
    self.tree = tree
    self.featureCount = featureCount
    predictor = TreePredictor([tree])
  }

  /// Each feature's share in the decrease of impurity.
  public var featureImportances: [Double] { tree.featureImportances(featureCount: featureCount) }

  public func probabilities(for features: Matrix, threads: Int) -> Matrix {
    precondition(features.columnCount == featureCount, "the model knows \(featureCount) features")
    return predictor.meanShares(for: features, threads: threads)
  }

  public func probabilities(of sample: [Double]) -> [Double] {
    precondition(sample.count == featureCount, "the model knows \(featureCount) features")
    return predictor.meanShares(of: sample)
  }
}

extension Classifier {
  static func seed(_ value: HyperparameterValue) throws(ParameterError) -> UInt32 {
    guard case .integer(let number) = value, let seed = UInt32(exactly: number) else {
      throw ParameterError("random_state", mustBe: "from 0 to 4294967295", was: value)
    }
    return seed
  }

  func unknownParameter(_ name: String) -> ParameterError {
    let names = hyperparameters.map(\.name).joined(separator: ", ")
    return ParameterError(
      "the hyper-parameter of \(Self.algorithm.rawValue)", mustBe: "one of \(names)", was: name)
  }
}

extension Dataset {
  /// How many samples each class has.
  var classSampleCounts: [Int] {
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels { counts[label] += 1 }
    return counts
  }
}
