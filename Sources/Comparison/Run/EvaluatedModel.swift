public import Classifiers
public import Datasets
public import Evaluation
public import LinearAlgebra
public import ModelFiles

/// A classifier that was fitted and evaluated, with all that recorders keep of it.
public struct EvaluatedModel: Sendable {
  public let algorithm: Algorithm
  public let hyperparameters: [(name: String, value: HyperparameterValue)]
  /// What was fitted, and what turned the table into its training rows.
  public let model: any ClassificationModel
  public let data: PreparedData
  /// The same as it is kept in files, with the distribution of the training rows.
  public let preprocessing: SavedPreprocessing
  /// Wall-clock seconds of fitting.
  public let fitSeconds: Double
  /// Wall-clock seconds of predicting all training and test rows.
  public let predictSeconds: Double
  public let training: ClassificationReport
  public let validation: ClassificationReport
  /// The curves of the predicted test labels, and of the test rows' probabilities.
  public let labelCurves: CurveSet
  public let probabilityCurves: CurveSet
  /// What was predicted for the training rows, and for the test rows.
  public let trainingPredicted: [Int]
  public let predicted: [Int]
  public let probabilities: Matrix
  /// A forest's accuracy on rows that its trees did not draw, where it was asked for.
  public let outOfBagScore: Double?
  /// The threshold that labels were predicted by, where mistakes have costs.
  public let threshold: CostThreshold?
  /// How the classifier does on growing parts of the training rows; empty unless asked for.
  public let learningCurve: [LearningCurvePoint]

  public var name: String { algorithm.rawValue }
  public var test: Dataset { data.test }
  /// What was predicted for the test rows, with its scores.
  public var scored: ScoredPredictions { ScoredPredictions(self) }
}
