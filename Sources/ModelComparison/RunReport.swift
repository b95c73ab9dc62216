public import Classifiers
public import Datasets
public import Evaluation
public import LinearAlgebra

/// One classifier fitted, evaluated, and ready to be recorded.
public struct RunReport: Sendable {
  public let algorithm: Algorithm
  public let hyperparameters: [(name: String, value: HyperparameterValue)]
  /// Wall-clock seconds of fitting.
  public let fitSeconds: Double
  /// Wall-clock seconds of predicting all training and test rows.
  public let predictSeconds: Double
  public let training: ClassificationReport
  public let validation: ClassificationReport
  /// The curves of the predicted test labels, and of the test rows' probabilities.
  public let labelCurves: CurveSet
  public let probabilityCurves: CurveSet
  /// The test rows with what was predicted for them.
  public let test: Dataset
  public let predicted: [Int]
  public let probabilities: Matrix
  /// A forest's accuracy on rows that its trees did not draw, where it was asked for.
  public let outOfBagScore: Double?

  public var name: String { algorithm.rawValue }
}

/// Something that keeps finished runs.
public protocol RunRecorder: Sendable {
  /// Keeps a run; called once per run, in order.
  func record(_ run: RunReport) throws
}
