/// The description of a saved model: everything but its numbers.
public struct ModelDescription: Sendable {
  /// The version of the files that are written, and the only one that is read.
  public static let formatVersion = 1

  public let algorithm: Algorithm
  /// Every hyper-parameter under scikit-learn's name, sorted by name.
  public let hyperparameters: [(name: String, value: HyperparameterValue)]
  /// The features' names, in the order of the model's columns.
  public let featureNames: [String]
  /// The classes' names, in the order of their indices.
  public let classNames: [String]
  public let training: TrainingData
  /// The metrics on the test rows, under the keys of ``Metric``.
  public let validationMetrics: [String: Double]
  /// `nil` where the model learned from the training rows alone.
  public var refit: Refit?
  /// `nil` where the most probable class is predicted, as always with other than two classes.
  public var threshold: DecisionThreshold?
  /// What the run was asked for, as far as the model depends on it: the `request` of a run's `request.json` as a line
  /// of JSON, with files named without their folders. `nil` in files of earlier versions.
  public var request: String?
  /// The version of the program that wrote the model.
  public let programVersion: String

  /// How a model was fitted again on training and test rows: its metrics are those of its twin, which
  /// has the same hyper-parameters and did not see the test rows.
  public struct Refit: Hashable, Sendable {
    /// How many rows it learned from.
    public let rowCount: Int
    /// The experiment that has the twin.
    public let twinExperiment: String
    /// The SHA-256 of the twin's file.
    public let twinSHA256: String

    public init(rowCount: Int, twinExperiment: String, twinSHA256: String) {
      self.rowCount = rowCount
      self.twinExperiment = twinExperiment
      self.twinSHA256 = twinSHA256
    }
  }

  /// The table and the split that a model was fitted on.
  public struct TrainingData: Hashable, Sendable {
    /// The table's file name, without its folder.
    public let fileName: String
    /// The SHA-256 of the table's bytes, in hexadecimal digits.
    public let sha256: String
    /// The column whose classes are predicted.
    public let target: String
    /// Which of the target's values belong to which class, a rule such as `Gold=Ideal,Premium` for each;
    /// empty where each value is a class.
    public let classRules: [String]
    /// The seed of the split, and the share of the test rows.
    public let seed: UInt32
    public let testFraction: Double
    public let split: Split
    /// Whether the model learnt from missing numbers as such, and not from the medians in their place.
    public let keepsMissing: Bool

    /// How test rows were told from training rows.
    public enum Split: Hashable, Sendable {
      /// By a random order of the rows.
      case random
      /// By a hash of each row's cells alone.
      case stable
      /// By a random order of the groups that a column names.
      case groups(column: String)
      /// By the times of a column, the last of which are tested on.
      case time(column: String)
      /// By a second file, whose rows are tested on.
      case testData(fileName: String, sha256: String)
    }

    public init(
      fileName: String, sha256: String, target: String, seed: UInt32, testFraction: Double,
      split: Split = .random, classRules: [String] = [], keepsMissing: Bool = false
    ) {
      self.fileName = fileName
      self.sha256 = sha256
      self.target = target
      self.seed = seed
      self.testFraction = testFraction
      self.split = split
      self.classRules = classRules
      self.keepsMissing = keepsMissing
    }
  }

  /// - Precondition: there are features and classes, names differ, and a threshold has two classes.
  public init(
    algorithm: Algorithm, hyperparameters: [(name: String, value: HyperparameterValue)],
    featureNames: [String], classNames: [String], training: TrainingData,
    validationMetrics: [String: Double], threshold: DecisionThreshold? = nil,
    programVersion: String
  ) {
    self.algorithm = algorithm
    self.hyperparameters = hyperparameters.sorted { $0.name < $1.name }
    self.featureNames = featureNames
    self.classNames = classNames
    self.training = training
    self.validationMetrics = validationMetrics
    self.threshold = threshold
    self.programVersion = programVersion
  }

  /// The checked hyper-parameters of the algorithm.
  package func hyperparameterSet() throws(ParameterError) -> any HyperparameterSet {
    var set = algorithm.hyperparameters(seed: 0)
    for (name, value) in hyperparameters { try set.set(name, to: value) }
    try set.validate()
    return set
  }
}
