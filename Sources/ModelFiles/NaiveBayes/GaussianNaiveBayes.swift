extension Algorithm {
  public static let gaussianNaiveBayes = Algorithm(named: "GaussianNB")
}

/// The hyper-parameters of naive Bayes with normal distributions.
public struct GaussianNaiveBayes: HyperparameterSet {
  public static let algorithm = Algorithm.gaussianNaiveBayes

  /// The prior probability of each class; the shares of the training samples by default.
  public var priors: [Double]?
  /// The share of the largest feature's variance that is added to every variance. The default is 1e-9.
  public var varianceSmoothing = 1e-9

  public init() {}

  public init(seed: UInt32) { self.init() }

  public static let allParameters: [Hyperparameter<Self>] = [
    Hyperparameter("priors", \.priors, mustBe: "probabilities that sum to one") { priors in
      guard let priors else { return true }
      return priors.allSatisfy { $0 >= 0 } && abs(priors.reduce(0, +) - 1) <= 1e-8
    },
    Hyperparameter("var_smoothing", \.varianceSmoothing, mustBe: "at least 0") {
      $0 >= 0 && $0.isFinite
    },
  ]

  public func tensors(
    of file: SafetensorsFile, _ description: ModelDescription
  ) throws(ModelFileError) -> NaiveBayesTensors {
    try NaiveBayesTensors(file, description)
  }
}
