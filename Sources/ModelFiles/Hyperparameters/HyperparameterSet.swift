/// The hyper-parameters of an algorithm: a value, with the rule for each.
public protocol HyperparameterSet: Hashable, Sendable {
  static var algorithm: Algorithm { get }
  /// Every hyper-parameter under scikit-learn's name, sorted by name.
  var hyperparameters: [(name: String, value: HyperparameterValue)] { get }
  /// Changes one hyper-parameter, given under scikit-learn's name.
  mutating func set(_ name: String, to value: HyperparameterValue) throws(ParameterError)
  /// States the rule for every hyper-parameter.
  func validate() throws(ParameterError)
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
