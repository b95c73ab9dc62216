public import Support

/// A hyper-parameter that breaks its rule.
public struct ParameterError: Error, Hashable, CustomStringConvertible {
  public let parameter: String
  public let rule: String
  public let value: String

  /// - Parameters:
  ///   - parameter: scikit-learn's name.
  ///   - rule: what the value must be, such as "at least 1".
  public init(_ parameter: String, mustBe rule: String, was value: any CustomStringConvertible) {
    self.parameter = parameter
    self.rule = rule
    self.value = value.description
  }

  public var description: String { "\(parameter) must be \(rule), was \(value)" }
}

extension ParameterError: ExitStatusProviding {
  public var exitStatus: Int32 { 64 }
}
