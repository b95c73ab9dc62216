/// The hyper-parameters of an algorithm: a value, with the rule for each, and with the form that a model has in
/// a file.
public protocol HyperparameterSet: Hashable, Sendable {
  static var algorithm: Algorithm { get }
  /// The numbers that a model consists of.
  associatedtype Tensors: ModelTensors
  /// scikit-learn's defaults.
  ///
  /// - Parameter seed: the seed of every random draw; algorithms without chance ignore it.
  init(seed: UInt32)
  /// Every hyper-parameter under scikit-learn's name, sorted by name.
  var hyperparameters: [(name: String, value: HyperparameterValue)] { get }
  /// Changes one hyper-parameter, given under scikit-learn's name.
  mutating func set(_ name: String, to value: HyperparameterValue) throws(ParameterError)
  /// States the rule for every hyper-parameter.
  func validate() throws(ParameterError)
  /// Reads a model that was fitted with these hyper-parameters.
  ///
  /// The file is taken for hostile: every number is checked, so that whoever makes a model of the tensors has
  /// nothing left to check.
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
