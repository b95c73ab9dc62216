/// The hyper-parameters of an algorithm, with the rule for each, and the form of a fitted model in a file.
public protocol HyperparameterSet: Hashable, Sendable {
  static var algorithm: Algorithm { get }
  /// The numbers of a model.
  associatedtype Tensors: ModelTensors
  /// scikit-learn's defaults.
  ///
  /// - Parameter seed: the seed of every random draw; algorithms without chance ignore it.
  init(seed: UInt32)
  /// The hyper-parameters, each with its rule.
  static var allParameters: [Hyperparameter<Self>] { get }
  /// Checks the rules that concern several hyper-parameters.
  func validateCombination() throws(ParameterError)
  /// Reads a model that was fitted with these hyper-parameters.
  ///
  /// The file is not trusted: every number is checked here, so that making a model of the tensors needs no further
  /// checks.
  func tensors(
    of file: SafetensorsFile, _ description: ModelDescription
  ) throws(ModelFileError) -> Tensors
}

/// The numbers of a model. `docs/model-format.md` describes those of each algorithm.
public protocol ModelTensors: Hashable, Sendable {
  /// The tensors of the file.
  var list: [Tensor] { get }
}

extension HyperparameterSet {
  /// Every hyper-parameter under scikit-learn's name, sorted by name.
  public var hyperparameters: [(name: String, value: HyperparameterValue)] {
    Self.allParameters.map { ($0.name, $0.value(self)) }.sorted { $0.name < $1.name }
  }

  /// Changes one hyper-parameter, given under scikit-learn's name.
  public mutating func set(
    _ name: String, to value: HyperparameterValue
  ) throws(ParameterError) {
    guard let parameter = Self.allParameters.first(where: { $0.name == name }) else {
      let names = hyperparameters.map(\.name).joined(separator: ", ")
      throw ParameterError(
        "the hyper-parameter of \(Self.algorithm)", mustBe: "one of \(names)", was: name)
    }
    try parameter.set(&self, value)
  }

  /// Checks the rules of all hyper-parameters.
  public func validate() throws(ParameterError) {
    for parameter in Self.allParameters { try parameter.validate(self) }
    try validateCombination()
  }

  public func validateCombination() throws(ParameterError) {}
}
