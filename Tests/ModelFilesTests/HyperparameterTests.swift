import ModelFiles
import Testing

@Suite struct `Rules of hyper-parameters` {
  struct Rule: CustomTestStringConvertible {
    let algorithm: Algorithm
    let name: String
    let accepted: [String]
    let refused: [String]
    var testDescription: String { "\(algorithm).\(name)" }
  }

  static let rules =
    forest.map { Rule(algorithm: .randomForest, name: $0, accepted: $1, refused: $2) }
    + others.map { Rule(algorithm: $0, name: $1, accepted: $2, refused: $3) }

  private static let forest: [(String, accepted: [String], refused: [String])] = [
    ("bootstrap", ["true", "false"], ["1", "yes"]),
    ("ccp_alpha", ["0", "0.5"], ["-0.1", "x"]),
    ("class_weight", ["none", "balanced", "1,2"], ["0,1", "-1,1", "3", "heavy"]),
    ("criterion", ["gini", "entropy", "log_loss"], ["mse", "1", "none"]),
    ("max_depth", ["none", "1"], ["0", "1.5"]),
    ("max_features", ["none", "sqrt", "log2", "1", "0.1", "1.0"], ["0", "0.0", "1.1"]),
    ("max_leaf_nodes", ["none", "2"], ["1", "2.0"]),
    ("max_samples", ["none", "1", "0.1", "64.0"], ["0", "0.0", "64.5", "99999999"]),
    ("min_impurity_decrease", ["0", "0.5"], ["-0.1"]),
    ("min_samples_leaf", ["1", "0.5"], ["0", "0.0", "1.0", "none"]),
    ("min_samples_split", ["2", "0.5", "1.0"], ["1", "0.0", "1.1"]),
    ("min_weight_fraction_leaf", ["0", "0.5"], ["-0.1", "0.6"]),
    ("n_estimators", ["1"], ["0", "1.0", "many"]),
    ("oob_score", ["true", "false"], ["none"]),
    ("random_state", ["0", "4294967295"], ["-1", "4294967296", "0.5"]),
  ]

  private static let others: [(Algorithm, String, accepted: [String], refused: [String])] = [
    (.decisionTree, "splitter", ["best", "random"], ["worst"]),
    (.decisionTree, "class_weight", ["balanced"], ["balanced_subsample", "0,1"]),
    (.gaussianNaiveBayes, "priors", ["none", "0.25,0.75"], ["0.5,0.6", "-0.5,1.5", "1"]),
    (.gaussianNaiveBayes, "var_smoothing", ["0", "1e-9"], ["-1", "none"]),
    (
      .kNearestNeighbors, "algorithm", ["auto", "kd_tree", "ball_tree", "brute"],
      ["kdTree", "none"]
    ),
    (.kNearestNeighbors, "leaf_size", ["1", "1000000000"], ["0", "30.5"]),
    (.kNearestNeighbors, "n_neighbors", ["1"], ["0", "5.0"]),
    (.kNearestNeighbors, "p", ["1", "2"], ["0", "3"]),
    (.kNearestNeighbors, "weights", ["uniform", "distance"], ["none", "far"]),
    (.logisticRegression, "C", ["0.01", "1e9"], ["0", "-1", "none"]),
    (
      .logisticRegression, "class_weight", ["none", "balanced", "1,2"],
      ["0,1", "balanced_subsample", "heavy"]
    ),
    (.logisticRegression, "fit_intercept", ["true", "false"], ["1"]),
    (.logisticRegression, "max_iter", ["1", "1000000"], ["0", "1.5", "1000001"]),
    (.logisticRegression, "penalty", ["l2", "none"], ["l1", "elasticnet"]),
    (.logisticRegression, "tol", ["1e-12", "1"], ["0", "2"]),
    (.histGradientBoosting, "categorical_features", ["none", "from_dtype"], ["auto", "0,1"]),
    (
      .histGradientBoosting, "class_weight", ["none", "balanced", "1,2"],
      ["0,1", "balanced_subsample", "heavy"]
    ),
    (.histGradientBoosting, "early_stopping", ["auto", "true", "false"], ["never", "1"]),
    (.histGradientBoosting, "l2_regularization", ["0", "0.5"], ["-1", "none"]),
    (.histGradientBoosting, "learning_rate", ["0.05", "1"], ["0", "-1", "fast"]),
    (.histGradientBoosting, "max_bins", ["2", "255"], ["1", "256", "3.5"]),
    (.histGradientBoosting, "max_depth", ["none", "1"], ["0", "1.5"]),
    (.histGradientBoosting, "max_features", ["0.1", "1"], ["0", "1.5", "sqrt"]),
    (.histGradientBoosting, "max_iter", ["1", "500"], ["0", "none"]),
    (.histGradientBoosting, "max_leaf_nodes", ["none", "2"], ["1", "2.5"]),
    (.histGradientBoosting, "min_samples_leaf", ["1", "50"], ["0", "0.1"]),
    (.histGradientBoosting, "n_iter_no_change", ["1"], ["0"]),
    (.histGradientBoosting, "random_state", ["0", "4294967295"], ["-1", "0.5"]),
    (.histGradientBoosting, "tol", ["0", "0.1"], ["-0.1"]),
    (.histGradientBoosting, "validation_fraction", ["none", "0.2", "50"], ["0", "1.0", "some"]),
  ]

  @Test(arguments: rules) func `a hyper-parameter accepts and refuses values`(rule: Rule) throws {
    for text in rule.accepted {
      let given = HyperparameterValue(parsing: text)
      let value = try set(rule, to: given)
      // 0 and 0.0 are the same real number.
      #expect(value == given || Double(value.description).map { $0 == Double(text) } == true)
    }
    for text in rule.refused {
      let given = HyperparameterValue(parsing: text)
      let error = #expect(throws: ParameterError.self, "\(text)") { try set(rule, to: given) }
      #expect(error?.parameter == rule.name && error?.rule.isEmpty == false)
    }
  }

  /// The value after it was set and checked.
  private func set(_ rule: Rule, to value: HyperparameterValue) throws -> HyperparameterValue {
    var parameters = rule.algorithm.hyperparameters(seed: 1)
    try parameters.set(rule.name, to: value)
    try parameters.validate()
    return try #require(parameters.hyperparameters.first { $0.name == rule.name }).value
  }

  @Test func `the rule of every hyper-parameter is tested`() {
    for algorithm in Algorithm.allCases {
      for (name, _) in algorithm.hyperparameters(seed: 1).hyperparameters {
        // A single tree has a forest's rules for growing.
        let algorithms = [algorithm, algorithm == .decisionTree ? .randomForest : algorithm]
        #expect(
          Self.rules.contains { algorithms.contains($0.algorithm) && $0.name == name },
          "\(algorithm).\(name)")
      }
    }
  }

  @Test(arguments: [("oob_score", "true"), ("max_samples", "0.5")])
  func `a forest without bootstrap refuses what needs drawn rows`(name: String, text: String)
    throws
  {
    var forest = RandomForest()
    try forest.set(name, to: HyperparameterValue(parsing: text))
    try forest.validate()
    forest.bootstrap = false
    let error = #expect(throws: ParameterError.self) { try forest.validate() }
    #expect(error?.parameter == name && error?.rule.hasSuffix("without bootstrap") == true)
  }
}
