extension Algorithm {
  public static let logisticRegression = Algorithm(named: "LogisticRegression")
}

/// The hyper-parameters of logistic regression.
public struct LogisticRegression: HyperparameterSet {
  public static let algorithm = Algorithm.logisticRegression

  /// What is added to the loss.
  public enum Penalty: String, CaseIterable, Codable, HyperparameterConvertible {
    /// Half the sum of the squares of the coefficients, without the intercepts.
    case l2
  }

  /// The penalty of large coefficients, or none. The default is l2.
  public var penalty: Penalty? = .l2
  /// The inverse of the penalty's strength: the factor of the loss, summed over the rows. The default is 1.
  public var inversePenalty = 1.0
  /// The weights of the classes. The default is equal weights.
  public var classWeight = ClassWeight.equal
  /// Whether scores have intercepts. The default is true.
  public var fitsIntercept = true
  /// The most steps of Newton's method; L-BFGS may take a hundred for each. The default is 100.
  public var maximumIterations = 100
  /// How near the optimum is sought: the search ends ten thousand times nearer. The default is 1e-4.
  public var tolerance = 1e-4

  public init() {}

  public init(seed: UInt32) { self.init() }

  public static let allParameters: [Hyperparameter<Self>] = [
    Hyperparameter("C", \.inversePenalty, mustBe: "above 0") { $0 > 0 && $0.isFinite },
    Hyperparameter("class_weight", \.classWeight, mustBe: ClassWeight.rule, \.isAboveZero),
    Hyperparameter("fit_intercept", \.fitsIntercept),
    Hyperparameter("max_iter", \.maximumIterations, mustBe: "from 1 to 1000000") {
      1...1_000_000 ~= $0
    },
    Hyperparameter("penalty", \.penalty),
    Hyperparameter("tol", \.tolerance, mustBe: "above 0, at most 1") { $0 > 0 && $0 <= 1 },
  ]

  public func validateCombination() throws(ParameterError) {
    try classWeight.checkIsOfOneModel()
  }

  public func tensors(
    of file: SafetensorsFile, _ description: ModelDescription
  ) throws(ModelFileError) -> LogisticRegressionTensors {
    try LogisticRegressionTensors(file, description)
  }
}
