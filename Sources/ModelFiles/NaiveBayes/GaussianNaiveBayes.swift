extension Algorithm {
  public static let gaussianNaiveBayes = Algorithm(named: "GaussianNB")
}

/// The hyper-parameters of naive Bayes with normal distributions.
public struct GaussianNaiveBayes: HyperparameterSet {
  public static let algorithm = Algorithm.gaussianNaiveBayes

  /// The probability of each class before a sample is seen; the shares among the training samples by
  /// default.
  public var priors: [Double]?
  /// The share of the largest feature's variance that is added to every variance. The default is 1e-9.
  public var varianceSmoothing = 1e-9

  public init() {}

  public init(seed: UInt32) { self.init() }

  public var hyperparameters: [(name: String, value: HyperparameterValue)] {
    [("priors", priors.map { .list($0) } ?? .none), ("var_smoothing", .real(varianceSmoothing))]
  }

  public mutating func set(
    _ name: String, to value: HyperparameterValue
  ) throws(ParameterError) {
    switch name {
    case "priors":
      switch value {
      case .none: priors = nil
      case .list(let values): priors = values
      default:
        throw ParameterError(name, mustBe: "none or a probability for each class", was: value)
      }
    case "var_smoothing": varianceSmoothing = try value.asReal(name)
    default: throw unknownParameter(name)
    }
  }

  public func validate() throws(ParameterError) {
    guard varianceSmoothing >= 0, varianceSmoothing.isFinite else {
      throw ParameterError("var_smoothing", mustBe: "at least 0", was: varianceSmoothing)
    }
    guard let priors else { return }
    guard priors.allSatisfy({ $0 >= 0 }), abs(priors.reduce(0, +) - 1) <= 1e-8 else {
      throw ParameterError(
        "priors", mustBe: "probabilities that sum to one", was: HyperparameterValue.list(priors))
    }
  }

  public func tensors(
    of file: SafetensorsFile, _ description: ModelDescription
  ) throws(ModelFileError) -> NaiveBayesTensors {
    try NaiveBayesTensors(file, description)
  }
}
