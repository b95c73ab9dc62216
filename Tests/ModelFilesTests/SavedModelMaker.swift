import Classifiers
import Datasets
import LinearAlgebra
import ModelFiles
import SavedModels
import TestSupport

/// A random classifier fitted on random data, ready to be saved.
struct SavedModelMaker {
  let dataset: Dataset
  let fitted: any ClassificationModel
  let saved: SavedModel

  init(_ algorithm: Algorithm, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let classes = Int.random(in: 2...6, using: &generator)
    let features = Int.random(in: 1...7, using: &generator)
    let complete = randomDataset(
      samples: Int.random(in: 20...300, using: &generator), features: features,
      classes: classes, distinctValues: Int.random(in: 2...200, using: &generator), seed: seed)
    let classifier = try Self.classifier(algorithm, classes: classes, using: &generator)
    let hasMissing = seed % 2 == 1 && type(of: classifier).acceptsMissing
    let incomplete = hasMissing ? complete.removingValues(share: 0.2, seed: seed) : complete
    let takesCategories = (classifier as? HistGradientBoosting)?.maximumBinCount == 255
    dataset = takesCategories ? incomplete.withCategories([0]) : incomplete
    fitted = try classifier.fit(dataset, threads: 1)
    saved = SavedModel(fitted, Self.description(of: classifier, dataset))
  }

  /// The classifier with some hyper-parameters changed.
  private static func classifier(
    _ algorithm: Algorithm, classes: Int, using generator: inout SeededGenerator
  ) throws -> any Classifier {
    var classifier = algorithm.classifier(seed: UInt32.random(in: 0...9, using: &generator))
    for (name, values) in choices(algorithm, classes: classes) {
      try classifier.set(name, to: values.randomElement(using: &generator) ?? .none)
    }
    return classifier
  }

  /// Values to choose from; of an algorithm that is not here all hyper-parameters keep their defaults.
  private static func choices(
    _ algorithm: Algorithm, classes: Int
  ) -> [(String, [HyperparameterValue])] {
    let even = [Double](repeating: 1 / Double(classes), count: classes)
    let choices: [Algorithm: [(String, [HyperparameterValue])]] = [
      .randomForest: treeChoices(classes: classes) + [
        ("n_estimators", [.integer(1), .integer(3), .integer(12)]),
        ("bootstrap", [.boolean(true), .boolean(false)]),
        ("max_features", [.text("log2"), .none, .real(0.6)]),
      ],
      .decisionTree: treeChoices(classes: classes) + [
        ("splitter", [.text("best"), .text("random")])
      ],
      .gaussianNaiveBayes: [
        ("var_smoothing", [.real(0), .real(1e-9), .real(0.1)]), ("priors", [.none, .list(even)]),
      ],
      .kNearestNeighbors: [
        ("n_neighbors", [.integer(1), .integer(5), .integer(20)]),
        ("p", [.integer(1), .integer(2)]), ("weights", [.text("uniform"), .text("distance")]),
        ("algorithm", [.text("auto"), .text("kd_tree"), .text("ball_tree"), .text("brute")]),
        ("leaf_size", [.integer(1), .integer(30)]),
      ],
      .logisticRegression: [
        ("penalty", [.text("l2"), .none]), ("C", [.real(0.1), .real(1), .real(1e3)]),
        ("fit_intercept", [.boolean(true), .boolean(false)]),
        ("class_weight", [.none, .text("balanced")]),
      ],
      .histGradientBoosting: [
        ("max_iter", [.integer(1), .integer(2), .integer(4)]),
        ("max_leaf_nodes", [.integer(2), .integer(6)]), ("max_bins", [.integer(2), .integer(255)]),
        ("min_samples_leaf", [.integer(1), .integer(20)]),
        ("categorical_features", [.none, .text("from_dtype")]),
        ("early_stopping", [.text("auto"), .boolean(false)]),
      ],
    ]
    return choices[algorithm] ?? []
  }

  private static func treeChoices(classes: Int) -> [(String, [HyperparameterValue])] {
    [
      ("criterion", [.text("gini"), .text("entropy"), .text("log_loss")]),
      ("max_depth", [.none, .none, .integer(1), .integer(4)]),
      ("min_samples_leaf", [.integer(1), .integer(3), .real(0.1)]),
      ("max_leaf_nodes", [.none, .none, .integer(6)]),
      ("ccp_alpha", [.real(0), .real(0.01)]),
      (
        "class_weight",
        [.none, .text("balanced"), .list((0..<classes).map { 0.3 + Double($0) })]
      ),
    ]
  }

  static func description(of classifier: any Classifier, _ dataset: Dataset) -> ModelDescription {
    ModelDescription(
      algorithm: type(of: classifier).algorithm, hyperparameters: classifier.hyperparameters,
      featureNames: dataset.featureNames, classNames: dataset.classNames,
      training: ModelDescription.TrainingData(
        fileName: "some \"quoted\" \u{e9}.csv", sha256: "00ff", target: "class",
        seed: 4_294_967_295,
        testFraction: 0.2, split: classifier is GaussianNaiveBayes ? .stable : .random),
      validationMetrics: ["accuracy": 0.1 + 0.2, "log_loss": 2.5e-308],
      programVersion: ProgramVersion.current)
  }
}

extension Matrix {
  var bits: [UInt64] { elements.map(\.bitPattern) }
}
