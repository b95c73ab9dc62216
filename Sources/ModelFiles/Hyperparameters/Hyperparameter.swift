/// A hyper-parameter of `Owner`: its name in scikit-learn, the property that holds it, and its rule.
///
///     Hyperparameter("n_neighbors", \.neighborCount, mustBe: "at least 1") { $0 >= 1 }
public struct Hyperparameter<Owner>: Sendable {
  let name: String
  let value: @Sendable (Owner) -> HyperparameterValue
  let set: @Sendable (inout Owner, HyperparameterValue) throws(ParameterError) -> Void
  let validate: @Sendable (Owner) throws(ParameterError) -> Void

  /// - Parameters:
  ///   - rule: what a value must be, as errors say it.
  ///   - follows: whether a value follows the rule.
  init<Value: HyperparameterConvertible>(
    _ name: String, _ property: WritableKeyPath<Owner, Value> & Sendable, mustBe rule: String = "",
    _ follows: @escaping @Sendable (Value) -> Bool = { _ in true }
  ) {
    self.name = name
    value = { $0[keyPath: property].hyperparameter }
    set = { owner, value throws(ParameterError) in
      guard let converted = Value(value) else {
        throw ParameterError(name, mustBe: Value.expected, was: value)
      }
      owner[keyPath: property] = converted
    }
    validate = { owner throws(ParameterError) in
      let value = owner[keyPath: property]
      guard follows(value) else {
        throw ParameterError(name, mustBe: rule, was: value.hyperparameter)
      }
    }
  }
}

/// A type of hyper-parameters.
protocol HyperparameterConvertible: Sendable {
  /// What a value must be to become one, as errors say it.
  static var expected: String { get }
  /// `nil` for a value of another kind.
  init?(_ value: HyperparameterValue)
  var hyperparameter: HyperparameterValue { get }
}

extension Int: HyperparameterConvertible {
  static let expected = "a whole number"

  init?(_ value: HyperparameterValue) {
    guard case .integer(let number) = value else { return nil }
    self = number
  }

  var hyperparameter: HyperparameterValue { .integer(self) }
}

/// A seed.
extension UInt32: HyperparameterConvertible {
  static let expected = "from 0 to 4294967295"

  init?(_ value: HyperparameterValue) {
    guard let number = Int(value), let seed = UInt32(exactly: number) else { return nil }
    self = seed
  }

  var hyperparameter: HyperparameterValue { .integer(Int(self)) }
}

extension Double: HyperparameterConvertible {
  static let expected = "a number"

  init?(_ value: HyperparameterValue) {
    switch value {
    case .integer(let number): self = Double(number)
    case .real(let number): self = number
    default: return nil
    }
  }

  var hyperparameter: HyperparameterValue { .real(self) }
}

extension Bool: HyperparameterConvertible {
  static let expected = "true or false"

  init?(_ value: HyperparameterValue) {
    guard case .boolean(let truth) = value else { return nil }
    self = truth
  }

  var hyperparameter: HyperparameterValue { .boolean(self) }
}

extension [Double]: HyperparameterConvertible {
  static let expected = "numbers with commas between them"

  init?(_ value: HyperparameterValue) {
    guard case .list(let numbers) = value else { return nil }
    self = numbers
  }

  var hyperparameter: HyperparameterValue { .list(self) }
}

extension Optional: HyperparameterConvertible where Wrapped: HyperparameterConvertible {
  static var expected: String { "none or " + Wrapped.expected }

  init?(_ value: HyperparameterValue) {
    if value == .none {
      self = Self.none
    } else {
      guard let wrapped = Wrapped(value) else { return nil }
      self = wrapped
    }
  }

  var hyperparameter: HyperparameterValue { self?.hyperparameter ?? HyperparameterValue.none }
}

/// A choice among words.
extension HyperparameterConvertible where Self: RawRepresentable<String> & CaseIterable {
  static var expected: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }

  init?(_ value: HyperparameterValue) {
    guard case .text(let word) = value else { return nil }
    self.init(rawValue: word)
  }

  var hyperparameter: HyperparameterValue { .text(rawValue) }
}
